import type { KubernetesObject } from '../clusterprofile.ts';

/** Whether a document is an object, which a plan can be made for; a kubeconfig or a piece of configuration is none. */
export const isKept = (document: Partial<KubernetesObject>): boolean =>
  document.kind !== undefined && document.metadata?.name !== undefined;

/** Documents as text: a stream of YAML, or one JSON object. */
export async function textOf(documents: readonly object[], output: string): Promise<string> {
  if (output === 'json') {
    const [only] = documents;
    const whole = documents.length === 1 ? only : { apiVersion: 'v1', kind: 'List', items: documents };
    return `${JSON.stringify(whole, null, 2)}\n`;
  }
  const { toYamlStream } = await import('../kubernetes/yaml-out.ts');
  return toYamlStream([...documents]);
}

/** Whether a document says who may log in where: Secrets, kubeconfigs, and what has a token in it. */
export const isPrivate = (
  { kind }: Partial<KubernetesObject>,
  { credentials }: { credentials?: string | undefined },
): boolean => kind === 'Secret' || kind === 'Config' || credentials === 'embed';

/** Files of documents that are no objects, such as kubeconfigs: each is written whole. */
export async function writeFiles(
  documents: readonly object[],
  { outputDir = '', output = 'yaml', credentials }: { outputDir?: string; output?: string; credentials?: string },
  jsonFile: string | undefined,
): Promise<void> {
  const { makePrivate, pathInside, writeFileAtomic } = await import('../kubernetes/files.ts');
  for (const document of documents as Partial<KubernetesObject>[]) {
    const { kind = 'config', metadata } = document;
    const name = jsonFile ?? `${[kind.toLowerCase(), metadata?.name].filter(Boolean).join('-')}.${output}`;
    const file = pathInside(outputDir, ...(metadata?.namespace ? [metadata.namespace] : []), name);
    const secret = isPrivate(document, { credentials });
    if (secret) makePrivate(file);
    writeFileAtomic(file, await textOf([document], output), secret ? 0o600 : 0o644);
  }
}
