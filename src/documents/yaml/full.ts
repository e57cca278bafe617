import type { Schema, Type as YamlType, YAMLException } from 'js-yaml';
import { UserError } from '../../errors.ts';
import { mergeKey } from './merge-keys.ts';
import { readNumber, yamlWords } from './scalars.ts';

type JsYaml = typeof import('js-yaml');

/**
 * The parser is run with the first text that needs it, which most commands never see. An `import` would run it with this
 * module, and an `import()` would make every reader of YAML asynchronous.
 */
function loadParser(): { loadAll: JsYaml['loadAll']; schema: Schema } {
  const { FAILSAFE_SCHEMA, loadAll, Type } = require('js-yaml') as JsYaml;
  const scalar = (tag: string, accepts: (text: string) => boolean, construct: (text: string) => unknown): YamlType =>
    new Type(`tag:yaml.org,2002:${tag}`, {
      kind: 'scalar',
      resolve: (text: string | null) => accepts(text ?? ''),
      construct,
    });
  // Like kubectl, and unlike the default schema of js-yaml: YAML 1.1, without timestamps and binary.
  const implicit = [
    scalar(
      'null',
      (text) => text === '' || yamlWords.get(text) === null,
      () => null,
    ),
    scalar(
      'bool',
      (text) => typeof yamlWords.get(text) === 'boolean',
      (text) => yamlWords.get(text),
    ),
    scalar('int', (text) => readNumber(text) !== undefined, readNumber),
    scalar(
      'float',
      (text) => /^(?:[-+]?\.inf|\.nan)$/i.test(text),
      () => Number.NaN,
    ),
    scalar(
      'merge-key',
      (text) => text === '<<',
      () => mergeKey,
    ),
  ];
  return { loadAll, schema: FAILSAFE_SCHEMA.extend({ implicit }) };
}

let parser: ReturnType<typeof loadParser> | undefined;

const isSyntaxError = (error: unknown): error is YAMLException =>
  error instanceof Error && error.name === 'YAMLException';

/** `file:line:column: what` without the source line: it may hold a secret. */
function describeSyntaxError(error: YAMLException, where: string): UserError {
  const mark = error.mark as { line: number; column: number } | undefined;
  const position = mark ? `:${mark.line + 1}:${mark.column + 1}` : '';
  return new UserError(`${where}${position}: not valid YAML: ${shortenReason(error.reason)}`);
}

/** js-yaml shows pieces of the input in quotes, in angle brackets or behind a colon: nothing from there on is passed on. */
const shortenReason = (reason: string): string => (/^[^"'<:\n]*/.exec(reason)?.[0] ?? '').trim();

/** Every document of any YAML text, by js-yaml. */
export function readYaml(text: string, where: string): unknown[] {
  const documents: unknown[] = [];
  try {
    parser ??= loadParser();
    parser.loadAll(text, (document) => documents.push(document), { schema: parser.schema, json: false });
  } catch (error) {
    throw isSyntaxError(error) ? describeSyntaxError(error, where) : error;
  }
  return documents.filter((document) => document !== null && document !== undefined);
}
