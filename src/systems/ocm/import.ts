// https://open-cluster-management.io/docs/concepts/cluster-inventory/clusterprofile/
// https://github.com/open-cluster-management-io/ocm/tree/main/pkg/registration/hub/clusterprofile
// https://github.com/open-cluster-management-io/cluster-proxy/blob/main/pkg/proxyserver/controllers/clusterprofile_controller.go
import { silentListener, type Listener } from '../../util/notices.ts';
import { option } from '../../options.ts';
import type { Cluster, UnknownFacts } from '../../profile/clusterprofile.ts';
import {
  buildClusterNameExtension,
  copyLabels,
  isLeaving,
  filterKind,
  peekAt,
  checkPublishedCa,
  filterReadable,
  readSubject,
} from '../../import/kit/facts.ts';
import { isKind, text, textMap, type KubernetesObject } from '../../object.ts';
import { heartbeatOption } from '../../import/kit/heartbeat.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  buildClientConfigAccess,
  managedClusterKind,
  readManagedCluster,
  readOwnFacts,
} from '../../import/kit/managed-cluster.ts';
import { readBinding, findBoundNamespaces, clusterSet, namespace, setBinding, setOf } from './cluster-set.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import { nameLimit } from '../../profile/names.ts';
import { defineImporter, partOf, type Item, type ListContext, type ImportContext } from '../../import/kit/importer.ts';

const flags = {
  compat: option.flag('--compat', "exactly what OCM's own controllers write, and nothing more"),
  clusterProxy: option.flag(
    '--cluster-proxy',
    'live: read how cluster-proxy is reached, and the certificate in its serving Secret (-f: always)',
  ),
  heartbeatTimeout: heartbeatOption('taken as for kubefleet; changes nothing, since the hub judges the leases itself'),
  copyLabels,
};
type Context = ImportContext<typeof flags>;

const manager = 'open-cluster-management';

const proxyConfiguration = {
  group: 'proxy.open-cluster-management.io',
  versions: ['v1alpha1'],
  kind: 'ManagedProxyConfiguration',
  plural: 'managedproxyconfigurations',
};

const ocmSecret = { group: '', versions: ['v1'], kind: 'Secret', plural: 'secrets' };

const proxyConfigurationName = 'cluster-proxy';

const proxySecretName = 'cluster-proxy-user-serving-cert';

const inventory = fromKinds([managedClusterKind, clusterSet, setBinding]);

const readObjectName = (object: unknown): string => text(object, 'metadata', 'name') ?? '';

interface Proxy {
  namespace: string;
  ca: Buffer;
}

/** The one entry of the Secret that is public: its private key stands beside it. */
const readProxyCertificate = (object: KubernetesObject): string | undefined => text(object, 'data', 'tls.crt');

const readProxyNamespace = (object: KubernetesObject): string | undefined =>
  readObjectName(object) === proxyConfigurationName ? text(object, 'spec', 'proxyServer', 'namespace') : undefined;

const isProxySecret = (object: unknown): boolean =>
  isKind(object, ocmSecret) && peekAt(object, 'metadata', 'name') === proxySecretName;

const findProxyNamespace = (objects: KubernetesObject[]): string | undefined =>
  filterReadable(filterKind(objects, proxyConfiguration), readProxyNamespace).find(Boolean);

/** Both parts of cluster-proxy, or none: its own controller waits for the other one. */
function findProxy(objects: KubernetesObject[]): Proxy | undefined {
  const at = findProxyNamespace(objects);
  const beside = filterKind(objects, ocmSecret).filter((each) => peekAt(each, 'metadata', 'namespace') === at);
  const ca = filterReadable(beside, readProxyCertificate).find(Boolean);
  return at && ca ? { namespace: at, ca: Buffer.from(ca, 'base64') } : undefined;
}

function buildProxyAccess(name: string, proxy: Proxy, compat: boolean, listener: Listener): Cluster['access'] {
  const server = `https://cluster-proxy-addon-user.${proxy.namespace}:9092/${name}`;
  const extensions = buildClusterNameExtension(name);
  if (!compat)
    return [buildAccessProvider(manager, { server, caPem: proxy.ca.toString('latin1'), extensions }, listener)];
  const ca = checkPublishedCa(proxy.ca, listener);
  const authority = ca ? { 'certificate-authority-data': ca } : {};
  const unread = ca ? {} : { unread: ['certificate-authority-data'] as const };
  return [{ name: manager, cluster: { server, ...authority, extensions }, ...unread }];
}

/** The Secret of a proxy, where the input has only its configuration. */
function findLostSecret(objects: KubernetesObject[], { parts }: Context): string | undefined {
  const at = findProxyNamespace(objects);
  const isThere = objects.some((each) => isProxySecret(each) && peekAt(each, 'metadata', 'namespace') === at);
  return at && !isThere && !parts.has(partOf({ ...ocmSecret, namespace: at })) ? `${at}/${proxySecretName}` : undefined;
}

/** A proxy that is there may be how every cluster is reached; one that nobody asked for is not. */
function unknownOfProxy({ parts }: Context, lostSecret: string | undefined): UnknownFacts[] {
  const unread = [...parts].flatMap(([part, isRead]) => (isRead ? [] : [part]));
  if (lostSecret) unread.push(`Secret ${lostSecret}`);
  return unread.map((part) => ({ part, failed: true, access: true }));
}

/** What was read, a ManagedCluster with what else makes its profiles; everything else is only checked. */
interface Placed extends Item<KubernetesObject> {
  /** Where a cluster gets a profile; `undefined` stands for the namespace that was asked for. */
  namespaces: (string | undefined)[];
  proxy: Proxy | undefined;
  lostSecret: string | undefined;
}

function join(objects: unknown[], context: Context): Placed[] {
  const all = objects as KubernetesObject[];
  const clusters = filterKind(all, managedClusterKind);
  const bindings = filterReadable(filterKind(all, setBinding), readBinding);
  const bound = findBoundNamespaces(all, bindings, context);
  const proxy = findProxy(all);
  const lostSecret = proxy ? undefined : findLostSecret(all, context);
  if (lostSecret)
    context.partial(`Secret ${lostSecret} is not in the input: how cluster-proxy is reached is not known without it`);
  const asked = context.common.namespace;
  const about = [...filterKind(all, setBinding), ...filterKind(all, clusterSet)];
  const unbound = asked !== undefined && !about.some((each) => peekAt(each, 'metadata', 'namespace') === asked);
  // With sets or bindings at hand OCM itself would write nothing there.
  const everywhere = unbound && !(context.options.compat && about.length > 0);
  if (asked === undefined && clusters.length > 0 && bound.length === 0)
    context.warn('no ManagedClusterSet is bound to a namespace: -n NAMESPACE gives one profile a cluster there');
  return all.map((object) => {
    if (!isKind(object, managedClusterKind)) return { object, namespaces: [], proxy: undefined, lostSecret };
    const [labels = {}] = filterReadable([object], (each) => textMap(each, 'metadata', 'labels'));
    const selected = bound.filter(([set]) => set.selects(labels)).flatMap(([, namespaces]) => namespaces);
    const namespaces = [...new Set(selected)].filter((each) => asked === undefined || each === asked);
    return { object, namespaces: everywhere ? [undefined] : namespaces, proxy, lostSecret };
  });
}

/** Reads what `join` needs of an object that is no cluster, so that a wrong shape is an error of that object. */
function checkOcmFlags(object: KubernetesObject): void {
  if (isKind(object, clusterSet)) setOf(object);
  if (isKind(object, setBinding)) readBinding(object);
  if (isKind(object, proxyConfiguration)) readProxyNamespace(object);
  if (isKind(object, ocmSecret)) readProxyCertificate(object);
}

function translate({ object, namespaces, proxy, lostSecret }: Placed, context: Context): Cluster[] {
  if (!isKind(object, managedClusterKind)) {
    checkOcmFlags(object);
    return [];
  }
  const { compat } = context.options;
  const { name } = readSubject(object);
  textMap(object, 'metadata', 'labels');
  if (isLeaving(object, context)) return [];
  if (compat && name.length > nameLimit) {
    context.warn(`OCM gives no profile to a name of more than ${nameLimit} characters`);
    return [];
  }
  // Of a cluster without a profile only a wrong shape is said.
  const said = namespaces.length > 0 ? context : { ...context, ...silentListener };
  const facts = compat ? readOwnFacts(object, said) : readManagedCluster(object, said);
  const access = proxy
    ? buildProxyAccess(name, proxy, compat ?? false, said)
    : compat
      ? []
      : [buildClientConfigAccess(object, manager, said)];
  const unknown = proxy ? [] : unknownOfProxy(context, lostSecret);
  return namespaces.map((at) => ({ ...facts, namespace: at, access, unknown, compat }));
}

/** The parts of cluster-proxy are read live only when asked for: one of them is a Secret. */
async function* list(context: ListContext<typeof flags>): AsyncIterable<unknown> {
  yield* inventory.list(context);
  if (!context.options.clusterProxy) return;
  const remedy = 'without --cluster-proxy none is asked for';
  for await (const object of context.details(proxyConfiguration, remedy)) {
    yield object;
    const at = readProxyNamespace(object);
    if (at) yield* context.details({ ...ocmSecret, namespace: at, isNamespaceNamed: true }, remedy);
  }
}

export default defineImporter<Placed, typeof flags>({
  manager,
  options: flags,
  ...inventory,
  otherKinds: [proxyConfiguration, ocmSecret, namespace],
  accepts: (object) =>
    inventory.accepts(object) ||
    isKind(object, proxyConfiguration) ||
    isProxySecret(object) ||
    (isKind(object, namespace) && peekAt(object, 'metadata', 'deletionTimestamp') !== undefined),
  list,
  join,
  translate,
});
