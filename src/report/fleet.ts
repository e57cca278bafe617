import {
  accessProvidersOf,
  clusterSetOf,
  conditionOf,
  keys,
  nameOf,
  propertyOf,
  type ClusterProfile,
} from '../profile/clusterprofile.ts';
import { readBundle } from '../profile/endpoint/certificates.ts';
import { listIdentities } from '../profile/members.ts';
import { showServer } from '../redact/url-credentials.ts';
import { byText } from '../util/text.ts';
import { Count, readMinor, sortVersions, type Share, type VersionShare } from './counts.ts';

/** One cluster in a list of all. */
export interface FleetCluster {
  /** `namespace/name`. */
  name: string;
  manager: string;
  clusterSet: string;
  region: string;
  version: string;
  /** `True`, `False` or `Unknown`, as `ControlPlaneHealthy` says. */
  health: string;
  /** Why, in the words of the condition. */
  reason: string;
  server: string;
}

/** A CA that ends, or has ended. */
export interface Ending {
  /** `namespace/name`. */
  cluster: string;
  /** RFC 3339. */
  expires: string;
}

/** A fleet at a glance: counts with the largest first, and what somebody should look at, by `namespace/name`. */
export interface Fleet {
  clusters: number;
  namespaces: Share[];
  managers: Share[];
  clusterSets: Share[];
  regions: Share[];
  /** The newest first. */
  versions: VersionShare[];
  health: Share[];
  unhealthy: string[];
  unknownHealth: string[];
  withoutProvider: string[];
  withoutVersion: string[];
  /** Clusters by how long their CA lasts: `ended`, `30 days`, `90 days`, `1 year`, `longer`. */
  authorities: Share[];
  /** CA certificates that end within 30 days, the first to end first. */
  ending: Ending[];
  /** Profiles that stand for one cluster. */
  duplicates: string[][];
}

/** What decides how clusters are counted. */
interface TallyOptions {
  /** Milliseconds since the epoch. */
  now: number;
  /** ClusterSets by namespace, for profiles that do not say themselves. */
  clusterSets?: ReadonlyMap<string, string>;
}

const day = 86_400_000;
export const warningDays = 30;

/** How long a CA lasts, in words, and up to how many days that is. */
const terms: readonly [name: string, days: number][] = [
  ['ended', 0],
  ['30 days', 30],
  ['90 days', 90],
  ['1 year', 365],
  ['longer', Infinity],
];

/** Where a cluster is, as coarse as it says: for a count, a region tells more than a street. */
const readRegion = (profile: ClusterProfile): string =>
  propertyOf(profile, keys.regionProperty) ??
  propertyOf(profile, keys.locationProperty) ??
  propertyOf(profile, keys.zoneProperty) ??
  '';

const statuses = ['True', 'False'];

/** A cluster of a fleet, as one line of a list. */
export function readCluster(
  profile: ClusterProfile,
  clusterSets: ReadonlyMap<string, string> | undefined,
): FleetCluster {
  const health = conditionOf(profile, 'ControlPlaneHealthy');
  return {
    name: nameOf(profile),
    manager: profile.spec?.clusterManager?.name ?? '',
    clusterSet: clusterSetOf(profile, clusterSets) ?? '',
    region: readRegion(profile),
    version: profile.status?.version?.kubernetes ?? '',
    health: statuses.find((status) => status === health?.status) ?? 'Unknown',
    reason: health?.reason ?? '',
    server: showServer(accessProvidersOf(profile)[0]?.cluster?.server ?? ''),
  };
}

/** Sums profiles up, page by page: nothing of a profile is kept but its name, where somebody should look at it. */
export class FleetTally {
  readonly #counts = {
    namespaces: new Count(),
    managers: new Count(),
    clusterSets: new Count(),
    regions: new Count(),
    versions: new Count(),
    health: new Count(),
    authorities: new Count(),
  };
  readonly #lists = {
    unhealthy: [] as string[],
    unknownHealth: [] as string[],
    withoutProvider: [] as string[],
    withoutVersion: [] as string[],
  };
  readonly #ending: Ending[] = [];
  /** When the first certificate of a CA ends: a fleet may share one. */
  readonly #ends = new Map<string, number>();
  /** The profiles of each cluster, by what tells that it is the same. */
  readonly #members = new Map<string, string[]>();
  readonly #options: TallyOptions;
  #clusters = 0;

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  add(profile: ClusterProfile): FleetCluster {
    const cluster = readCluster(profile, this.#options.clusterSets);
    this.#clusters += 1;
    this.#count(profile, cluster);
    if (cluster.health === 'False') this.#lists.unhealthy.push(cluster.name);
    else if (cluster.health !== 'True') this.#lists.unknownHealth.push(cluster.name);
    if (accessProvidersOf(profile).length === 0) this.#lists.withoutProvider.push(cluster.name);
    if (cluster.version === '') this.#lists.withoutVersion.push(cluster.name);
    this.#noteEnd(profile, cluster.name);
    this.#noteMember(profile, cluster.name);
    return cluster;
  }

  #count(profile: ClusterProfile, { manager, clusterSet, region, version, health }: FleetCluster): void {
    const { namespaces, managers, clusterSets, regions, versions, health: healths } = this.#counts;
    namespaces.add(profile.metadata.namespace ?? '');
    managers.add(manager);
    clusterSets.add(clusterSet);
    regions.add(region);
    versions.add(readMinor(version));
    healths.add(health);
  }

  #noteEnd(profile: ClusterProfile, cluster: string): void {
    const ends = accessProvidersOf(profile).map(({ cluster: at }) =>
      this.#readEnd(at?.['certificate-authority-data'] ?? ''),
    );
    const first = Math.min(...ends);
    if (first === Infinity) return;
    const left = (first - this.#options.now) / day;
    this.#counts.authorities.add(terms.find(([, days]) => left <= days)?.[0] ?? '');
    if (first < this.#options.now + warningDays * day)
      this.#ending.push({ cluster, expires: new Date(first).toISOString().replace(/\.\d+Z$/, 'Z') });
  }

  #readEnd(ca: string): number {
    if (typeof ca !== 'string' || ca === '') return Infinity;
    const known = this.#ends.get(ca);
    if (known !== undefined) return known;
    const end = Math.min(...readBundle(ca).validity.map(({ to }) => to));
    this.#ends.set(ca, end);
    return end;
  }

  #noteMember(profile: ClusterProfile, cluster: string): void {
    const identities = listIdentities(profile);
    const found = identities.map((identity) => this.#members.get(identity)).find((each) => each !== undefined);
    const names = found ?? [];
    names.push(cluster);
    for (const identity of identities) if (!this.#members.has(identity)) this.#members.set(identity, names);
  }

  end(): Fleet {
    const { namespaces, managers, clusterSets, regions, versions, health, authorities } = this.#counts;
    const order = terms.map(([name]) => name);
    return {
      clusters: this.#clusters,
      namespaces: namespaces.list(),
      managers: managers.list(),
      clusterSets: clusterSets.list(),
      regions: regions.list(),
      versions: sortVersions(versions.list()),
      health: health.list(),
      ...this.#lists,
      authorities: authorities.list().toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
      ending: this.#ending.toSorted((a, b) => byText(a.expires, b.expires) || byText(a.cluster, b.cluster)),
      duplicates: [...new Set(this.#members.values())].filter((names) => names.length > 1),
    };
  }
}
