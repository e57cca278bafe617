import { group, plural, type ClusterProfile } from '../profile/clusterprofile.ts';
import { exit, UserError, usageError } from '../errors.ts';
import { isTemplateError } from './jsonpath/errors.ts';
import { toYaml } from '../documents/yaml-out.ts';
import { formats } from './formats.ts';
import { formatGoJson } from './json.ts';
import { makeSafe } from '../util/safe-text.ts';
import { formatCsvLine, renderTable, formatHeader, formatRow, type TableOptions } from './table.ts';

/** Turns profiles into text, page by page: what can be printed at once is, so that a large list stays small in memory. */
export interface Renderer {
  page(profiles: readonly ClusterProfile[]): string;
  end(): string | Promise<string>;
}

export interface RenderOptions extends TableOptions {
  /** One profile was asked for by name: print it alone, not as a List. */
  single?: boolean;
  /** Somebody reads it on a terminal: nothing in it may steer that. */
  terminal?: boolean;
  /** A stream of documents instead of a List, for files and `kubectl apply -f -`. */
  stream?: boolean;
}

const listOf = (items: readonly unknown[]): object => ({
  apiVersion: 'v1',
  items,
  kind: 'List',
  metadata: { resourceVersion: '' },
});

/** Collects everything, for formats that need the whole list. */
function renderWhole(print: (profiles: ClusterProfile[]) => string): Renderer {
  const profiles: ClusterProfile[] = [];
  return {
    page: (more) => {
      profiles.push(...more);
      return '';
    },
    end: () => print(profiles),
  };
}

const renderLines = (line: (profile: ClusterProfile) => string): Renderer => ({
  page: (profiles) => profiles.map((profile) => `${line(profile)}\n`).join(''),
  end: () => '',
});

/** A List written item by item, in the bytes it would have in one piece. */
function renderStream(parts: {
  open: string;
  first: string;
  next: string;
  item: (profile: ClusterProfile) => string;
  close: string;
  empty: string;
}): Renderer {
  let any = false;
  return {
    page: (profiles) => {
      const text = profiles
        .map((profile, index) => (any || index > 0 ? parts.next : parts.first) + parts.item(profile))
        .join('');
      const opening = !any && profiles.length > 0 ? parts.open : '';
      any ||= profiles.length > 0;
      return opening + text;
    },
    end: () => (any ? parts.close : parts.empty),
  };
}

const renderYamlList = (): Renderer =>
  renderStream({
    open: 'apiVersion: v1\nitems:\n',
    first: '- ',
    next: '- ',
    item: (profile) => toYaml(profile, '  ').trimStart(),
    close: 'kind: List\nmetadata:\n  resourceVersion: ""\n',
    empty: toYaml(listOf([])),
  });

const renderJsonList = (): Renderer =>
  renderStream({
    open: '{\n    "apiVersion": "v1",\n    "items": [\n',
    first: '        ',
    next: ',\n        ',
    item: (profile) => formatGoJson(profile, '        '),
    close: '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n',
    empty: `${formatGoJson(listOf([]))}\n`,
  });

function renderYamlStream(): Renderer {
  let any = false;
  return {
    page: (profiles) => {
      const text = profiles.map((profile, index) => (any || index > 0 ? '---\n' : '') + toYaml(profile)).join('');
      any ||= profiles.length > 0;
      return text;
    },
    end: () => '',
  };
}

function renderAsTable(options: TableOptions): Renderer {
  const rows: string[][] = [];
  return {
    page: (profiles) => {
      for (const profile of profiles) rows.push(formatRow(profile, options));
      return '';
    },
    end: () => (rows.length === 0 ? '' : renderTable(rows, options)),
  };
}

function renderCsv(options: TableOptions): Renderer {
  const all = { ...options, wide: true, showNamespace: true };
  let header = options.noHeaders ? '' : formatCsvLine(formatHeader(all));
  return {
    page: (profiles) => {
      const text = header + profiles.map((profile) => formatCsvLine(formatRow(profile, all))).join('');
      header = '';
      return text;
    },
    end: () => header,
  };
}

const plainFormats: Record<string, (options: RenderOptions) => Renderer> = {
  table: (options) => renderAsTable(options),
  wide: (options) => renderAsTable({ ...options, wide: true }),
  name: () => renderLines(({ metadata }) => `${plural.slice(0, -1)}.${group}/${metadata.name}`),
  ndjson: () => renderLines((profile) => JSON.stringify(profile)),
  csv: renderCsv,
  json: ({ single }) =>
    single ? renderWhole(([profile]) => (profile ? `${formatGoJson(profile)}\n` : '')) : renderJsonList(),
  yaml: ({ single, stream }) => (single || stream ? renderYamlStream() : renderYamlList()),
};

/** What jsonpath and custom-columns see: the object asked for, or a List of all. */
const pickSubject = (profiles: ClusterProfile[], options: RenderOptions): unknown =>
  options.single && profiles.length === 1 ? profiles[0] : listOf(profiles);

/** A template that cannot be read is a usage error; one that fails on an object, an input error. */
function compileTemplate<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isTemplateError(error)) throw error;
    throw new UserError(error.message.trimEnd(), {
      code: error.stage === 'parse' ? exit.usage : exit.input,
      cause: error,
    });
  }
}

async function renderTemplate(kind: string, template: string, options: RenderOptions): Promise<Renderer> {
  // These formats are kubectl's byte for byte, so they carry whatever an object holds; never to a terminal, though.
  const shown = options.terminal ? makeSafe : (text: string): string => text;
  if (kind.startsWith('custom-columns')) {
    const {
      compileColumns: customColumns,
      compileColumnsFile: customColumnsFile,
      renderColumns,
    } = await import('./custom-columns.ts');
    const fromFile = kind === 'custom-columns-file';
    const columns = compileTemplate(() => (fromFile ? customColumnsFile(template) : customColumns(template)));
    // kubectl does not know --no-headers for a file.
    const noHeaders = !fromFile && (options.noHeaders ?? false);
    return renderWhole((profiles) => shown(compileTemplate(() => renderColumns(columns, profiles, { noHeaders }))));
  }
  const { compileJsonPath, compileJsonPathAsJson } = await import('./jsonpath.ts');
  const compile = kind === 'jsonpath-as-json' ? compileJsonPathAsJson : compileJsonPath;
  const print = compileTemplate(() => compile(template, { allowMissingKeys: true }));
  return renderWhole((profiles) => shown(compileTemplate(() => print(pickSubject(profiles, options)))));
}

const templateKinds = new Set([
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'custom-columns',
  'custom-columns-file',
]);

/**
 * The renderer for an `-o` value, kubectl's spelling included (`jsonpath={…}`, `custom-columns-file=FILE`).
 * Throws a usage error that lists the formats for an unknown one.
 */
export async function createRenderer(
  format: string,
  options: RenderOptions,
  readFile: (path: string) => string,
): Promise<Renderer> {
  const make = plainFormats[format];
  if (make) return make(options);
  const [kind = '', ...rest] = format.split('=');
  if (!templateKinds.has(kind))
    throw usageError(`unknown output format ${JSON.stringify(format)}`, `formats: ${formats.join(' ')}`);
  const template = rest.join('=');
  // kubectl's own words.
  if (template === '')
    throw usageError(
      kind.startsWith('custom-columns')
        ? 'custom-columns format specified but no custom columns given'
        : 'template format specified but no template given',
    );
  return renderTemplate(kind, kind.endsWith('-file') ? readFile(template) : template, options);
}
