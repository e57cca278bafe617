// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import type { Warn } from '../../util/notices.ts';
import { option } from '../../options.ts';
import { byText } from '../../util/text.ts';
import { basename } from 'node:path';
import { domain, keys, type Cluster, type Extension } from '../../profile/clusterprofile.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import {
  isKubeconfig,
  mergeKubeconfigs,
  type KubeCluster,
  type Kubeconfig,
  type KubeUser,
} from '../../kubernetes/kubeconfig.ts';
import { listKubeconfigFiles, readKubeconfigs } from '../../kubernetes/kubeconfig.ts';
import { readText } from '../../documents/objects.ts';
import { peekAt } from '../../import/kit/facts.ts';
import { defineImporter, type Item, type ImportContext } from '../../import/kit/importer.ts';

const flags = {
  perContext: option.flag('--per-context', 'one profile a context instead of one a cluster'),
  accessProvider: option.text(
    '--access-provider <name>',
    'name of the access provider (default: the credential plugin, else kubeconfig)',
  ),
  readCaFiles: option.flag('--read-ca-files', 'open certificate-authority files that a kubeconfig refers to'),
};
type Context = ImportContext<typeof flags>;

/** An entry of the merged files, which is of no object of its own. */
interface KubeconfigCluster extends Item<undefined> {
  name: string;
  kind: 'cluster' | 'context';
  cluster: KubeCluster;
  user: KubeUser | undefined;
}

const manager = 'kubeconfig';

/** Credential plugins whose name alone tells a consumer which access provider to configure. */
const pluginsByName = new Set([
  'aws',
  'aws-iam-authenticator',
  'az',
  'civo',
  'doctl',
  'gke-gcloud-auth-plugin',
  'kubectl-oidc_login',
  'kubelogin',
  'oc',
  'oci',
  'teleport',
  'tsh',
  'yc',
]);

/** A word of an extension key that says its value is a credential. */
const secretKey = /(^|[-_.])(token|password|passwd|secret|private[-_]?key|client[-_]?key[-_]?data|credentials?)$/i;

function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => (typeof inner === 'string' && secretKey.test(key)) || holdsSecret(inner),
  );
}

const readPluginName = (user: KubeUser | undefined): string | undefined => {
  const command = user?.exec?.command;
  return command && basename(command.replaceAll('\\', '/')).replace(/\.exe$/i, '');
};

/** The two arguments of `aws eks get-token` that say which cluster, never any other. */
function buildAwsExtension(user: KubeUser | undefined): Extension[] {
  const args = user?.exec?.args ?? [];
  const argument = (flag: string): string | undefined => {
    const inline = args.find((arg) => arg.startsWith(`${flag}=`));
    return inline ? inline.slice(flag.length + 1) : args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
  };
  const clusterId = argument('--cluster-name') ?? argument('-i');
  const region = argument('--region');
  return clusterId ? [{ name: keys.execExtension, extension: { ...(region && { region }), clusterId } }] : [];
}

function buildKubeconfigExtensions(
  { cluster, user }: KubeconfigCluster,
  plugin: string | undefined,
  warn: Warn,
): Extension[] {
  const kept = cluster.extensions.filter(({ name, extension }) => {
    // What `export kubeconfig --merge` marks its entries with.
    if (name === domain) return false;
    const secret = holdsSecret(extension);
    if (secret) warn(`extension ${name} looks like it holds a credential, left out`);
    return !secret;
  });
  const configured = kept.some(({ name }) => name === keys.execExtension);
  return plugin?.startsWith('aws') && !configured ? [...kept, ...buildAwsExtension(user)] : kept;
}

function readKubeconfigCa({ caFile, caData }: KubeCluster, context: Context): { caData?: string; caPem?: string } {
  if (caData || !caFile) return caData ? { caData } : {};
  if (context.options.readCaFiles) return { caPem: readText(caFile) };
  context.warn('its CA is in a file, which is read only with --read-ca-files');
  return {};
}

function translate(entry: KubeconfigCluster, context: Context): Cluster {
  const { name, kind, cluster } = entry;
  const plugin = readPluginName(entry.user);
  const provider = context.options.accessProvider ?? (plugin && pluginsByName.has(plugin) ? plugin : manager);
  if (entry.user?.authProvider)
    context.warn(
      `its user has the auth-provider ${JSON.stringify(entry.user.authProvider.name ?? '')}, which kubectl no longer runs`,
    );
  const { server, insecure, tlsServerName, proxyUrl, disableCompression } = cluster;
  const endpoint = { server, insecure, tlsServerName, proxyUrl, disableCompression };
  const extensions = buildKubeconfigExtensions(entry, plugin, context.warn);
  return {
    name,
    identity: `kubeconfig/${kind}/${name}`,
    access: [
      buildAccessProvider(provider, { ...endpoint, ...readKubeconfigCa(cluster, context), extensions }, context.warn),
    ],
  };
}

/** Which user reaches each cluster: the current context's, else that of its first context by name. */
function pickUsers(config: Kubeconfig): Map<string, KubeUser> {
  const users = new Map<string, KubeUser>();
  const current = config.contexts.get(config.currentContext ?? '');
  const contexts = [...config.contexts].toSorted(([a], [b]) => byText(a, b)).map(([, context]) => context);
  for (const context of [current, ...contexts]) {
    const user = config.users.get(context?.user ?? '');
    if (context?.cluster !== undefined && user && !users.has(context.cluster)) users.set(context.cluster, user);
  }
  return users;
}

function reportEntry(config: Kubeconfig, context: Context): void {
  for (const { kind, name, file } of config.repeated)
    context.warn(`${kind} ${JSON.stringify(name)} is set again in ${file}: the first one counts, as for kubectl`);
  for (const [name, { cluster }] of config.contexts)
    if (cluster !== undefined && !config.clusters.has(cluster))
      context.warn(
        `context ${JSON.stringify(name)} refers to cluster ${JSON.stringify(cluster)}, which does not exist`,
      );
}

/** One entry a cluster of the merged kubeconfig, or a context with `--per-context`. */
function join(documents: unknown[], context: Context): KubeconfigCluster[] {
  const config = mergeKubeconfigs(documents.map((document) => ({ document, file: context.fileOf(document) })));
  reportEntry(config, context);
  const entries: KubeconfigCluster[] = [];
  if (context.options.perContext)
    for (const [name, { cluster, user }] of config.contexts) {
      const found = config.clusters.get(cluster ?? '');
      if (found)
        entries.push({ object: undefined, name, kind: 'context', cluster: found, user: config.users.get(user ?? '') });
    }
  else {
    const users = pickUsers(config);
    for (const [name, cluster] of config.clusters)
      entries.push({ object: undefined, name, kind: 'cluster', cluster, user: users.get(name) });
  }
  return entries;
}

export default defineImporter<KubeconfigCluster, typeof flags>({
  manager,
  files: true,
  options: flags,
  isWanted: (head) => /^[\s{]*"?(?:clusters|contexts|users|current-context)"?\s*:/m.test(head),
  accepts: isKubeconfig,
  explainNearly: (object) =>
    Array.isArray(peekAt(object, 'clusters')) && Array.isArray(peekAt(object, 'contexts'))
      ? 'it looks like a kubeconfig, whose kind is Config and whose apiVersion is v1'
      : undefined,
  async *list(context) {
    const explicit = context.common.source?.kubeconfig ?? context.common.kubeconfig;
    const selection = listKubeconfigFiles(explicit, context.env);
    const { documents, missing } = readKubeconfigs(selection);
    if (documents.length === 0) context.warn(`no kubeconfig found: ${missing.join(', ')} does not exist`);
    for (const { document, file } of documents) yield context.read(document, file);
  },
  join,
  translate,
});
