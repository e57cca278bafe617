import type { Rename } from '../documents/yaml-rename.ts';
import { isObject } from '../object.ts';
import { accessProvidersOf, group, profileKind, type ClusterProfile } from './clusterprofile.ts';

/** The versions of the API that this tool reads and writes, the latest first. */
export const knownVersions = ['v1alpha2', 'v1alpha1'] as const;

export type KnownVersion = (typeof knownVersions)[number];

export const isKnownVersion = (version: string): version is KnownVersion =>
  knownVersions.some((known) => known === version);

/** The version that a profile is written in. */
export const versionOf = ({ apiVersion }: Pick<ClusterProfile, 'apiVersion'>): string =>
  apiVersion.slice(group.length + 1);

/** Whether a profile has, in that version, something that another one does not have. */
export const movesProviders = (profile: ClusterProfile, version: string): boolean =>
  version === 'v1alpha2' && versionOf(profile) !== version && profile.status?.credentialProviders !== undefined;

/**
 * The profile in another version: v1alpha2 has no `credentialProviders`, which are access providers under their older
 * name. One of a version that this tool does not know stays as it is.
 */
export function convertProfile(profile: ClusterProfile, version: string): ClusterProfile {
  const own = versionOf(profile);
  if (own === version || !isKnownVersion(own) || !isKnownVersion(version)) return profile;
  const converted = { ...profile, apiVersion: `${group}/${version}` };
  if (!movesProviders(profile, version)) return converted;
  const { credentialProviders: _older, ...status } = profile.status ?? {};
  return { ...converted, status: { ...status, accessProviders: accessProvidersOf(profile) } };
}

const [latest, earlier] = knownVersions.map((version) => `${group}/${version}`) as [string, string];

/** The kinds that v1alpha2 has too, and lists of them. */
const migrated = [profileKind, 'PlacementDecision'].flatMap((kind) => [kind, `${kind}List`]);

/** True for an object of this API that is still written in v1alpha1. */
export const isEarlier = (object: unknown): boolean =>
  isObject(object) && object['apiVersion'] === earlier && migrated.some((kind) => kind === object['kind']);

/** Why an object cannot be rewritten word by word; `undefined` where it can. */
export function explainUnmovable(object: unknown): string | undefined {
  const status = isObject(object) ? object['status'] : undefined;
  const has = (name: string): boolean => isObject(status) && status[name] !== undefined;
  if (!isEarlier(object) || !has('credentialProviders') || !has('accessProviders')) return undefined;
  return 'it has accessProviders and credentialProviders: make one list of them';
}

/** What has to be written otherwise for an object of v1alpha1 to be one of v1alpha2. */
export function listRenames(object: unknown): Rename[] {
  if (!isEarlier(object) || explainUnmovable(object) !== undefined) return [];
  return [
    { path: ['apiVersion'], what: 'value', from: earlier, to: latest },
    { path: ['status', 'credentialProviders'], what: 'key', from: 'credentialProviders', to: 'accessProviders' },
  ];
}
