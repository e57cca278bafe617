// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import { isUserError } from '../../errors.ts';
import { option } from '../../options.ts';
import { domain, keys, type Cluster, type Extension, type UnknownFacts } from '../../profile/clusterprofile.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import {
  isKubeconfig,
  looksLikeKubeconfig,
  listKubeconfigFiles,
  readKubeconfigs,
} from '../../kubernetes/kubeconfig.ts';
import type { KubeCluster } from '../../kubernetes/kubeconfig-entries.ts';
import { readText } from '../../documents/objects.ts';
import { defineImporter, type ImportContext } from '../../import/kit/importer.ts';
import { listSome } from '../../util/text.ts';
import { listKubeconfigClusters } from './entries.ts';
import { readScheme, type KubeconfigCluster } from './separate.ts';
import { buildLoginExtensions, findPlugin } from './plugins.ts';

const flags = {
  nameFrom: option.choice(
    '--name-from <entry>',
    'what a profile is named after: its cluster, or its context where it has one only',
    ['cluster', 'context'],
  ),
  perContext: option.flag('--per-context', 'one profile a context instead of one a cluster'),
  accessProvider: option.text(
    '--access-provider <name>',
    'name of the access provider (default: the credential plugin, else kubeconfig)',
  ),
  readCaFiles: option.flag('--read-ca-files', 'open certificate-authority files that a kubeconfig refers to', {
    settable: 'personal',
  }),
};
type Context = ImportContext<typeof flags>;

const manager = 'kubeconfig';

function buildKubeconfigExtensions({ cluster, userName, user }: KubeconfigCluster): Extension[] {
  // What `export kubeconfig --merge` marks its entries with is no fact of the cluster.
  const kept = cluster.extensions.filter(({ name }) => name !== domain);
  const configured = kept.some(({ name }) => name === keys.execExtension);
  return configured ? kept : [...kept, ...buildLoginExtensions(userName, user)];
}

interface KubeconfigCa {
  caData?: string;
  caPem?: string;
  caFile?: string;
}

/** The CA of a file; one that cannot be read is not known, and the cluster stays. */
function readCaFile(caFile: string, { partial }: Context): KubeconfigCa {
  try {
    return { caPem: readText(caFile) };
  } catch (error) {
    if (!isUserError(error)) throw error;
    partial(error.message);
    return { caFile };
  }
}

/** What a CA in a file would tell, where it was not read: with --read-ca-files that is a failure. */
const unknownOfCa = ({ caFile, caPem }: KubeconfigCa, { options }: Context): UnknownFacts | undefined =>
  caFile && !caPem
    ? { part: caFile, failed: options.readCaFiles ?? false, access: ['certificate-authority-data'] }
    : undefined;

function readKubeconfigCa({ caFile, caData }: KubeCluster, context: Context): KubeconfigCa {
  if (caData || !caFile) return caData ? { caData } : {};
  if (context.options.readCaFiles) return readCaFile(caFile, context);
  context.warn('its CA is in a file, which is read only with --read-ca-files');
  return { caFile };
}

/** Says what of an entry no profile shows. */
function reportEntry({ kind, cluster, user, users }: KubeconfigCluster, { warn }: Context): void {
  if (!cluster.server?.trim()) warn(`${cluster.at ?? 'cluster'}.cluster.server is missing: it has no access provider`);
  if (user?.authProvider)
    warn(
      `its user has the auth-provider ${JSON.stringify(user.authProvider.name ?? '')}, which kubectl no longer runs`,
    );
  const variables = [...new Set(user?.exec?.env.map(({ name }) => name))].filter(Boolean).toSorted();
  if (variables.length > 0)
    warn(`its user sets ${listSome(variables)} for its plugin, left out: who runs the plugin sets them`);
  if (kind === 'cluster' && users > 1)
    warn(`${users} contexts with different users: --per-context if these are different clusters`);
}

function translate(entry: KubeconfigCluster, context: Context): Cluster {
  const { name, identity, cluster, user } = entry;
  const provider = context.options.accessProvider ?? findPlugin(user) ?? manager;
  reportEntry(entry, context);
  const { server, insecure, tlsServerName, proxyUrl, disableCompression } = cluster;
  const endpoint = { server, scheme: readScheme(entry), insecure, tlsServerName, proxyUrl, disableCompression };
  const extensions = buildKubeconfigExtensions(entry);
  const ca = readKubeconfigCa(cluster, context);
  return {
    name,
    identity,
    access: [buildAccessProvider(provider, { ...endpoint, ...ca, extensions }, context)],
    unknown: [unknownOfCa(ca, context)],
  };
}

/** Files that are named are each a list of clusters; those of the environment are what kubectl makes of them. */
const join = (documents: unknown[], context: Context): KubeconfigCluster[] =>
  listKubeconfigClusters(
    documents.map((document) => ({ document, file: context.fileOf(document) })),
    {
      listed: (context.common.filename?.length ?? 0) > 0,
      perContext: context.options.perContext ?? false,
      nameFrom: context.options.nameFrom ?? 'cluster',
    },
    context,
  );

export default defineImporter<KubeconfigCluster, typeof flags>({
  manager,
  files: true,
  options: flags,
  isWanted: (head) => /^[\s{]*"?(?:clusters|contexts|users|current-context)"?\s*:/m.test(head),
  accepts: isKubeconfig,
  explainNearly: (object) =>
    looksLikeKubeconfig(object)
      ? 'it looks like a kubeconfig, whose kind is Config and whose apiVersion is v1'
      : undefined,
  async *list(context) {
    const explicit = context.common.source?.kubeconfig ?? context.common.kubeconfig;
    const selection = listKubeconfigFiles(explicit, context.env);
    const { documents, missing, empty } = readKubeconfigs(selection);
    // kubectl passes them over without a word; here they may have had clusters that must not be taken for gone.
    if (context.common.prune && !selection.explicit) {
      for (const file of missing) context.partial(`${file}: it does not exist`);
      for (const file of empty) context.partial(`${file}: it is empty`);
    }
    if (documents.length === 0) context.warn(`no kubeconfig found: ${missing.join(', ')} does not exist`);
    for (const { document, file } of documents) yield context.read(document, file);
  },
  join,
  loginOf: ({ cluster, user }) => ({ cluster, user }),
  translate,
});
