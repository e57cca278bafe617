// https://github.com/oam-dev/cluster-gateway/tree/master/pkg/apis/cluster/v1alpha1
import type { Warn } from '../../util/notices.ts';
import type { ImportContext } from '../../import/kit/importer.ts';
import { option } from '../../options.ts';
import { domain, type Cluster } from '../../profile/clusterprofile.ts';
import { condition } from '../../import/kit/conditions.ts';
import { reach, type Endpoint } from '../../profile/endpoint.ts';
import { peek, subjectOf, userLabels } from '../../import/kit/facts.ts';
import { flag, isKind, text, type KubernetesObject } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { isSecret, secretKind, secretText } from '../../import/kit/secrets.ts';
import { importer, type Item } from '../../import/kit/importer.ts';
import { kubevelaGroup, credentialType } from './format.ts';

const flags = {
  includeHub: option.flag('--include-hub', 'the control plane itself too (local)'),
};

type Context = ImportContext<typeof flags>;

const manager = 'kubevela';

const oldCredentialType = `${kubevelaGroup}/cluster-credential`;

const versions = ['v1alpha1'];

/** Aggregated APIs: VirtualCluster holds no credential, ClusterGateway holds them inline. */
const virtual = {
  group: kubevelaGroup,
  versions,
  kind: 'VirtualCluster',
  plural: 'virtualclusters',
  clusterScoped: true,
};

const gateway = {
  group: kubevelaGroup,
  versions,
  kind: 'ClusterGateway',
  plural: 'clustergateways',
  clusterScoped: true,
};

const secret = secretKind('vela-system', credentialType);

const inventory = fromKinds([virtual, secret]);

const labelOf = (object: unknown, key: string): unknown => peek(object, 'metadata', 'labels', key);

const isClusterSecret = (object: unknown): object is KubernetesObject =>
  isSecret(object) && [credentialType, oldCredentialType].some((key) => labelOf(object, key) !== undefined);

const accepts = (object: unknown): boolean =>
  isKind(object, virtual) || isKind(object, gateway) || isClusterSecret(object);

const rank = (object: KubernetesObject): number => [isSecret(object), isKind(object, gateway), true].indexOf(true);

/** The same cluster as Secret and as aggregated object: a Secret knows most, a gateway knows its health. */
function join(objects: unknown[]): Item<KubernetesObject>[] {
  const byName = new Map<string, KubernetesObject>();
  for (const object of objects as KubernetesObject[]) {
    const there = byName.get(object.metadata.name);
    if (!there || rank(object) < rank(there)) byName.set(object.metadata.name, object);
  }
  return [...byName.values()].map((object) => ({ object }));
}

/** A URL, and not what VirtualCluster puts in its place: `-`, or the type of the endpoint. */
const urlOf = (endpoint: string | undefined): string | undefined =>
  /^https?:\/\//.test(endpoint ?? '') ? endpoint : undefined;

function secretEndpoint(object: KubernetesObject): Endpoint {
  if (labelOf(object, `${kubevelaGroup}/cluster-endpoint-type`) === 'ClusterProxy') return {};
  const caPem = secretText(object, 'ca.crt') ?? secretText(object, 'ca');
  return {
    server: secretText(object, 'endpoint')?.trim(),
    caPem,
    insecure: !caPem,
    proxyUrl: secretText(object, 'proxy-url')?.trim(),
  };
}

function gatewayEndpoint(object: KubernetesObject): Endpoint {
  const at = ['spec', 'access', 'endpoint', 'const'];
  const caData = text(object, ...at, 'caBundle');
  return {
    server: text(object, ...at, 'address'),
    caData,
    insecure: flag(object, ...at, 'insecure'),
    proxyUrl: text(object, ...at, 'proxy-url'),
  };
}

const endpointOf = (object: KubernetesObject): Endpoint =>
  isSecret(object)
    ? secretEndpoint(object)
    : isKind(object, gateway)
      ? gatewayEndpoint(object)
      : { server: urlOf(text(object, 'spec', 'endpoint')) };

/** The version vela-core once wrote into an annotation, as JSON. */
function versionOf(object: KubernetesObject, warn: Warn): string | undefined {
  const annotation = text(object, 'metadata', 'annotations', `${kubevelaGroup}/cluster-version`);
  if (annotation === undefined) return undefined;
  try {
    const { gitVersion, major, minor } = JSON.parse(annotation) as Record<string, unknown>;
    if (typeof gitVersion === 'string' && gitVersion) return gitVersion;
    return typeof major === 'string' && typeof minor === 'string' ? `v${major}.${minor.replace(/\D/g, '')}` : undefined;
  } catch {
    warn('its version annotation is not JSON, left out');
    return undefined;
  }
}

/** Of a Secret by annotation, of a gateway by status; a gateway that is not checked says `healthy: false` without a reason. */
function healthOf(object: KubernetesObject): Cluster['conditions'] {
  const time = text(object, 'metadata', 'creationTimestamp');
  const annotation = text(object, 'metadata', 'annotations', `status.${kubevelaGroup}/healthy`);
  const healthy = isKind(object, gateway)
    ? flag(object, 'status', 'healthy')
    : annotation && /^(1|t|true)$/i.test(annotation);
  const reason = isKind(object, gateway)
    ? text(object, 'status', 'healthyReason')
    : text(object, 'metadata', 'annotations', `status.${kubevelaGroup}/healthy-reason`);
  if (healthy === true) return [condition('ControlPlaneHealthy', 'True', 'Healthy', { time })];
  return healthy === undefined || !reason ? [] : [condition('ControlPlaneHealthy', 'False', reason, { time })];
}

function joinedOf(object: KubernetesObject): Cluster['conditions'] {
  const accepted = isKind(object, virtual) ? flag(object, 'spec', 'accepted') : undefined;
  const time = text(object, 'metadata', 'creationTimestamp');
  return accepted === undefined
    ? []
    : [condition('Joined', accepted ? 'True' : 'False', accepted ? 'Accepted' : 'NotAccepted', { time })];
}

function translate({ object }: Item<KubernetesObject>, context: Context): Cluster | undefined {
  const type =
    labelOf(object, credentialType) ??
    text(object, 'spec', 'credential-type') ??
    text(object, 'spec', 'access', 'credential', 'type');
  if (type === 'Internal' && !context.options.includeHub)
    return context.leaveOut(object.kind, "of KubeVela's own cluster", '--include-hub');
  if (type === undefined) context.warn('its Secret has the label of KubeVela 1.1, which vela-core renames');
  if (type === 'X509') context.warn('credential type X509 is X509Certificate in KubeVela, which rejects this one');
  const endpoint = endpointOf(object);
  const proxied =
    labelOf(object, `${kubevelaGroup}/cluster-endpoint-type`) === 'ClusterProxy' ||
    text(object, 'spec', 'access', 'endpoint', 'type') === 'ClusterProxy';
  return {
    ...subjectOf(object),
    displayName:
      text(object, 'metadata', 'annotations', `${kubevelaGroup}/cluster-alias`) ?? text(object, 'spec', 'alias'),
    labels: userLabels(object, /(^|\.)cluster\.core\.oam\.dev$/),
    version: versionOf(object, context.warn),
    conditions: [...(healthOf(object) ?? []), ...(joinedOf(object) ?? [])],
    properties: {
      [`access-mode.${domain}`]: proxied ? 'proxy' : undefined,
      [`credential-type.${domain}`]: typeof type === 'string' ? type : undefined,
    },
    access: [reach(manager, endpoint, context.warn)],
  };
}

export default importer<Item<KubernetesObject>, typeof flags>({
  ...inventory,
  manager,
  options: flags,
  accepts,
  join,
  translate,
});
