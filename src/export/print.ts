import type { ExportOptions } from './flags.ts';
import type { Exporter } from './kit/exporter.ts';
import type { KubernetesObject } from '../object.ts';
import { existsSync } from 'node:fs';
import { readText } from '../documents/objects.ts';

/** Whether a document is an object, which a plan can be made for; a kubeconfig or a piece of configuration is none. */
export const isKept = (document: Partial<KubernetesObject>): boolean =>
  document.kind !== undefined && document.metadata?.name !== undefined;

/** Documents as text: a stream of YAML, or one JSON object. */
export async function printDocuments(documents: readonly object[], output: string): Promise<string> {
  if (output === 'json') {
    const [only] = documents;
    const whole = documents.length === 1 ? only : { apiVersion: 'v1', kind: 'List', items: documents };
    return `${JSON.stringify(whole, null, 2)}\n`;
  }
  const { toYamlStream } = await import('../documents/yaml-out.ts');
  return toYamlStream([...documents]);
}

/** Whether a document says who may log in where: Secrets, kubeconfigs, and what has a token in it. */
export const isPrivate = (
  { kind }: Partial<KubernetesObject>,
  { credentials }: { credentials?: string | undefined },
): boolean => kind === 'Secret' || kind === 'Config' || credentials === 'embed';

/** Files of documents that are no objects, such as kubeconfigs: each is written whole. Returns a line for each, what was done. */
export async function writeFiles(
  documents: readonly object[],
  { outputDir = '', output = 'yaml', own }: ExportOptions,
  { jsonFile, fileName }: Pick<Exporter, 'jsonFile' | 'fileName'>,
): Promise<string[]> {
  const { assertDirectory, makePrivate, resolveInside, writeFileAtomic } = await import('../documents/files.ts');
  assertDirectory(outputDir);
  const lines: string[] = [];
  for (const document of documents as Partial<KubernetesObject>[]) {
    const name = jsonFile ?? `${fileName ?? document.kind?.toLowerCase() ?? 'config'}.${output}`;
    const file = resolveInside(outputDir, name);
    const secret = isPrivate(document, own);
    const [before, after] = [existsSync(file) ? readText(file) : undefined, await printDocuments([document], output)];
    if (secret) makePrivate(file);
    if (before !== after) writeFileAtomic(file, after, secret ? 0o600 : 0o644);
    lines.push(`${file} ${before === undefined ? 'created' : before === after ? 'unchanged' : 'configured'}`);
  }
  return lines;
}
