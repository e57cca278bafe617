// https://projectsveltos.io/main/register/register-cluster/
import { option } from '../../options.ts';
import { domain, keys, type Cluster, type ReportedCondition, type UnknownFacts } from '../../profile/clusterprofile.ts';
import { buildCondition, buildDeleting, buildNotReported, toUtcSeconds } from '../../import/kit/conditions.ts';
import { buildAccessProvider, type Endpoint } from '../../profile/endpoint.ts';
import { normaliseServerUrl } from '../../profile/endpoint/server-url.ts';
import { peekAt, readSubject, filterUserLabels, toSmallLetters } from '../../import/kit/facts.ts';
import { flag, isKind, text, value, type KubernetesObject, readOwn } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  type CaPlace,
  explainNoCa,
  isSecret,
  readKubeconfigEndpoint,
  readSecretsOption,
  listSecretKeys,
  indexSecrets,
  missKey,
  readSecretText,
  unknownOfSecret,
  withSecrets,
  defineSecretKind,
} from '../../import/kit/secrets.ts';
import { sveltosCluster as cluster } from './export.ts';
import { defineImporter, type Item, type ImportContext } from '../../import/kit/importer.ts';

const flags = {
  readSecrets: readSecretsOption,
  includeHub: option.flag('--include-hub', 'the cluster that Sveltos runs in too (mgmt/mgmt)'),
};
type Context = ImportContext<typeof flags>;

const manager = 'sveltos';

const inventory = fromKinds([cluster]);

/** A SveltosCluster with the Secrets that it refers to. */
interface WithSecrets extends Item<KubernetesObject> {
  kubeconfig?: KubernetesObject | undefined;
  ca?: KubernetesObject | undefined;
}

const identityPath = ['spec', 'workloadIdentity'];

const readNamespace = (object: unknown): unknown => peekAt(object, 'metadata', 'namespace');

const findCaNamespace = (object: unknown): unknown =>
  peekAt(object, ...identityPath, 'caSecretRef', 'namespace') || readNamespace(object);

const listSecretNamespaces = (object: unknown): unknown[] => [readNamespace(object), findCaNamespace(object)];

function join(objects: unknown[]): WithSecrets[] {
  const byName = indexSecrets(objects);
  const clusters = objects.filter((object): object is KubernetesObject => isKind(object, cluster));
  return clusters.map((object) => {
    const reference = peekAt(object, 'spec', 'workloadIdentity', 'caSecretRef');
    const fallback = `${String(peekAt(object, 'metadata', 'name'))}-sveltos-kubeconfig`;
    const kubeconfig = peekAt(object, 'spec', 'kubeconfigName') || fallback;
    return {
      object,
      kubeconfig: byName.get([readNamespace(object), kubeconfig].join('/')),
      ca: byName.get([findCaNamespace(object), peekAt(reference, 'name')].join('/')),
    };
  });
}

/** `ready` stays true for good once it is, so that only `connectionStatus` says how the cluster is now. */
function readSveltosHealth(object: KubernetesObject, { asOf }: Context): ReportedCondition {
  const type = 'ControlPlaneHealthy';
  const time = text(object, 'metadata', 'creationTimestamp');
  const message = text(object, 'status', 'failureMessage');
  const connection = text(object, 'status', 'connectionStatus');
  if (value(object, 'status') === undefined) return buildNotReported(object, type);
  if (!flag(object, 'status', 'ready')) return buildCondition(type, 'False', 'NotReady', { message, time });
  // Sveltos keeps no time of it; it was not so from the beginning.
  if (connection === 'Down') return buildCondition(type, 'False', 'ConnectionDown', { message, time: asOf ?? time });
  if (connection === 'Healthy') return buildCondition(type, 'True', 'ConnectionHealthy', { time });
  return buildNotReported(object, type);
}

function readSveltosJoined(object: KubernetesObject): ReportedCondition {
  const time = text(object, 'metadata', 'creationTimestamp');
  const deleting = buildDeleting(object);
  if (deleting) return deleting;
  if (value(object, 'status') === undefined) return buildNotReported(object, 'Joined');
  return flag(object, 'status', 'ready')
    ? buildCondition('Joined', 'True', 'ClusterReady', { time })
    : buildCondition('Joined', 'False', 'NotReady', { time });
}

/** The access provider that consumers have for a cloud, by `workloadIdentity.provider`. */
const plugins: Record<string, string> = { aws: 'eks', gcp: 'google', azure: 'kubelogin' };

const readSveltosProvider = (object: KubernetesObject): string | undefined =>
  toSmallLetters(text(object, ...identityPath, 'provider') ?? '') || undefined;

/** A zone is what GKE calls the location of a zonal cluster: `us-central1-a`. */
function readSveltosLocation(object: KubernetesObject): Record<string, string | undefined> {
  const place = text(object, ...identityPath, 'gcp', 'location') || undefined;
  const zone = /-[a-z]$/.test(place ?? '') ? place : undefined;
  return {
    [keys.locationProperty]: place,
    [keys.regionProperty]: text(object, ...identityPath, 'aws', 'region') || place?.replace(/-[a-z]$/, ''),
    [keys.zoneProperty]: zone,
  };
}

/** AWS: what the plugin for EKS needs to know besides (KEP-541). */
function buildSveltosExtensions(object: KubernetesObject): Endpoint['extensions'] {
  const [region, clusterId] = ['region', 'clusterName'].map((field) => text(object, ...identityPath, 'aws', field));
  if (!clusterId) return [];
  return [{ name: keys.execExtension, extension: { ...(region && { region }), clusterId } }];
}

const caKey = 'ca.crt';

/** Where the CA of a cloud's server is; nowhere for one whose certificate everybody can check. */
function readCaPlace(object: KubernetesObject): CaPlace {
  const reference = [...identityPath, 'caSecretRef'];
  const namespace = text(object, ...reference, 'namespace') || text(object, 'metadata', 'namespace');
  return { namespace, name: text(object, ...reference, 'name') || undefined, key: caKey };
}

/** What the Secret of a CA would tell. One that is referred to has to have it. */
function unknownOfCa({ object, ca }: WithSecrets, context: Context): UnknownFacts | undefined {
  const place = readCaPlace(object);
  if (!place.name) return undefined;
  if (!ca) return unknownOfSecret(place.namespace, 'ca', context);
  return readSecretText(ca, caKey) ? undefined : missKey(ca, caKey, context, 'ca');
}

/** What its Secrets would tell, where they were not read: the CA of a cloud's server, or a whole kubeconfig. */
function unknownOfAccess(item: WithSecrets, context: Context): UnknownFacts | undefined {
  const { object, kubeconfig } = item;
  const own = text(object, 'metadata', 'namespace');
  if (text(object, ...identityPath, 'endpoint')) return unknownOfCa(item, context);
  return kubeconfig || flag(object, 'spec', 'pullMode') ? undefined : unknownOfSecret(own, 'all', context);
}

/** The key of a kubeconfig that its Secret does not have. */
function findLostKey({ object, kubeconfig }: WithSecrets): string | undefined {
  if (!kubeconfig || flag(object, 'spec', 'pullMode') || text(object, ...identityPath, 'endpoint')) return undefined;
  const key = text(object, 'spec', 'kubeconfigKeyName') || listSecretKeys(kubeconfig)[0] || 'kubeconfig';
  return readSecretText(kubeconfig, key) ? undefined : key;
}

function readSveltosEndpoint({ object, kubeconfig, ca }: WithSecrets, context: Context): Endpoint {
  const server = text(object, ...identityPath, 'endpoint');
  if (server && (!kubeconfig || normaliseServerUrl(server) !== undefined)) {
    const caPem = ca && readSecretText(ca, caKey);
    const place = readCaPlace(object);
    if (place.name && !ca && !unknownOfSecret(place.namespace, 'ca', context).failed)
      context.warn(explainNoCa(place, undefined, context));
    return { server, caPem, extensions: buildSveltosExtensions(object) };
  }
  if (!kubeconfig || flag(object, 'spec', 'pullMode')) return {};
  // Sveltos takes the first key there is; the renewed kubeconfig is under `re-kubeconfig`, beside it.
  const [first] = listSecretKeys(kubeconfig);
  const key = text(object, 'spec', 'kubeconfigKeyName') || first;
  const content = key && readSecretText(kubeconfig, key);
  if (!content) return {};
  const { namespace = '', name } = kubeconfig.metadata;
  return readKubeconfigEndpoint(content, `Secret ${namespace}/${name}[${key}]`, context);
}

/** A label without a prefix that Sveltos sets, besides those of its domain. */
const agentLabel = 'sveltos-agent';

function translate(item: WithSecrets, context: Context): Cluster | undefined {
  const { object } = item;
  const subject = readSubject(object);
  const namespace = text(object, 'metadata', 'namespace');
  if (subject.name === 'mgmt' && namespace === 'mgmt' && !context.options.includeHub)
    return context.leaveOut('SveltosCluster', 'of Sveltos itself', '--include-hub');
  const { [agentLabel]: _, ...labels } = filterUserLabels(object, /(^|\.)projectsveltos\.io$/);
  const provider = readSveltosProvider(object);
  const lostKey = findLostKey(item);
  return {
    ...subject,
    namespace,
    labels,
    version: text(object, 'status', 'version') ?? text(object, 'metadata', 'labels', 'projectsveltos.io/k8s-version'),
    conditions: [readSveltosHealth(object, context), readSveltosJoined(object)],
    properties: {
      [`access-mode.${domain}`]: flag(object, 'spec', 'pullMode') ? 'pull' : 'push',
      [`provider.${domain}`]: provider,
      ...readSveltosLocation(object),
    },
    observed: toUtcSeconds(text(object, 'status', 'agentLastReportTime')),
    access: [
      buildAccessProvider(readOwn(plugins, provider ?? '') ?? manager, readSveltosEndpoint(item, context), context),
    ],
    unknown: [
      item.kubeconfig && lostKey !== undefined
        ? missKey(item.kubeconfig, lostKey, context)
        : unknownOfAccess(item, context),
    ],
  };
}

export default defineImporter<WithSecrets, typeof flags>({
  ...inventory,
  manager,
  options: flags,
  // The Secrets have no mark of their own: clusters refer to them.
  otherKinds: [defineSecretKind()],
  accepts: (object) => inventory.accepts(object) || isSecret(object),
  list: (context) => withSecrets(inventory.list(context), context, { namespacesOf: listSecretNamespaces }),
  join,
  translate,
});
