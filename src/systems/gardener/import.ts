// https://gardener.cloud/docs/gardener/shoot/shoot_status/
import { option } from '../../options.ts';
import { byText } from '../../util/text.ts';
import { domain, keys, type Cluster, type ReportedCondition } from '../../profile/clusterprofile.ts';
import { carryCondition, buildCondition, buildDeleting, buildNotReported } from '../../import/kit/conditions.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import { normaliseServerUrl } from '../../profile/endpoint/server-url.ts';
import { peekAt, readSubject, filterUserLabels, toSmallLetters } from '../../import/kit/facts.ts';
import { flag, isKind, maps, readEach, text, texts, type KubernetesObject } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { defineImporter, type Item, type ImportContext, unknownOf } from '../../import/kit/importer.ts';
import { suffix } from './kinds.ts';

const flags = {
  readCa: option.flag('--no-read-ca', 'do not read the CAs in ConfigMaps: those in the inventory stay'),
  internalEndpoint: option.flag(
    '--internal-endpoint',
    'the address that is advertised as internal, instead of the external one',
  ),
};
type Context = ImportContext<typeof flags>;

const manager = 'gardener';

/** Served by gardener-apiserver: there is no CRD to look for. */
const shoot = { group: 'core.gardener.cloud', versions: ['v1beta1'], kind: 'Shoot', plural: 'shoots' };

const inventory = fromKinds([shoot]);

const shootAuthorityKind = {
  group: '',
  versions: ['v1'],
  kind: 'ConfigMap',
  plural: 'configmaps',
  labelSelector: 'gardener.cloud/role=ca-cluster',
};

const isAuthority = (object: unknown): object is KubernetesObject =>
  isKind(object, shootAuthorityKind) && String(peekAt(object, 'metadata', 'name')).endsWith(suffix);

/** A Shoot with the ConfigMap of its CA. */
interface WithAuthority extends Item<KubernetesObject> {
  authority: KubernetesObject | undefined;
}

const formatShootKey = (object: unknown, end = ''): string =>
  `${['namespace', 'name'].map((field) => peekAt(object, 'metadata', field)).join('/')}${end}`;

function join(objects: unknown[]): WithAuthority[] {
  const byName = new Map(objects.filter(isAuthority).map((object) => [formatShootKey(object), object]));
  const shoots = objects.filter((object): object is KubernetesObject => isKind(object, shoot));
  return shoots.map((object) => ({ object, authority: byName.get(formatShootKey(object, suffix)) }));
}

const severity = ['False', 'Unknown', 'True'];

/** The worse of the two that are about the control plane. A hibernated one is scaled to zero, with every condition True. */
function readShootHealth(object: KubernetesObject): ReportedCondition {
  const own = carryCondition(object, 'ControlPlaneHealthy', 'ControlPlaneHealthy');
  const both = [own, carryCondition(object, 'APIServerAvailable', 'ControlPlaneHealthy')]
    .filter((each) => each !== undefined)
    .toSorted((a, b) => severity.indexOf(a.status) - severity.indexOf(b.status));
  const worst = both[0] ?? buildNotReported(object, 'ControlPlaneHealthy');
  if (!flag(object, 'status', 'hibernated')) return worst;
  return { ...worst, status: 'False', reason: 'Hibernated' };
}

function readShootJoined(object: KubernetesObject): ReportedCondition {
  const [type, state] = ['type', 'state'].map((field) => text(object, 'status', 'lastOperation', field));
  const time = text(object, 'metadata', 'creationTimestamp');
  const deleting = buildDeleting(object);
  if (deleting) return deleting;
  if (type === 'Delete') return buildCondition('Joined', 'False', 'Deleting', { time });
  if (type === 'Create' && state !== 'Succeeded')
    return buildCondition('Joined', 'False', 'Creating', { message: state, time });
  const reported = type !== undefined || maps(object, 'status', 'conditions').length > 0;
  return reported ? buildCondition('Joined', 'True', 'Created', { time }) : buildNotReported(object, 'Joined');
}

const readShootZones = (object: KubernetesObject): string =>
  [...new Set(readEach(object, ['spec', 'provider', 'workers'], (worker) => texts(worker, 'zones')).flat())]
    .toSorted(byText)
    .join(',');

/** The others are no API servers (`service-account-issuer`, `ingress/…`), or for Gardener alone. */
const addresses = ['external', 'unmanaged', 'wildcard-tls-seed-bound'];

function accessOf({ object, authority: found }: WithAuthority, context: Context): Pick<Cluster, 'access' | 'unknown'> {
  const { options, warn } = context;
  const advertised = readEach(object, ['status', 'advertisedAddresses'], (each) => ({
    name: text(each, 'name'),
    url: text(each, 'url'),
  }));
  const named = (name: string): string | undefined => advertised.find((each) => each.name === name)?.url;
  const isServer = (each: string): boolean => normaliseServerUrl(named(each)) !== undefined;
  const name = options.internalEndpoint ? 'internal' : (addresses.find(isServer) ?? addresses.find(named));
  const server = name && named(name);
  // A wildcard certificate of the seed is not signed by the cluster's own CA.
  if (!server || name === 'wildcard-tls-seed-bound')
    return { access: [buildAccessProvider(manager, { server }, context)] };
  const caPem = text(found, 'data', 'ca.crt');
  const facts = { access: ['certificate-authority-data'] as const };
  const { name: shootName } = object.metadata;
  if (found && !caPem) {
    const part = `ConfigMap ${shootName}${suffix}`;
    context.partial(`${part} has no ca.crt`);
    return { access: [buildAccessProvider(manager, { server }, context)], unknown: [{ part, failed: true, ...facts }] };
  }
  const unknown = found ? undefined : unknownOf(shootAuthorityKind, facts, context);
  if (!caPem && !unknown?.failed) warn(`its CA is in ConfigMap ${shootName}${suffix}, which was not read`);
  return { access: [buildAccessProvider(manager, { server, caPem }, context)], unknown: [unknown] };
}

/** `status.uid` survives that a Shoot is restored elsewhere; until it is set, it is going to be the object's own. */
const readShootId = (object: KubernetesObject): string | undefined =>
  text(object, 'status', 'uid') || text(object, 'metadata', 'uid');

function translate(item: WithAuthority, context: Context): Cluster {
  const { object } = item;
  const subject = readSubject(object);
  const namespace = text(object, 'metadata', 'namespace');
  const version = text(object, 'spec', 'kubernetes', 'version');
  return {
    ...subject,
    namespace,
    memberId: readShootId(object),
    labels: filterUserLabels(object, /(^|\.)gardener\.cloud$/),
    version,
    conditions: [readShootHealth(object), readShootJoined(object)],
    properties: {
      [`group.${domain}`]: namespace?.replace(/^garden-/, ''),
      [`hibernated.${domain}`]: flag(object, 'status', 'hibernated') ? 'true' : undefined,
      [`provider.${domain}`]: toSmallLetters(text(object, 'spec', 'provider', 'type') ?? ''),
      [`purpose.${domain}`]: text(object, 'spec', 'purpose'),
      [`seed.${domain}`]: text(object, 'status', 'seedName') ?? text(object, 'spec', 'seedName'),
      [keys.versionSourceProperty]: version && 'desired',
      [keys.regionProperty]: text(object, 'spec', 'region'),
      [keys.zoneProperty]: readShootZones(object),
    },
    ...accessOf(item, context),
  };
}

export default defineImporter<WithAuthority, typeof flags>({
  ...inventory,
  manager,
  options: flags,
  otherKinds: [shootAuthorityKind],
  accepts: (object) => inventory.accepts(object) || isAuthority(object),
  async *list(context) {
    yield* inventory.list(context);
    if (context.options.readCa) yield* context.details(shootAuthorityKind, 'with --no-read-ca none is asked for');
  },
  join,
  translate,
});
