// https://github.com/oam-dev/cluster-gateway/tree/master/pkg/apis/cluster/v1alpha1
import { option } from '../../options.ts';
import { domain, type Cluster, type UnknownFacts } from '../../profile/clusterprofile.ts';
import { buildCondition } from '../../import/kit/conditions.ts';
import { buildAccessProvider, type Endpoint } from '../../profile/endpoint.ts';
import { peekAt, readSubject, filterUserLabels } from '../../import/kit/facts.ts';
import { flag, isKind, isObject, text, type KubernetesObject } from '../../object.ts';
import { parseGoJson } from '../../documents/json.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  isSecret,
  defineSecretKind,
  explainUnlabelled,
  holdsKey,
  missKey,
  readSecretText,
} from '../../import/kit/secrets.ts';
import {
  defineImporter,
  type Item,
  type ImportContext,
  type ListContext,
  unknownOf,
} from '../../import/kit/importer.ts';
import { kubevelaGroup, credentialType } from './kinds.ts';

const flags = {
  includeHub: option.flag('--include-hub', 'the control plane itself too (local)'),
};
type Context = ImportContext<typeof flags>;

const manager = 'kubevela';

const oldCredentialType = `${kubevelaGroup}/cluster-credential`;

const velaVersions = ['v1alpha1'];

/** Aggregated APIs: VirtualCluster holds no credential, ClusterGateway holds them inline. */
const virtual = {
  group: kubevelaGroup,
  versions: velaVersions,
  kind: 'VirtualCluster',
  plural: 'virtualclusters',
  clusterScoped: true,
};

const gateway = {
  group: kubevelaGroup,
  versions: velaVersions,
  kind: 'ClusterGateway',
  plural: 'clustergateways',
  clusterScoped: true,
};

const velaSecret = defineSecretKind('vela-system', credentialType);

const inventory = fromKinds([virtual, velaSecret]);

/** Where a VirtualCluster stands for a Secret, the Secret tells more of a cluster that is known; else it is all there is. */
async function* list(context: ListContext<typeof flags>): AsyncIterable<unknown> {
  let found = false;
  for await (const object of context.objects(virtual)) {
    found = true;
    yield object;
  }
  yield* found ? context.details(velaSecret) : context.objects(velaSecret);
}

/** What its Secret would tell of a cluster, where it was not read. */
const unknownOfCluster = (object: KubernetesObject, context: Context): UnknownFacts | undefined =>
  isKind(object, virtual)
    ? unknownOf(
        velaSecret,
        {
          displayName: true,
          version: true,
          labels: true,
          conditions: ['ControlPlaneHealthy'],
          properties: [`access-mode.${domain}`, `credential-type.${domain}`],
          access: true,
        },
        context,
      )
    : undefined;

const readLabel = (object: unknown, key: string): unknown => peekAt(object, 'metadata', 'labels', key);

const isVelaSecret = (object: unknown): object is KubernetesObject =>
  isSecret(object) && [credentialType, oldCredentialType].some((key) => readLabel(object, key) !== undefined);

/** `endpoint` with a login beside it, as vela-core writes both kinds of its Secrets. */
const looksLikeVela = (secret: KubernetesObject): boolean =>
  holdsKey(secret, 'endpoint') && ['token', 'tls.key'].some((key) => holdsKey(secret, key));

const acceptsVela = (object: unknown): boolean =>
  isKind(object, virtual) || isKind(object, gateway) || isVelaSecret(object);

const rankSource = (object: KubernetesObject): number =>
  [isSecret(object), isKind(object, gateway), true].indexOf(true);

/** The same cluster as Secret and as aggregated object: a Secret knows most, a gateway knows its health. */
function join(objects: unknown[]): Item<KubernetesObject>[] {
  const byName = new Map<string, KubernetesObject>();
  for (const object of objects as KubernetesObject[]) {
    const there = byName.get(object.metadata.name);
    if (!there || rankSource(object) < rankSource(there)) byName.set(object.metadata.name, object);
  }
  return [...byName.values()].map((object) => ({ object }));
}

/** A URL, and not what VirtualCluster puts in its place: `-`, or the type of the endpoint. */
const toUrl = (endpoint: string | undefined): string | undefined =>
  /^https?:\/\//.test(endpoint ?? '') ? endpoint : undefined;

function readSecretEndpoint(object: KubernetesObject): Endpoint {
  if (readLabel(object, `${kubevelaGroup}/cluster-endpoint-type`) === 'ClusterProxy') return {};
  const caPem = readSecretText(object, 'ca.crt') ?? readSecretText(object, 'ca');
  return {
    server: readSecretText(object, 'endpoint')?.trim(),
    caPem,
    insecure: !caPem,
    proxyUrl: readSecretText(object, 'proxy-url')?.trim(),
  };
}

function readGatewayEndpoint(object: KubernetesObject): Endpoint {
  const at = ['spec', 'access', 'endpoint', 'const'];
  const caData = text(object, ...at, 'caBundle');
  return {
    server: text(object, ...at, 'address'),
    caData,
    insecure: flag(object, ...at, 'insecure'),
    proxyUrl: text(object, ...at, 'proxy-url'),
  };
}

const readVelaEndpoint = (object: KubernetesObject): Endpoint =>
  isSecret(object)
    ? readSecretEndpoint(object)
    : isKind(object, gateway)
      ? readGatewayEndpoint(object)
      : { server: toUrl(text(object, 'spec', 'endpoint')) };

/** The version vela-core once wrote into an annotation, as JSON. */
function readVelaVersion(object: KubernetesObject, { partial }: Context): Pick<Cluster, 'version' | 'unknown'> {
  const annotation = text(object, 'metadata', 'annotations', `${kubevelaGroup}/cluster-version`);
  if (!annotation) return {};
  const { gitVersion, major, minor } = parseVersionAnnotation(annotation);
  if (typeof gitVersion === 'string' && gitVersion) return { version: gitVersion };
  if (typeof major === 'string' && typeof minor === 'string')
    return { version: `v${major}.${minor.replace(/\D/g, '')}` };
  partial('its version annotation has no version in JSON, not read');
  return { unknown: [{ part: 'version annotation', failed: true, version: true }] };
}

function parseVersionAnnotation(annotation: string): Record<string, unknown> {
  try {
    const found = parseGoJson(annotation, { gitVersion: true, major: true, minor: true }, 'version annotation');
    return isObject(found) ? found : {};
  } catch {
    return {};
  }
}

/** Of a Secret by annotation, of a gateway by status; a gateway that is not checked says `healthy: false` without a reason. */
function readVelaHealth(object: KubernetesObject): Cluster['conditions'] {
  const time = text(object, 'metadata', 'creationTimestamp');
  const annotation = text(object, 'metadata', 'annotations', `status.${kubevelaGroup}/healthy`);
  const healthy = isKind(object, gateway)
    ? flag(object, 'status', 'healthy')
    : annotation && /^(1|t|true)$/i.test(annotation);
  const reason = isKind(object, gateway)
    ? text(object, 'status', 'healthyReason')
    : text(object, 'metadata', 'annotations', `status.${kubevelaGroup}/healthy-reason`);
  if (healthy === true) return [buildCondition('ControlPlaneHealthy', 'True', 'Healthy', { time })];
  return healthy === undefined || !reason ? [] : [buildCondition('ControlPlaneHealthy', 'False', reason, { time })];
}

function readVelaJoined(object: KubernetesObject): Cluster['conditions'] {
  const accepted = isKind(object, virtual) ? flag(object, 'spec', 'accepted') : undefined;
  const time = text(object, 'metadata', 'creationTimestamp');
  return accepted === undefined
    ? []
    : [buildCondition('Joined', accepted ? 'True' : 'False', accepted ? 'Accepted' : 'NotAccepted', { time })];
}

function translate({ object }: Item<KubernetesObject>, context: Context): Cluster | undefined {
  const type =
    readLabel(object, credentialType) ??
    text(object, 'spec', 'credential-type') ??
    text(object, 'spec', 'access', 'credential', 'type');
  if (type === 'Internal' && !context.options.includeHub)
    return context.leaveOut(object.kind, "of KubeVela's own cluster", '--include-hub');
  if (type === undefined) context.warn('its Secret has the label of KubeVela 1.1, which vela-core renames');
  if (type === 'X509') context.warn('credential type X509 is X509Certificate in KubeVela, which rejects this one');
  const endpoint = readVelaEndpoint(object);
  const proxied =
    readLabel(object, `${kubevelaGroup}/cluster-endpoint-type`) === 'ClusterProxy' ||
    text(object, 'spec', 'access', 'endpoint', 'type') === 'ClusterProxy';
  const isLost = isSecret(object) && !proxied && !readSecretText(object, 'endpoint')?.trim();
  const unknown = isLost ? missKey(object, 'endpoint', context) : unknownOfCluster(object, context);
  const version = readVelaVersion(object, context);
  return {
    ...readSubject(object),
    displayName:
      text(object, 'metadata', 'annotations', `${kubevelaGroup}/cluster-alias`) ?? text(object, 'spec', 'alias'),
    labels: filterUserLabels(object, /(^|\.)cluster\.core\.oam\.dev$/),
    version: version.version,
    conditions: [
      ...(readVelaHealth(object) ?? []),
      ...(unknown?.failed && !isLost ? [] : (readVelaJoined(object) ?? [])),
    ],
    properties: {
      [`access-mode.${domain}`]: proxied ? 'proxy' : undefined,
      [`credential-type.${domain}`]: typeof type === 'string' ? type : undefined,
    },
    access: [buildAccessProvider(manager, endpoint, context)],
    unknown: [unknown, ...(version.unknown ?? [])],
  };
}

export default defineImporter<Item<KubernetesObject>, typeof flags>({
  ...inventory,
  otherKinds: [gateway],
  manager,
  options: flags,
  accepts: acceptsVela,
  explainNearly: (object) => explainUnlabelled(object, credentialType, looksLikeVela),
  list,
  join,
  translate,
});
