import type { Access } from './exporter.ts';
import { option } from '../../options.ts';
import { isCloudHost, type Cloud } from '../../profile/endpoint/cloud-hosts.ts';
import { keys, type ClusterAccess, type Extension } from '../../profile/clusterprofile.ts';
import { refusal, usageError } from '../../errors.ts';
import { isObject, readOwn } from '../../object.ts';
import { quoteForShell } from '../../util/shell.ts';

/** Access providers that a cloud's own login stands behind, by the names in use. */
const cloudsByProvider: Record<string, Cloud> = {
  google: 'gcp',
  'gke-gcloud-auth-plugin': 'gcp',
  'gke-fleet': 'gcp',
  'argo-cd-builtin-gcp': 'gcp',
  kubelogin: 'azure',
  eks: 'aws',
  aws: 'aws',
  'aws-iam-authenticator': 'aws',
  'argo-cd-builtin-aws': 'aws',
};

/** The cloud that an access provider is one of, by what the operator calls it. */
export const findCloud = (provider: string): Cloud | undefined =>
  readOwn(cloudsByProvider, provider) ?? (provider.startsWith('aks-') ? 'azure' : undefined);

/** The hosts that the operator lists, as a URL has them. */
function parseHosts(given: readonly string[]): string[] {
  const hosts = given.map((host) => host.toLowerCase());
  const wrong = hosts.find((host) => !/^([^\s:/?#@[\]]+|\[[0-9a-f:.]+\])$/.test(host));
  if (wrong !== undefined)
    throw usageError(`--allow-host takes a host without scheme, port and path, not ${JSON.stringify(wrong)}`);
  return hosts;
}

export const allowHostOption = option.parsedTexts(
  '--allow-host <host>',
  "a host that may get a cloud's token; repeatable",
  parseHosts,
  { settable: 'personal' },
);

interface AllowedHosts {
  allowHost: readonly string[];
}

/** Refuses a server that is not the cloud's, unless the operator lists its host. */
export function assertCloudHost(cloud: Cloud, { server }: ClusterAccess, { allowHost }: AllowedHosts): void {
  const { hostname } = new URL(server);
  // The login gives a token of the whole cloud to whatever `server` says.
  if (isCloudHost(cloud, hostname) || allowHost.includes(hostname)) return;
  throw refusal(
    `its server ${hostname} is no host of ${cloud}, and would be sent a token of it`,
    `--allow-host ${quoteForShell(hostname)}, where you know that it is`,
  );
}

/** The cloud whose own login a consumer has for a profile. Refuses a server that this login would give its token away to. */
export function findCloudLogin({ known, cluster }: Access, options: AllowedHosts): Cloud | undefined {
  const cloud = findCloud(known);
  if (cloud) assertCloudHost(cloud, cluster, options);
  return cloud;
}

/** A text in an extension. Nothing checks what is inside of one, and what is wrong there is that profile's alone. */
export function readExtensionText(
  extensions: readonly Extension[] = [],
  extension: string,
  key: string,
): string | undefined {
  const content: unknown = extensions.find(({ name }) => name === extension)?.extension ?? {};
  const found = isObject(content) ? (content[key] ?? undefined) : content;
  if (isObject(content) && (found === undefined || typeof found === 'string')) return found;
  throw refusal(
    `extension ${extension} should be a map, and ${key} in it a text`,
    'correct it, or import the cluster again',
  );
}

/** EKS wants the cluster's own name, which its address does not hold. Never taken for a flag. */
export function readEksName({ extensions }: ClusterAccess): string {
  const own = (key: string): string | undefined => readExtensionText(extensions, keys.execExtension, key);
  const name = own('clusterId') ?? own('clusterName');
  if (name !== undefined && /^[A-Za-z0-9][\w-]{0,99}$/.test(name)) return name;
  throw refusal(
    `extension ${keys.execExtension} has no clusterId, and aws needs the name of the EKS cluster`,
    'import eks writes it; or name a command in a provider file (--provider-file)',
  );
}
