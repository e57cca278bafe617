// The templates of kubectl, byte for byte.
import { exit, UserError } from '../../errors.ts';
import type { ClusterProfile } from '../../profile/clusterprofile.ts';
import { makeSafe } from '../../util/safe-text.ts';
import { listOf, renderWhole, type Format, type RenderOptions, type Renderer } from '../format.ts';
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

async function renderJsonpath(template: string, options: RenderOptions, isJson: boolean): Promise<Renderer> {
  const { compileJsonPath, compileJsonPathAsJson } = await import('../jsonpath.ts');
  const compile = isJson ? compileJsonPathAsJson : compileJsonPath;
  const print = compileTemplate(() => compile(template, { allowMissingKeys: true }));
  return renderWhole((profiles) => showOn(options)(compileTemplate(() => print(pickSubject(profiles, options)))));
}

async function renderCustomColumns(template: string, options: RenderOptions, isFile: boolean): Promise<Renderer> {
  const { compileColumns, compileColumnsFile, renderColumns } = await import('../custom-columns.ts');
  const columns = compileTemplate(() => (isFile ? compileColumnsFile(template) : compileColumns(template)));
  // kubectl does not know --no-headers for a file.
  const noHeaders = !isFile && (options.noHeaders ?? false);
  return renderWhole((profiles) =>
    showOn(options)(compileTemplate(() => renderColumns(columns, profiles, { noHeaders }))),
  );
}

export const jsonpath: Format = {
  template: 'text',
  render: (options, template) => renderJsonpath(template, options, false),
};

export const jsonpathAsJson: Format = {
  template: 'text',
  isVariant: true,
  render: (options, template) => renderJsonpath(template, options, true),
};

export const customColumns: Format = {
  template: 'text',
  render: (options, template) => renderCustomColumns(template, options, false),
};

export const jsonpathFile: Format = { ...jsonpath, template: 'file', isVariant: true };

export const customColumnsFile: Format = {
  template: 'file',
  isVariant: true,
  render: (options, template) => renderCustomColumns(template, options, true),
};
