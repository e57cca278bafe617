import { EvaluationError } from './errors.ts';
import { isScalar, compareBytes, findKind } from './values.ts';

const comparisons = new Map<string, (order: number) => boolean>([
  ['==', (order) => order === 0],
  ['!=', (order) => order !== 0],
  ['<', (order) => order < 0],
  ['<=', (order) => order <= 0],
  ['>', (order) => order > 0],
  ['>=', (order) => order >= 0],
]);

/** Go compares integers of all sizes with each other, but never an integer with a float. */
const groups = { bool: 'bool', string: 'string', float64: 'float', int: 'integer', int64: 'integer', uint8: 'integer' };

function groupOf(value: unknown): string {
  const kind = findKind(value);
  if (kind in groups) return groups[kind as keyof typeof groups];
  throw new EvaluationError('invalid type for comparison', []);
}

const toNumber = (value: unknown): number => Number(isScalar(value) ? value.value : value);

/**
 * Whether the two sides of a filter are as its operator says. Throws an EvaluationError with Go's message for an unknown
 * operator and for types that cannot be compared.
 */
export function compare(left: unknown, operator: string, right: unknown): boolean {
  const holds = comparisons.get(operator);
  if (holds === undefined) throw new EvaluationError(`unrecognized filter operator ${operator}`, []);
  const [group, other] = [groupOf(left), groupOf(right)];
  if (group !== other) throw new EvaluationError('incompatible types for comparison', []);
  if (group === 'bool' && operator !== '==' && operator !== '!=') {
    throw new EvaluationError('invalid type for comparison', []);
  }
  return holds(group === 'string' ? compareBytes(String(left), String(right)) : toNumber(left) - toNumber(right));
}
