import { providerUsed, type ProviderConfig } from '../access-provider.ts';
import {
  domain,
  keys,
  nameOf,
  tool,
  type AccessProvider,
  type ClusterAccess,
  type ClusterProfile,
} from '../clusterprofile.ts';
import type { Field } from '../system.ts';
import { foreignLabel } from './argocd-labels.ts';

type Path = readonly (string | number)[];

/** What there is to know of a field that some formats have no place for. */
interface Loss {
  /** Whether a profile has it, in the access provider that would be used. */
  has(profile: ClusterProfile, provider: AccessProvider | undefined): boolean;
  /** Where; `provider` is the place of the access provider. */
  at(provider: Path): Path;
  /** A connection or a login needs it: to lose it is more than a pity. */
  vital?: boolean;
}

const ofProfile = (at: Path, has: Loss['has']): Loss => ({ at: () => at, has });

const ofCluster = (field: keyof ClusterAccess, vital: boolean): Loss => ({
  has: (_profile, provider) => (provider?.cluster?.[field] ?? false) !== false,
  at: (provider) => [...provider, 'cluster', field],
  vital,
});

const ofExtension = (wanted: (name: string) => boolean, vital: boolean): Loss => ({
  has: (_profile, provider) => provider?.cluster?.extensions?.some(({ name }) => wanted(name)) ?? false,
  at: (provider) => [...provider, 'cluster', 'extensions'],
  vital,
});

/** Those that have a meaning here; under our own name are marks of `--merge`. */
export const knownExtensions: ReadonlySet<string> = new Set([
  keys.execExtension,
  keys.argsExtension,
  keys.envsExtension,
  domain,
]);

const losses: Readonly<Record<Field, Loss>> = {
  labels: ofProfile(['metadata', 'labels'], ({ metadata }) => Object.keys(metadata.labels ?? {}).length > 0),
  'labels of Argo CD': ofProfile(['metadata', 'labels'], ({ metadata }) =>
    Object.keys(metadata.labels ?? {}).some((key) => foreignLabel.test(key)),
  ),
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

export const isVital = (field: Field): boolean => losses[field].vital ?? false;

export const placeOfField = (field: Field, provider: Path): Path => losses[field].at(provider);

/** The fields of a profile, and of the provider that would be used, among those that the consumer has no place for. */
export function lostFrom(
  profile: ClusterProfile,
  fields: readonly Field[],
  providers: readonly ProviderConfig[],
): Field[] {
  const provider = providerUsed(profile, providers);
  return fields.filter((field) => losses[field].has(profile, provider));
}

/** The fields that are in profiles and that the consumer has no place for, with the names of these profiles. */
export function lossesOf(
  fields: readonly Field[],
  profiles: readonly ClusterProfile[],
  providers: readonly ProviderConfig[],
): [field: Field, names: string[]][] {
  const losing = new Map<Field, string[]>(fields.map((field) => [field, []]));
  for (const profile of profiles)
    for (const field of lostFrom(profile, fields, providers)) losing.get(field)?.push(nameOf(profile));
  return [...losing].filter(([, names]) => names.length > 0);
}
