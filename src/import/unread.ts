import type {
  Cluster,
  ReportedCondition,
  ReportedProvider,
  UnknownFacts,
  UnreadKey,
} from '../profile/clusterprofile.ts';
import type { ObjectReader } from '../documents/unread.ts';
import { isKind, isObject } from '../object.ts';
import { isKubernetesVersion } from '../profile/kubernetes-version.ts';
import type { Listener } from '../util/notices.ts';

/** How messages name what of an access provider was there and could not be read. */
const partNames: Record<UnreadKey, string> = {
  server: 'server',
  'certificate-authority-data': 'CA',
  'tls-server-name': 'tls-server-name',
  'proxy-url': 'proxy URL',
};

const unknownOfProvider = ({ unread = [] }: ReportedProvider): UnknownFacts[] =>
  unread.map((key) => ({ part: partNames[key], failed: true, access: key === 'server' ? true : [key] }));

/** The conditions without those whose time is none, where nothing else gives them a time. */
function separateTimes(cluster: Cluster, { warn, partial }: Listener, asOf: string | undefined): Cluster {
  const { conditions = [], unknown = [], compat } = cluster;
  const unread = conditions.filter((each) => each?.unreadTime !== undefined);
  if (unread.length === 0) return cluster;
  const plain = (each: (typeof conditions)[number]): (typeof conditions)[number] => {
    const { unreadTime: _none, ...rest } = each ?? {};
    return each && (rest as ReportedCondition);
  };
  const isKept = compat ?? asOf !== undefined;
  for (const each of unread) {
    const found = `the time of its ${each?.type} ${JSON.stringify(each?.unreadTime)} is no time`;
    if (isKept) warn(`${found}, ${asOf ?? 'none'} stands in for it`);
    else partial(`${found}, not read`);
  }
  if (isKept) return { ...cluster, conditions: conditions.map(plain) };
  const types = unread.flatMap((each) => (each ? [each.type] : []));
  return {
    ...cluster,
    conditions: conditions.filter((each) => each?.unreadTime === undefined),
    unknown: [...unknown, { part: 'time of a condition', failed: true, conditions: types }],
  };
}

/** Whether nothing tells how a cluster is reached, and nothing would have. */
export const hasNoServer = ({ access = [], unknown = [] }: Cluster): boolean =>
  !access.some((provider) => provider?.cluster?.server ?? provider?.unread) &&
  !unknown.some((facts) => facts?.access === true);

/** A cluster of whose object nobody has told a status: a manifest of a repository has none, nor has what was just made. */
export function keepUntold(cluster: Cluster, object: unknown, { kinds = [] }: ObjectReader): Cluster {
  if (!isObject(object) || Object.keys((object['status'] as object | undefined) ?? {}).length > 0) return cluster;
  if (!kinds.some((kind) => kind.group !== '' && isKind(object, kind))) return cluster;
  const every = [/./];
  const untold = {
    part: 'status',
    failed: false,
    version: true,
    conditions: every,
    properties: every,
    access: true,
  } as const;
  return { ...cluster, unknown: [...(cluster.unknown ?? []), untold] };
}

/**
 * A cluster whose facts are all what they should be: what is there and is none is unknown, and said. Only what a
 * source's own controller writes stays as it is. `asOf` stands in for the time of a condition that has none.
 */
export function separateUnread(given: Cluster, listener: Listener, asOf: string | undefined): Cluster {
  const { warn, partial } = listener;
  const cluster = separateTimes(given, listener, asOf);
  const { version, access = [], unknown = [], compat } = cluster;
  const ofAccess = access.flatMap((provider) => (provider ? unknownOfProvider(provider) : []));
  const known = ofAccess.length === 0 ? cluster : { ...cluster, unknown: [...unknown, ...ofAccess] };
  if (!version || isKubernetesVersion(version)) return known;
  const found = `its version ${JSON.stringify(version)} is no Kubernetes version`;
  if (compat) {
    warn(found);
    return known;
  }
  partial(`${found}, not read`);
  const unread: UnknownFacts = { part: 'version', failed: true, version: true };
  return { ...known, version: undefined, unknown: [...(known.unknown ?? []), unread] };
}
