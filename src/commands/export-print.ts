import type { KubernetesObject } from '../clusterprofile.ts';

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

/** One file a document. Private where it names who may log in where: Secrets and kubeconfigs. */
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
    const secret = kind === 'Secret' || kind === 'Config' || credentials === 'embed';
    const mode = secret ? 0o600 : 0o644;
    if (secret) makePrivate(file);
    writeFileAtomic(file, await textOf([document], output), mode);
  }
}
