import { UserError, usageError } from '../../errors.ts';
import type { ClusterProfile } from '../../profile/clusterprofile.ts';
import { takePlainVersion } from '../../profile/kubernetes-version.ts';
import { relaxPath } from '../custom-columns.ts';
import { isEvaluationError, isTemplateError } from '../jsonpath/errors.ts';
import { findResults } from '../jsonpath/evaluate.ts';
import { parseTemplate } from '../jsonpath/parse.ts';
import { compareBytes, nameGoType } from '../jsonpath/values.ts';

/** Puts profiles in the order of `--sort-by`; those that are equal stay as they are. */
export type SortProfiles = (profiles: readonly ClusterProfile[]) => ClusterProfile[];

/** What the suffix of a quantity stands for. */
const readSuffix = (suffix: string): number =>
  suffix.endsWith('i')
    ? 1024 ** (1 + 'KMGTPE'.indexOf(suffix.charAt(0)))
    : 1000 ** ('num kMGTPE'.indexOf(suffix || ' ') - 3);

/** A text as kubectl compares it: a quantity (`900m`, `2Gi`) is a number. */
function parseQuantity(text: string): number | undefined {
  const [, amount, suffix = '', exponent] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return Number(amount) * (exponent === undefined ? readSuffix(suffix) : 10 ** Number(exponent));
}

function compareTexts(one: string, other: string): number {
  const [left, right] = [parseQuantity(one), parseQuantity(other)];
  return left === undefined || right === undefined ? compareBytes(one, other) : left - right;
}

function compareValues(one: unknown, other: unknown): number {
  if (typeof one === 'string' && typeof other === 'string') return compareTexts(one, other);
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const wrong = [one, other].find((each) => typeof each !== 'string' && typeof each !== 'number');
  throw new UserError(
    wrong === undefined ? 'unsortable: some are texts and some are numbers' : `unsortable type: ${nameGoType(wrong)}`,
  );
}

/** Profiles by what is found in each; those without it come first, as with kubectl. */
const sortFound = (
  profiles: readonly ClusterProfile[],
  find: (profile: ClusterProfile) => unknown,
  compare: (one: unknown, other: unknown) => number,
): ClusterProfile[] =>
  profiles
    .map((profile) => ({ profile, key: find(profile) }))
    .toSorted(({ key: one }, { key: other }) => {
      if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
      return compare(one, other);
    })
    .map(({ profile }) => profile);

/** By Kubernetes version: 1.9 comes before 1.10. */
async function compileVersionSort(): Promise<SortProfiles> {
  const { coerce, compare } = await import('semver');
  const find = ({ status }: ClusterProfile): unknown =>
    coerce(takePlainVersion(status?.version?.kubernetes ?? ''))?.version;
  return (profiles) => sortFound(profiles, find, (one, other) => compare(one as string, other as string));
}

/** The order of `--sort-by`: the word `version`, or a jsonpath as kubectl takes it. Throws a usage error for a wrong one. */
export async function compileSort(field: string): Promise<SortProfiles> {
  if (field === 'version') return compileVersionSort();
  const { path, nodes } = parseField(field);
  const find = (profile: ClusterProfile): unknown => {
    try {
      return findResults(nodes, profile, true)[0]?.[0];
    } catch (error) {
      throw isEvaluationError(error) ? new UserError(error.message) : error;
    }
  };
  return (profiles) => {
    if (profiles.length > 0 && profiles.every((profile) => find(profile) === undefined))
      throw new UserError(`couldn't find any field with path ${JSON.stringify(path)} in the list of objects`);
    return sortFound(profiles, find, compareValues);
  };
}

function parseField(field: string): { path: string; nodes: ReturnType<typeof parseTemplate> } {
  try {
    const path = relaxPath(field);
    return { path, nodes: parseTemplate(path) };
  } catch (error) {
    if (!isTemplateError(error)) throw error;
    throw usageError(`--sort-by: ${error.message}`, 'for example --sort-by .metadata.creationTimestamp, or version');
  }
}
