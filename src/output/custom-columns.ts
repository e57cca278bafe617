import { isEvaluationError, isTemplateError, TemplateError } from './jsonpath/errors.ts';
import { findResults } from './jsonpath/evaluate.ts';
import { formatValue } from './jsonpath/go-format.ts';
import { type PathNode, parseTemplate } from './jsonpath/parse.ts';
import { alignColumns } from './tabwriter.ts';

interface CustomColumnsOptions {
  noHeaders?: boolean;
  /** What aligns them, where columns have been printed before. */
  align?: (text: string) => string;
}

interface CustomColumns {
  /** The titles of the columns. */
  header: string[];
  /** The cells of an object. Throws a TemplateError if a path does not fit the object. */
  row: (object: unknown) => string[];
}

/**
 * Compiles the value of kubectl's `-o custom-columns=`, `NAME:.path,…`, where a path may do without its dot and braces.
 * Throws a TemplateError with kubectl's message. kubectl notices a bad path, though not a bad list of columns, only when
 * it prints, with the header already written.
 */
export function compileColumns(spec: string): CustomColumns {
  if (spec === '') refuseColumns('custom-columns format specified but no custom columns given');
  const columns = spec.split(',').map((column): [string, string] => {
    const colon = column.indexOf(':');
    if (colon === -1) refuseColumns(`unexpected custom-columns spec: ${column}, expected <header>:<json-path-expr>`);
    return [column.slice(0, colon), relaxPath(column.slice(colon + 1))];
  });
  return compileColumn(columns);
}

/**
 * Compiles the content of a file for kubectl's `-o custom-columns-file=`: a line of titles and a line of paths, apart by
 * spaces. kubectl heeds no `--no-headers` with it. Throws a TemplateError with kubectl's message.
 */
export function compileColumnsFile(content: string): CustomColumns {
  const [headerLine, specLine] = content.replace(/\n$/, '').split('\n');
  const missing = content === '' ? 'header' : specLine === undefined ? 'spec' : undefined;
  if (missing !== undefined) refuseColumns(`invalid template, missing ${missing} line. ${expectedFile}`);
  const [titles, paths] = [splitWords(headerLine), splitWords(specLine)];
  if (titles.length !== paths.length) {
    refuseColumns(`number of headers (${titles.length}) and field specifications (${paths.length}) don't match`);
  }
  return compileColumn(titles.map((title, index) => [title, relaxPath(paths[index] ?? '')]));
}

const expectedFile =
  'Expected format is one line of space separated headers, one line of space separated column specs.';

/** Prints objects as kubectl prints a list with `-o custom-columns=`. Throws as `customColumns` and its rows do. */
export function renderCustomColumns(spec: string, objects: readonly unknown[], options?: CustomColumnsOptions): string {
  return renderColumns(compileColumns(spec), objects, options);
}

/** Prints objects with columns compiled before. Throws a TemplateError if a path does not fit one of the objects. */
export function renderColumns(
  columns: CustomColumns,
  objects: readonly unknown[],
  { noHeaders = false, align = alignColumns }: CustomColumnsOptions = {},
): string {
  const lines = objects.map((object) => columns.row(object));
  return align((noHeaders ? lines : [columns.header, ...lines]).map((cells) => `${cells.join('\t')}\n`).join(''));
}

function refuseColumns(message: string): never {
  throw new TemplateError('parse', message);
}

// What Go takes for a space between words; JavaScript's \s has a byte order mark too many and U+0085 too few.
const spaces = /[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/;

const splitWords = (line = ''): string[] => line.split(spaces).filter((word) => word !== '');

/** The jsonpath of a column: `x.y`, `.x.y`, `{x.y}` and `{.x.y}` are the same. */
export function relaxPath(path: string): string {
  if (path === '') return path;
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(path);
  const fields = match?.[1] ?? match?.[2];
  if (fields !== undefined) return `{.${fields}}`;
  return refuseColumns(
    "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
  );
}

function compileColumn(columns: readonly (readonly [title: string, path: string])[]): CustomColumns {
  const paths = columns.map(([, path]) => parseColumns(path));
  return { header: columns.map(([title]) => title), row: (object) => paths.map((path) => formatCell(path, object)) };
}

function parseColumns(path: string): PathNode[] {
  try {
    return parseTemplate(path);
  } catch (error) {
    // Without its column, which is one in the path as completed here.
    if (isTemplateError(error)) return refuseColumns(error.message);
    throw error;
  }
}

function formatCell(path: readonly PathNode[], object: unknown): string {
  const results = searchColumn(path, object);
  const texts = results.flat(1).map((value) => escapeTerminal(formatValue(value)));
  return (results[0]?.length ? texts : ['<none>', ...texts]).join(',');
}

function searchColumn(path: readonly PathNode[], object: unknown): unknown[][] {
  try {
    return findResults(path, object, true);
  } catch (error) {
    if (isEvaluationError(error)) throw new TemplateError('execute', error.message);
    throw error;
  }
}

/** As kubectl: of all control characters only these two are made visible. */
const escapeTerminal = (text: string): string => text.replaceAll('\u001B', '^[').replaceAll('\r', '\\r');
