import { explainUnread, nameRead, type ObjectReader } from '../documents/unread.ts';
import { group, isClusterProfile, plural, profileKind, type ClusterProfile } from '../profile/clusterprofile.ts';
import { knownVersions } from '../profile/versions.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { listSome } from '../util/text.ts';
import { UserError, usageError } from '../errors.ts';
import type { Inventory, ReadInventory } from './store.ts';
import type { Io } from '../io.ts';
import { notePassedOver, readEverything, type ReadInput } from '../documents/read-input.ts';
import { describeOrigin, type ReadOptions } from '../documents/objects.ts';
import { isObject } from '../object.ts';
import { filterByKind, selectProfilesBy } from '../profile/selectors.ts';

/** Profiles that are at hand and kept nowhere, with what was read beside them: to be read only. */
export const createMemoryInventory = (
  title: string,
  profiles: readonly ClusterProfile[],
  beside: readonly unknown[] = [],
): Inventory => ({
  title,
  namespace: '',
  isWhole: () => true,
  async *list(query) {
    yield selectProfilesBy(profiles, query);
  },
  async *objects(kind, namespace) {
    yield filterByKind(beside, kind, namespace);
  },
  compare: (live) => ({ before: live, owned: true, conflicts: [] }),
  retire: () => 'keep',
  apply: () => Promise.reject(usageError('these profiles are read only')),
});

/** ClusterProfiles among whatever else a repository holds. */
const profileReader: ObjectReader = {
  kinds: [{ group, versions: knownVersions, kind: profileKind, plural }],
  accepts: isClusterProfile,
  amongOthers: true,
  explainNearly(object) {
    if (!isObject(object)) return undefined;
    const { kind, apiVersion = '', spec } = object;
    const isOwnGroup = typeof apiVersion === 'string' && apiVersion.startsWith(`${group}/`);
    if (kind === undefined && isOwnGroup) return 'it has no kind';
    if (kind === profileKind && !(typeof apiVersion === 'string' && apiVersion.includes('/')))
      return `it is no ${profileKind} without apiVersion: ${group}/${knownVersions.at(-1)}`;
    return kind === undefined && apiVersion === '' && isObject(spec) && spec['clusterManager'] !== undefined
      ? `it looks like a ${profileKind}, and has no kind and no apiVersion`
      : undefined;
  },
};

/** Whatever of the input may have been a profile and is none, said as an error each. */
function findUnread({ objects, gaps }: ReadInput): string[] {
  const broken = gaps.filter(({ isLeft }) => !isLeft).map(({ place, reason }) => `${place}: ${reason}`);
  const unread = objects
    .filter(({ object }) => !isClusterProfile(object))
    .flatMap((read) => {
      const reason = explainUnread(profileReader, read.object);
      return reason === undefined ? [] : [`${nameRead(read)}: ${reason}`];
    });
  return [...broken, ...unread];
}

/**
 * The ClusterProfiles of `-f`, with the objects of other kinds beside them. `partial`: something may have been a profile
 * and is not read. With a verb, no object at all is an error.
 */
export async function readFileInventory(
  paths: readonly string[],
  io: Io,
  options: ReadOptions,
  verb?: string,
): Promise<ReadInventory> {
  const input = await readEverything(paths, io, { ...options, looksWanted: (head) => head.includes(group) });
  const unread = findUnread(input);
  if (verb !== undefined && input.objects.length === 0 && unread.length === 0)
    throw new UserError(`no objects passed to ${verb}`);
  for (const { object, origin } of input.objects)
    if (isClusterProfile(object) && !isObject(object.metadata))
      throw new UserError(`${describeOrigin(origin)}: a ClusterProfile without metadata`, {
        hint: 'clusterprofile validate says what is wrong with it',
      });
  for (const fault of unread) io.err(`error: ${makeSafeLine(fault)}\n`);
  const left = input.gaps.filter(({ isLeft }) => isLeft).map(({ place }) => place);
  if (left.length > 0 && !options.quiet) io.err(`note: left out, -R reads them: ${makeSafeLine(listSome(left))}\n`);
  notePassedOver(input.passedOver, io, options);
  const objects = input.objects.map(({ object }) => object);
  const inventory = createMemoryInventory(paths.join(', '), objects.filter(isClusterProfile), objects);
  return { inventory: { ...inventory, isWhole: () => left.length === 0 }, partial: unread.length > 0 };
}
