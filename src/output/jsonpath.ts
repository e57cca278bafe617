import { isEvaluationError, isTemplateError, TemplateError } from './jsonpath/errors.ts';
import { findResults } from './jsonpath/evaluate.ts';
import { formatSource, quote } from './jsonpath/go-format.ts';
import { type PathNode, parseTemplate } from './jsonpath/parse.ts';
import { printValues, printResultsAsJson } from './jsonpath/print.ts';

interface JsonPathOptions {
  /** Whether a path that leads nowhere prints nothing, as in `kubectl get` (the default), or is an error. */
  allowMissingKeys?: boolean;
}

/**
 * Compiles a template of kubectl's `-o jsonpath=`, the dialect of client-go. The result prints an object, byte for byte
 * as kubectl does, except for the order of `.*` and `..` on a map: kubectl has none, here it is that of the keys.
 * Throws a TemplateError with kubectl's message: here for a bad template, in printing for one the object does not fit.
 * A whole number beyond 2^53 is printed as JavaScript has read it.
 */
export const compileJsonPath = (template: string, options: JsonPathOptions = {}): ((object: unknown) => string) =>
  compileJsonpath(template, options, printValues);

/** As `compileJsonPath`, for `-o jsonpath-as-json=`: each part of the template prints a JSON array of its results. */
export const compileJsonPathAsJson = (template: string, options: JsonPathOptions = {}): ((object: unknown) => string) =>
  compileJsonpath(template, options, printResultsAsJson);

function compileJsonpath(
  template: string,
  { allowMissingKeys = true }: JsonPathOptions,
  print: (results: unknown[]) => string,
): (object: unknown) => string {
  if (template === '') throw new TemplateError('parse', 'template format specified but no template given');
  const parts = parseJsonpath(template);
  return (object) => {
    try {
      return findResults(parts, object, allowMissingKeys).map(print).join('');
    } catch (error) {
      if (!isEvaluationError(error)) throw error;
      throw new TemplateError('execute', describeFailure(template, error.message, object), { reason: error.message });
    }
  };
}

function parseJsonpath(template: string): PathNode[] {
  try {
    return parseTemplate(template);
  } catch (error) {
    if (!isTemplateError(error)) throw error;
    const { message: reason, column } = error;
    throw new TemplateError('parse', `error parsing jsonpath ${template}, ${reason}`, { reason, column });
  }
}

/** kubectl's message, with its empty lines at the end. */
const describeFailure = (template: string, reason: string, object: unknown): string =>
  `error executing jsonpath ${quote(template)}: Error executing template: ${reason}. ` +
  'Printing more information for debugging the template:\n' +
  `\ttemplate was:\n\t\t${template}\n` +
  `\tobject given to jsonpath engine was:\n\t\t${formatSource(object)}\n\n\n`;
