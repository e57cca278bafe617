import { UserError } from '../errors.ts';
import { readPlainYaml } from './yaml-fast.ts';
// Deferred by the build: js-yaml is loaded with the first text that needs it.
import { parseFull } from './yaml-full.ts';

const longest = 256 * 1024 * 1024;

/**
 * Every document of a YAML or JSON text, empty ones left out, as kubectl would read them.
 * Throws a UserError that names `where`, line and column, and never shows the input: it may be a Secret.
 */
export function parseDocuments(text: string, where: string): unknown[] {
  if (text.length > longest) throw new UserError(`${where}: larger than ${longest / 1024 / 1024} MiB (limit)`);
  return readPlainYaml(text) ?? parseFull(text, where);
}
