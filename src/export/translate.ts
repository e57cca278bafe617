import { byText } from '../util/text.ts';
import { dropOf } from './kit/drops.ts';
import type { Drop, Exporter, ExporterFlags, ExportContext } from './kit/exporter.ts';
import type { ValuesOf } from '../options.ts';
import { isObject, type KubernetesObject } from '../object.ts';
import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { exit, isUserError, refusal, UserError } from '../errors.ts';
import { isDnsLabel, isDnsSubdomain } from '../profile/names.ts';

/** A system that something can be exported to. */
export interface Consumer {
  /** The word typed after `export`. */
  name: string;
  title: string;
  aliases?: readonly string[];
  exporter: Exporter;
}

/** What a profile gave. */
export interface MadePart {
  profile: ClusterProfile;
  part: unknown;
}

/** What a profile gives. Names that no API server has are refused for all consumers: they become names of objects and files. */
export function translateOne(exporter: Exporter, profile: ClusterProfile, context: ExportContext): MadePart[] {
  const { name, namespace } = profile.metadata;
  const hint = 'rename it';
  if (!isDnsSubdomain(name)) throw refusal(`metadata.name ${JSON.stringify(name)} is no name of an object`, hint);
  if (namespace && !isDnsLabel(namespace))
    throw refusal(`metadata.namespace ${JSON.stringify(namespace)} is no name of a namespace`, hint);
  const parts: unknown = exporter.translate(profile, context);
  return (Array.isArray(parts) ? parts : [parts]).map((part: unknown) => ({ profile, part }));
}

/** What each profile gives, and the profiles that the consumer cannot take. */
export function translateAll(
  exporter: Exporter,
  profiles: readonly ClusterProfile[],
  context: ExportContext,
): { made: MadePart[]; refused: { profile: ClusterProfile; error: UserError }[] } {
  const made: MadePart[] = [];
  const refused: { profile: ClusterProfile; error: UserError }[] = [];
  for (const profile of profiles)
    try {
      made.push(...translateOne(exporter, profile, context));
    } catch (error) {
      if (!isUserError(error) || error.code !== exit.refused) throw error;
      refused.push({ profile, error });
    }
  return { made, refused };
}

/** What the form that is asked for has no place for. */
export const listDrops = (exporter: Exporter, own: ValuesOf<ExporterFlags>): Drop[] => exporter.drops(own).map(dropOf);

/** By name, then by namespace: consumers know no namespaces of an inventory. */
export const byExport = (a: ClusterProfile, b: ClusterProfile): number =>
  byText(a.metadata.name, b.metadata.name) || byText(nameOf(a), nameOf(b));

/** What makes two parts the same thing for a consumer. */
function identifyPart(part: unknown): string | undefined {
  if (!isObject(part)) return undefined;
  const { kind, metadata } = part as Partial<KubernetesObject>;
  if (metadata) return [kind, metadata.namespace, metadata.name].filter(Boolean).join(' ');
  return typeof part['name'] === 'string' ? part['name'] : undefined;
}

/** Profiles that would be the same thing for a consumer as one before them. */
export function* findClashes(made: readonly MadePart[]): Iterable<{ profile: ClusterProfile; message: string }> {
  const seen = new Map<string, ClusterProfile>();
  for (const { profile, part } of made) {
    const id = identifyPart(part);
    const other = id === undefined ? undefined : seen.get(id);
    if (other) yield { profile, message: `${nameOf(other)} and ${nameOf(profile)} would both be ${id}` };
    if (id !== undefined) seen.set(id, profile);
  }
}

/** Two profiles that would be one are an error that names both. */
export function assertDistinct(made: readonly MadePart[]): void {
  const [clash] = findClashes(made);
  if (clash)
    throw new UserError(clash.message, { hint: 'export the namespaces one by one (-n), or rename one of them' });
}
