// https://open-cluster-management.io/docs/concepts/cluster-inventory/clusterprofile/
// https://github.com/open-cluster-management-io/ocm/tree/main/pkg/registration/hub/clusterprofile
// https://github.com/open-cluster-management-io/cluster-proxy/blob/main/pkg/proxyserver/controllers/clusterprofile_controller.go
import type { Warn } from '../../util/notices.ts';
import type { ListContext, ImportContext } from '../../import/kit/importer.ts';
import { option } from '../../options.ts';
import type { AccessProvider, Cluster } from '../../profile/clusterprofile.ts';
import {
  clusterNameExtension,
  copyLabels,
  isLeaving,
  filterKind,
  peek,
  publishedCa,
  readable,
  subjectOf,
} from '../../import/kit/facts.ts';
import { isKind, text, textMap, type KubernetesObject } from '../../object.ts';
import { heartbeatOption } from '../../import/kit/heartbeat.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { clientConfigAccess, managedCluster, managedClusterFacts, ownFacts } from '../../import/kit/managed-cluster.ts';
import { bindingOf, boundTo, clusterSet, namespace, setBinding, setOf } from './cluster-set.ts';
import { nameLimit } from '../../profile/names.ts';
import { importer, type Item } from '../../import/kit/importer.ts';

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

const secret = { group: '', versions: ['v1'], kind: 'Secret', plural: 'secrets' };

const proxyConfigurationName = 'cluster-proxy';

const proxySecretName = 'cluster-proxy-user-serving-cert';

const inventory = fromKinds([managedCluster, clusterSet, setBinding]);

const nameOf = (object: unknown): string => text(object, 'metadata', 'name') ?? '';

interface Proxy {
  namespace: string;
  ca: Buffer;
}

/** The one entry of the Secret that is public: its private key stands beside it. */
const certificateOf = (object: KubernetesObject): string | undefined => text(object, 'data', 'tls.crt');

const proxyNamespace = (object: KubernetesObject): string | undefined =>
  nameOf(object) === proxyConfigurationName ? text(object, 'spec', 'proxyServer', 'namespace') : undefined;

const isProxySecret = (object: unknown): boolean =>
  isKind(object, secret) && peek(object, 'metadata', 'name') === proxySecretName;

/** Both parts of cluster-proxy, or none: its own controller waits for the other one. */
function proxyOf(objects: KubernetesObject[]): Proxy | undefined {
  const at = readable(filterKind(objects, proxyConfiguration), proxyNamespace).find(Boolean);
  const beside = filterKind(objects, secret).filter((each) => peek(each, 'metadata', 'namespace') === at);
  const ca = readable(beside, certificateOf).find(Boolean);
  return at && ca ? { namespace: at, ca: Buffer.from(ca, 'base64') } : undefined;
}

function proxyAccess(name: string, proxy: Proxy, warn: Warn): AccessProvider {
  const ca = publishedCa(proxy.ca, warn);
  const server = `https://cluster-proxy-addon-user.${proxy.namespace}:9092/${name}`;
  const authority = ca ? { 'certificate-authority-data': ca } : {};
  return { name: manager, cluster: { server, ...authority, extensions: clusterNameExtension(name) } };
}

/** What was read, a ManagedCluster with what else makes its profiles; everything else is only checked. */
interface Placed extends Item<KubernetesObject> {
  /** Where a cluster gets a profile; `undefined` stands for the namespace that was asked for. */
  namespaces: (string | undefined)[];
  proxy: Proxy | undefined;
}

function join(objects: unknown[], context: Context): Placed[] {
  const all = objects as KubernetesObject[];
  const clusters = filterKind(all, managedCluster);
  const bindings = readable(filterKind(all, setBinding), bindingOf);
  const bound = boundTo(all, bindings, context);
  const proxy = proxyOf(all);
  const asked = context.common.namespace;
  const about = [...filterKind(all, setBinding), ...filterKind(all, clusterSet)];
  const unbound = asked !== undefined && !about.some((each) => peek(each, 'metadata', 'namespace') === asked);
  // With sets or bindings at hand OCM itself would write nothing there.
  const everywhere = unbound && !(context.options.compat && about.length > 0);
  if (asked === undefined && clusters.length > 0 && bound.length === 0)
    context.warn('no ManagedClusterSet is bound to a namespace: -n NAMESPACE gives one profile a cluster there');
  return all.map((object) => {
    if (!isKind(object, managedCluster)) return { object, namespaces: [], proxy: undefined };
    const [labels = {}] = readable([object], (each) => textMap(each, 'metadata', 'labels'));
    const selected = bound.filter(([set]) => set.selects(labels)).flatMap(([, namespaces]) => namespaces);
    const namespaces = [...new Set(selected)].filter((each) => asked === undefined || each === asked);
    return { object, namespaces: everywhere ? [undefined] : namespaces, proxy };
  });
}

/** Reads what `join` needs of an object that is no cluster, so that a wrong shape is an error of that object. */
function check(object: KubernetesObject): void {
  if (isKind(object, clusterSet)) setOf(object);
  if (isKind(object, setBinding)) bindingOf(object);
  if (isKind(object, proxyConfiguration)) proxyNamespace(object);
  if (isKind(object, secret)) certificateOf(object);
}

function translate({ object, namespaces, proxy }: Placed, context: Context): Cluster[] {
  if (!isKind(object, managedCluster)) {
    check(object);
    return [];
  }
  const { compat } = context.options;
  const { name } = subjectOf(object);
  if (isLeaving(object, context)) return [];
  if (compat && name.length > nameLimit) {
    context.warn(`OCM gives no profile to a name of more than ${nameLimit} characters`);
    return [];
  }
  // Of a cluster without a profile only a wrong shape is said.
  const said = namespaces.length > 0 ? context : { ...context, warn: () => {} };
  const facts = compat ? ownFacts(object, said) : managedClusterFacts(object, said);
  const access = proxy
    ? proxyAccess(name, proxy, said.warn)
    : compat
      ? undefined
      : clientConfigAccess(object, manager, said.warn);
  return namespaces.map((at) => ({ ...facts, namespace: at, access: [access], compat }));
}

/** The parts of cluster-proxy are read live only when asked for: one of them is a Secret. */
async function* list(context: ListContext<typeof flags>): AsyncIterable<unknown> {
  yield* inventory.list(context);
  if (!context.options.clusterProxy) return;
  for await (const object of context.objects(proxyConfiguration)) {
    yield object;
    const at = proxyNamespace(object);
    if (at) yield* context.objects({ ...secret, namespace: at });
  }
}

export default importer<Placed, typeof flags>({
  manager,
  options: flags,
  ...inventory,
  accepts: (object) =>
    inventory.accepts(object) ||
    isKind(object, proxyConfiguration) ||
    isProxySecret(object) ||
    (isKind(object, namespace) && peek(object, 'metadata', 'deletionTimestamp') !== undefined),
  list,
  join,
  translate,
});
