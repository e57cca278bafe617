import { UserError } from '../../errors.ts';
import { readEach, text, textMap, texts, value, readOwn } from '../../object.ts';

type SelectedLabels = Readonly<Record<string, string>>;

/**
 * A `metav1.LabelSelector` as a predicate, with the meaning of `LabelSelectorAsSelector`: an absent one selects nothing,
 * an empty one everything.
 */
export function compileLabelSelector(object: unknown, ...path: string[]): (labels: SelectedLabels) => boolean {
  const selector = value(object, ...path);
  if (selector === undefined) return () => false;
  const equal = Object.entries(textMap(object, ...path, 'matchLabels'));
  const expressions = readEach(object, [...path, 'matchExpressions'], compileExpression);
  return (labels) =>
    equal.every(([key, wanted]) => readOwn(labels, key) === wanted) && expressions.every((matches) => matches(labels));
}

function compileExpression(requirement: Record<string, unknown>): (labels: SelectedLabels) => boolean {
  const key = text(requirement, 'key') ?? '';
  const operator = text(requirement, 'operator');
  const values = new Set<string | undefined>(texts(requirement, 'values'));
  switch (operator) {
    case 'In':
      return (labels) => values.has(readOwn(labels, key));
    case 'NotIn':
      return (labels) => !values.has(readOwn(labels, key));
    case 'Exists':
      return (labels) => Object.hasOwn(labels, key);
    case 'DoesNotExist':
      return (labels) => !Object.hasOwn(labels, key);
    default:
      throw new UserError('operator should be In, NotIn, Exists or DoesNotExist');
  }
}
