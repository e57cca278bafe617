import { isDeepStrictEqual } from 'node:util';
import { byText } from '../util/text.ts';
import {
  keys,
  type AccessProvider,
  type ClusterAccess,
  type ClusterProfile,
  type ClusterProfileStatus,
  type Property,
  type UnknownFacts,
} from './clusterprofile.ts';

/**
 * A list with the live items of unknown names, and which these are. After a failed read they stand in for stated ones,
 * which come from a weaker source.
 */
function keepItems<T>(
  stated: readonly T[] = [],
  live: readonly T[] = [],
  nameOf: (item: T) => string,
  { names = [], failed }: { names: readonly (string | RegExp)[] | undefined; failed: boolean },
): { items: T[]; kept: string[] } {
  const items = new Map(stated.map((item) => [nameOf(item), item]));
  const kept: string[] = [];
  for (const item of live) {
    const name = nameOf(item);
    const isUnknown = names.some((each) => (typeof each === 'string' ? each === name : each.test(name)));
    if (!isUnknown || (items.has(name) && !failed) || isDeepStrictEqual(items.get(name), item)) continue;
    items.set(name, item);
    kept.push(name);
  }
  return { items: [...items.values()].toSorted((a, b) => byText(nameOf(a), nameOf(b))), kept };
}

/** A provider with keys of the live one that this read does not tell. A CA goes before a server that nobody checks. */
function fillKeys(
  stated: AccessProvider,
  live: AccessProvider | undefined,
  unknown: readonly (keyof ClusterAccess)[],
): AccessProvider {
  const { cluster } = stated;
  const filled = Object.entries(live?.cluster ?? {}).filter(
    ([key]) => unknown.includes(key as keyof ClusterAccess) && !Object.hasOwn(cluster ?? {}, key),
  );
  if (!cluster || filled.length === 0) return stated;
  const whole: ClusterAccess = { ...cluster, ...Object.fromEntries(filled) };
  if (whole['certificate-authority-data']) delete whole['insecure-skip-tls-verify'];
  return { ...stated, cluster: whole };
}

/** Where only a flag asks for less, a server that is stated and no live one stands: another way to reach the cluster. */
function keepAccess(
  stated: readonly AccessProvider[],
  live: readonly AccessProvider[],
  { access, failed }: UnknownFacts,
): readonly AccessProvider[] {
  if (live.length === 0 || access === undefined) return stated;
  if (access !== true)
    return stated.map((provider) =>
      fillKeys(
        provider,
        live.find(({ name }) => name === provider.name),
        access,
      ),
    );
  if (stated.length === 0) return live;
  const servers = new Set(live.map(({ cluster }) => cluster?.server));
  return failed || stated.every(({ cluster }) => servers.has(cluster?.server)) ? live : stated;
}

const ownLabels = new Set<string>([keys.managerLabel, keys.managedByLabel, keys.memberIdLabel]);

/** The live labels beside our own, whose values are known. */
function keepLabels(
  stated: Readonly<Record<string, string>>,
  live: Readonly<Record<string, string>>,
  failed: boolean,
): Readonly<Record<string, string>> {
  const own = Object.entries(stated).filter(([key]) => ownLabels.has(key));
  if (!failed && own.length < Object.keys(stated).length) return stated;
  const others = Object.entries(live).filter(([key]) => !ownLabels.has(key));
  return Object.fromEntries([...others, ...own].toSorted(([a], [b]) => byText(a, b)));
}

/** The profile, and what of the live one was kept, in words. */
type Kept = [profile: ClusterProfile, words: string[]];

function keepNames(profile: ClusterProfile, live: ClusterProfile, unknown: UnknownFacts): Kept {
  const metadata = { ...profile.metadata };
  const words: string[] = [];
  const { labels = {} } = metadata;
  const labelsKept = unknown.labels ? keepLabels(labels, live.metadata.labels ?? {}, unknown.failed) : labels;
  if (!isDeepStrictEqual(labelsKept, labels)) {
    metadata.labels = { ...labelsKept };
    words.push('labels');
  }
  const { items, kept } = keepItems(
    Object.entries(metadata.annotations ?? {}),
    Object.entries(live.metadata.annotations ?? {}),
    ([key]) => key,
    { names: unknown.annotations, failed: unknown.failed },
  );
  if (kept.length > 0) metadata.annotations = Object.fromEntries(items);
  words.push(...kept.map((name) => `annotation ${name}`));
  const spec = { ...profile.spec };
  const { displayName } = live.spec;
  if (unknown.displayName && unknown.failed && displayName !== undefined && displayName !== spec.displayName) {
    spec.displayName = displayName;
    words.push('display name');
  }
  return [words.length > 0 ? { ...profile, metadata, spec } : profile, words];
}

const isSource = ({ name }: Property): boolean => name === keys.versionSourceProperty;

/** The live version, with the property that says where it is from. */
function keepVersion(
  status: ClusterProfileStatus,
  live: ClusterProfileStatus,
  { version, failed }: UnknownFacts,
): ClusterProfileStatus {
  const isKnown = status.version !== undefined && (!failed || isDeepStrictEqual(status.version, live.version));
  if (!version || !live.version || isKnown) return status;
  const source = live.properties?.filter(isSource) ?? [];
  const others = status.properties?.filter((property) => !isSource(property)) ?? [];
  const properties = [...others, ...source].toSorted((a, b) => byText(a.name, b.name));
  const { properties: _stated, ...rest } = status;
  return { ...rest, version: live.version, ...(properties.length > 0 && { properties }) };
}

function keepStatus(profile: ClusterProfile, live: ClusterProfile, unknown: UnknownFacts): Kept {
  const { failed } = unknown;
  const stated = profile.status ?? {};
  const there = live.status ?? {};
  const words: string[] = [];
  const status = { ...keepVersion(stated, there, unknown) };
  const access = keepAccess(status.accessProviders ?? [], there.accessProviders ?? [], unknown);
  if (!isDeepStrictEqual(access, status.accessProviders ?? [])) {
    status.accessProviders = [...access];
    words.push('access provider');
  }
  if (status.version !== stated.version) words.push('version');
  const types = { names: unknown.conditions, failed };
  const conditions = keepItems(status.conditions, there.conditions, ({ type }) => type, types);
  if (conditions.kept.length > 0) status.conditions = conditions.items;
  const names = { names: unknown.properties, failed };
  const properties = keepItems(status.properties, there.properties, ({ name }) => name, names);
  if (properties.kept.length > 0) status.properties = properties.items;
  words.push(...conditions.kept, ...properties.kept.map((name) => `property ${name}`));
  return [words.length > 0 ? { ...profile, status } : profile, words];
}

/** A few of the things that were kept. */
const listed = (words: readonly string[]): string =>
  words.length > 4 ? `${words.slice(0, 3).join(', ')} and ${words.length - 3} more` : words.join(', ');

/**
 * A profile with what the live one has of the facts that are unknown. After a failed read they go before what a weaker
 * source states; where a flag asks for less they are kept where nothing is stated. `kept` says what was kept because of a
 * failure, a sentence a part of the source.
 */
export function keepUnknown(
  wanted: ClusterProfile,
  live: ClusterProfile,
  unknown: readonly UnknownFacts[],
): { profile: ClusterProfile; kept: string[] } {
  let profile = wanted;
  const sentences: string[] = [];
  for (const facts of unknown) {
    const [described, metadata] = keepNames(profile, live, facts);
    const [whole, status] = keepStatus(described, live, facts);
    profile = whole;
    const words = [...status, ...metadata];
    if (facts.failed && words.length > 0) sentences.push(`${listed(words)} kept: ${facts.part} not read`);
  }
  return { profile, kept: sentences };
}
