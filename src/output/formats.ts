import { usageError } from '../errors.ts';
import type { EventRenderer, Format, Renderer, RenderOptions } from './format.ts';
import { csv } from './formats/csv.ts';
import { json } from './formats/json.ts';
import { name } from './formats/name.ts';
import { ndjson } from './formats/ndjson.ts';
import { table, wide } from './formats/table.ts';
import { customColumns, customColumnsFile, jsonpath, jsonpathAsJson, jsonpathFile } from './formats/template.ts';
import { yaml } from './formats/yaml.ts';
import { readOwn } from '../object.ts';

/** Every value of `-o`, by its word. */
const formats: Readonly<Record<string, Format>> = {
  table,
  wide,
  name,
  json,
  yaml,
  ndjson,
  csv,
  jsonpath,
  'jsonpath-as-json': jsonpathAsJson,
  'jsonpath-file': jsonpathFile,
  'custom-columns': customColumns,
  'custom-columns-file': customColumnsFile,
};

const typeFormats = (entries: readonly [string, Format][]): string[] =>
  entries.map(([word, { template }]) => (template ? `${word}=…` : word));

/** The values of `-o` as they are typed; those with `…` take a template. */
const listFormats = (): string[] => typeFormats(Object.entries(formats));

/** The same as far as they are always typed so. */
export const listFormatWords = (): string[] => listFormats().map((format) => format.replace('…', ''));

/** What help says of `-o`. */
export const outputHelp = typeFormats(Object.entries(formats).filter(([, { isVariant }]) => !isVariant)).join(', ');

/** A format with the template that stands behind it. */
export interface ChosenFormat extends Omit<Format, 'render' | 'renderEvents'> {
  render(options: RenderOptions): Promise<Renderer>;
  renderEvents(options: RenderOptions): Promise<EventRenderer>;
}

/**
 * The format for an `-o` value, kubectl's spelling included (`jsonpath={…}`, `custom-columns-file=FILE`). Throws a usage
 * error that lists the formats for an unknown one.
 */
export function findFormat(output: string, readFile: (path: string) => string): ChosenFormat {
  const [word = '', ...rest] = output.split('=');
  const format = readOwn(formats, word);
  if (/^(?:go-)?template(?:-?file)?$/.test(word))
    throw usageError(`-o ${word} is not supported`, "kubectl's -o jsonpath=… and -o custom-columns=… are");
  if (!format || (rest.length > 0 && !format.template))
    throw usageError(`unknown output format ${JSON.stringify(output)}`, `formats: ${listFormats().join(' ')}`);
  const template = rest.join('=');
  // kubectl's own words.
  if (format.template && template === '')
    throw usageError(
      word.startsWith('custom-columns')
        ? 'custom-columns format specified but no custom columns given'
        : 'template format specified but no template given',
    );
  const text = format.template === 'file' ? readFile(template) : template;
  return {
    ...format,
    render: async (options) => format.render(options, text),
    renderEvents: async (options) => format.renderEvents(options, text),
  };
}
