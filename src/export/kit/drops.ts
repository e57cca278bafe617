import type { CommonDrop, Drop, FieldPath } from './exporter.ts';
import { providerUsed, type ProviderConfig } from '../../access/provider.ts';
import { domain, keys, nameOf, tool, type ClusterAccess, type ClusterProfile } from '../../profile/clusterprofile.ts';

type Unnamed = Omit<Drop, 'name'>;

const ofProfile = (at: FieldPath, has: Unnamed['has']): Unnamed => ({ at: () => at, has });

const ofCluster = (field: keyof ClusterAccess, vital: boolean): Unnamed => ({
  has: (_profile, provider) => (provider?.cluster?.[field] ?? false) !== false,
  at: (provider) => [...provider, 'cluster', field],
  vital,
});

const ofExtension = (wanted: (name: string) => boolean, vital: boolean): Unnamed => ({
  has: (_profile, provider) => provider?.cluster?.extensions?.some(({ name }) => wanted(name)) ?? false,
  at: (provider) => [...provider, 'cluster', 'extensions'],
  vital,
});

/** A drop of labels: those whose keys are wanted. */
export const dropOfLabels = (name: string, wanted: (key: string) => boolean): Drop => ({
  name,
  ...ofProfile(['metadata', 'labels'], ({ metadata }) => Object.keys(metadata.labels ?? {}).some(wanted)),
});

/** Those that have a meaning here; under our own name are marks of `--merge`. */
export const knownExtensions: ReadonlySet<string> = new Set([
  keys.execExtension,
  keys.argsExtension,
  keys.envsExtension,
  domain,
]);

const commonDrops: Readonly<Record<CommonDrop, Unnamed>> = {
  labels: ofProfile(['metadata', 'labels'], ({ metadata }) => Object.keys(metadata.labels ?? {}).length > 0),
  'label app.kubernetes.io/managed-by': ofProfile(
    ['metadata', 'labels', keys.managedByLabel],
    ({ metadata }) => (metadata.labels?.[keys.managedByLabel] ?? tool) !== tool,
  ),
  displayName: ofProfile(
    ['spec', 'displayName'],
    ({ spec, metadata }) => spec?.displayName !== undefined && spec.displayName !== metadata.name,
  ),
  version: ofProfile(['status', 'version'], ({ status }) => status?.version?.kubernetes !== undefined),
  conditions: ofProfile(['status', 'conditions'], ({ status }) => (status?.conditions ?? []).length > 0),
  properties: ofProfile(['status', 'properties'], ({ status }) => (status?.properties ?? []).length > 0),
  'proxy-url': ofCluster('proxy-url', true),
  'tls-server-name': ofCluster('tls-server-name', true),
  'disable-compression': ofCluster('disable-compression', false),
  'insecure-skip-tls-verify': ofCluster('insecure-skip-tls-verify', true),
  'exec extension': ofExtension((name) => name === keys.execExtension, true),
  'additional-args': ofExtension((name) => name === keys.argsExtension, true),
  'additional-envs': ofExtension((name) => name === keys.envsExtension, true),
  'other extensions': ofExtension((name) => !knownExtensions.has(name), false),
};

/** A drop by its name, or as it is. */
export const dropOf = (drop: CommonDrop | Drop): Drop =>
  typeof drop === 'string' ? { name: drop, ...commonDrops[drop] } : drop;

/** What is in a profile, and in the provider that would be used, among what the consumer has no place for. */
export function droppedFrom(
  profile: ClusterProfile,
  drops: readonly Drop[],
  providers: readonly ProviderConfig[],
): Drop[] {
  const provider = providerUsed(profile, providers);
  return drops.filter(({ has }) => has(profile, provider));
}

/** What is in profiles and the consumer has no place for, with the names of these profiles. */
export function namesByDrop(
  drops: readonly Drop[],
  profiles: readonly ClusterProfile[],
  providers: readonly ProviderConfig[],
): [drop: Drop, names: string[]][] {
  const dropping = new Map<Drop, string[]>(drops.map((drop) => [drop, []]));
  for (const profile of profiles)
    for (const drop of droppedFrom(profile, drops, providers)) dropping.get(drop)?.push(nameOf(profile));
  return [...dropping].filter(([, names]) => names.length > 0);
}
