import { byText } from '../util/text.ts';

/** Counts of a fleet: what clusters have in common, and how many. */

/** How many clusters have something in common. */
export interface Share {
  /** Empty for those that do not say. */
  name: string;
  clusters: number;
}

/** The clusters of one minor version of Kubernetes. */
export interface VersionShare extends Share {
  /** Minor versions behind the newest of the fleet; absent without a version, and for another major version. */
  behind?: number;
}

/** A count by name. */
export class Count {
  readonly #clusters = new Map<string, number>();

  add(name: string): void {
    this.#clusters.set(name, (this.#clusters.get(name) ?? 0) + 1);
  }

  /** The largest first; those that do not say at the end. */
  list(): Share[] {
    const shares = [...this.#clusters].map(([name, clusters]) => ({ name, clusters }));
    return shares.toSorted(
      (a, b) => Number(a.name === '') - Number(b.name === '') || b.clusters - a.clusters || byText(a.name, b.name),
    );
  }
}

/** `1.33` of any version of it; empty for what is none. */
export const readMinor = (version: string): string => /^v?(\d+\.\d+)(?!\d)/.exec(version)?.[1] ?? '';

const splitMinor = (minor: string): [major: number, minor: number] => {
  const [major = 0, rest = 0] = minor.split('.').map(Number);
  return [major, rest];
};

/** The newest version first, with how far each is behind it. */
export function sortVersions(shares: readonly Share[]): VersionShare[] {
  const sorted = shares.toSorted((a, b) => {
    const [left, right] = [splitMinor(a.name), splitMinor(b.name)];
    return Number(a.name === '') - Number(b.name === '') || right[0] - left[0] || right[1] - left[1];
  });
  const [major, newest] = splitMinor(sorted[0]?.name ?? '');
  return sorted.map((share) => {
    const [own, minor] = splitMinor(share.name);
    return share.name === '' || own !== major ? share : { ...share, behind: newest - minor };
  });
}
