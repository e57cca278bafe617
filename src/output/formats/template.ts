// The templates of kubectl, byte for byte.
import { exit, UserError } from '../../errors.ts';
import type { ClusterProfile } from '../../profile/clusterprofile.ts';
import { makeSafe } from '../../util/safe-text.ts';
import {
  listOf,
  pickEventSubject,
  renderEach,
  renderWhole,
  type EventRenderer,
  type Format,
  type RenderOptions,
  type Renderer,
} from '../format.ts';
import { isTemplateError } from '../jsonpath/errors.ts';

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

/** They carry whatever an object holds; never to a terminal, though. */
const showOn = ({ terminal }: RenderOptions): ((text: string) => string) => (terminal ? makeSafe : (text) => text);

/** Prints an object with a template of jsonpath. */
async function compileJsonpathPrinter(template: string, isJson: boolean): Promise<(object: unknown) => string> {
  const { compileJsonPath, compileJsonPathAsJson } = await import('../jsonpath.ts');
  const compile = isJson ? compileJsonPathAsJson : compileJsonPath;
  const print = compileTemplate(() => compile(template, { allowMissingKeys: true }));
  return (object) => compileTemplate(() => print(object));
}

async function renderJsonpath(template: string, options: RenderOptions, isJson: boolean): Promise<Renderer> {
  const print = await compileJsonpathPrinter(template, isJson);
  return renderWhole((profiles) => showOn(options)(print(pickSubject(profiles, options))));
}

async function renderJsonpathEvents(template: string, options: RenderOptions, isJson: boolean): Promise<EventRenderer> {
  const print = await compileJsonpathPrinter(template, isJson);
  return renderEach((event) => showOn(options)(print(pickEventSubject(event, options))));
}

/** Prints objects in custom columns; `isFirst`: with the header, where there is one. */
async function compileColumnsPrinter(
  template: string,
  options: RenderOptions,
  isFile: boolean,
): Promise<(objects: readonly unknown[], isFirst: boolean) => string> {
  const { compileColumns, compileColumnsFile, renderColumns } = await import('../custom-columns.ts');
  const { createTabwriter } = await import('../tabwriter.ts');
  const columns = compileTemplate(() => (isFile ? compileColumnsFile(template) : compileColumns(template)));
  // kubectl does not know --no-headers for a file.
  const hasHeader = isFile || !options.noHeaders;
  const align = createTabwriter();
  return (objects, isFirst) =>
    showOn(options)(
      compileTemplate(() => renderColumns(columns, objects, { noHeaders: !isFirst || !hasHeader, align })),
    );
}

async function renderCustomColumns(template: string, options: RenderOptions, isFile: boolean): Promise<Renderer> {
  const print = await compileColumnsPrinter(template, options, isFile);
  return renderWhole((profiles) => print(profiles, true));
}

async function renderColumnEvents(template: string, options: RenderOptions, isFile: boolean): Promise<EventRenderer> {
  const print = await compileColumnsPrinter(template, options, isFile);
  let isFirst = true;
  return {
    print(events) {
      if (events.length === 0) return '';
      const text = print(
        events.map((event) => pickEventSubject(event, options)),
        isFirst,
      );
      isFirst = false;
      return text;
    },
  };
}

export const jsonpath: Format = {
  template: 'text',
  render: (options, template) => renderJsonpath(template, options, false),
  renderEvents: (options, template) => renderJsonpathEvents(template, options, false),
};

export const jsonpathAsJson: Format = {
  template: 'text',
  isVariant: true,
  render: (options, template) => renderJsonpath(template, options, true),
  renderEvents: (options, template) => renderJsonpathEvents(template, options, true),
};

export const customColumns: Format = {
  template: 'text',
  render: (options, template) => renderCustomColumns(template, options, false),
  renderEvents: (options, template) => renderColumnEvents(template, options, false),
};

export const jsonpathFile: Format = { ...jsonpath, template: 'file', isVariant: true };

export const customColumnsFile: Format = {
  template: 'file',
  isVariant: true,
  render: (options, template) => renderCustomColumns(template, options, true),
  renderEvents: (options, template) => renderColumnEvents(template, options, true),
};
