import { accessProvidersOf, conditionOf, keys, nameOf, type ClusterProfile } from './clusterprofile.ts';
import { groupBy } from '../util/collections.ts';
import type { Warn } from '../util/notices.ts';

/** The profiles of a read that a consumer should act on. */
export interface Members {
  kept: ClusterProfile[];
  /** Nobody can say which of some profiles counts, so that a cluster is left out altogether. */
  undecided: boolean;
}

/** The oldest of several profiles; `undefined` where two are equally old, or nothing says how old they are. */
function findOldest(twins: readonly ClusterProfile[]): ClusterProfile | undefined {
  const ages = twins.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''));
  const first = Math.min(...ages);
  const oldest = twins.filter((_twin, index) => ages[index] === first);
  return oldest.length === 1 ? oldest[0] : undefined;
}

/** What a profile stands for, in its namespace; `undefined` without a member id. */
export const identifyMember = ({ metadata: { labels, namespace = '' } }: ClusterProfile): string | undefined => {
  const id = labels?.[keys.memberIdLabel];
  return id ? `${namespace}/${id}` : undefined;
};

/** What tells that two profiles stand for one member: its id, or its server together with its CA. */
export function listIdentities(profile: ClusterProfile): string[] {
  const id = profile.metadata.labels?.[keys.memberIdLabel];
  const reached = accessProvidersOf(profile).flatMap(({ cluster }) => {
    const ca = cluster?.['certificate-authority-data'];
    return cluster?.server && ca ? [`${cluster.server} ${ca}`] : [];
  });
  return [...(id ? [id] : []), ...reached];
}

/**
 * A member is acted on once: of the profiles of one namespace with one `inventory-member-id` the oldest counts, and of
 * several that are the oldest none (cluster-inventory-api, "Guidelines for consumers"). The order stays; every cluster
 * with several profiles is a warning.
 */
export function chooseMembers(profiles: readonly ClusterProfile[], warn: Warn = () => {}): Members {
  const groups = groupBy(profiles, identifyMember);
  const dropped = new Set<ClusterProfile>();
  let undecided = false;
  for (const twins of groups.values()) {
    if (twins.length === 1) continue;
    const oldest = findOldest(twins);
    undecided ||= oldest === undefined;
    for (const twin of twins) if (twin !== oldest) dropped.add(twin);
    const names = twins.map(nameOf).join(' and ');
    warn(
      oldest
        ? `${names} are one cluster (${keys.memberIdLabel}): the oldest, ${nameOf(oldest)}, counts`
        : `${names} are one cluster (${keys.memberIdLabel}), and nothing says which is the oldest: none counts`,
    );
  }
  return { kept: profiles.filter((profile) => !dropped.has(profile)), undecided };
}

/** True for a member that says it is well, and does not say it has left. */
export const isHealthy = (profile: ClusterProfile): boolean =>
  conditionOf(profile, 'ControlPlaneHealthy')?.status === 'True' && conditionOf(profile, 'Joined')?.status !== 'False';
