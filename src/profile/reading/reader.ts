import type { ReadObject, ReadOptions } from '../../documents/objects.ts';
import { notePassedOver, type ReadInput } from '../../documents/read-input.ts';
import { countKinds, explainUnread, isTyped, nameRead, type ObjectReader } from '../../documents/unread.ts';
import type { Io } from '../../io.ts';
import { isObject } from '../../object.ts';
import { makeSafeLine } from '../../util/safe-text.ts';
import { quoteForShell } from '../../util/shell.ts';
import { listSome } from '../../util/text.ts';
import { group, isClusterProfile, plural, profileKind, type ClusterProfile } from '../clusterprofile.ts';
import { isKnownVersion, knownVersions, versionOf } from '../versions.ts';

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

/** Whether an object is a ClusterProfile in a version that this tool knows. Another one is a part of the input that is not read. */
export const isReadable = (object: unknown): object is ClusterProfile =>
  isClusterProfile(object) && isKnownVersion(versionOf(object)) && isObject(object.metadata);

/** Whether the start of a file speaks of this API. */
export const looksLikeProfile = (head: string): boolean => head.includes(group);

const ownWords =
  /multicluster\.x-k8s\.io\\?\/|\bkind["']?\s*:\s*["']?(?:ClusterProfile|PlacementDecision)|\bclusterManager["']?\s*:/i;

/** Whether a text may have an object of this API in it: it has its apiVersion, a kind of it, or the field of a profile alone. */
export const namesObject = (content: string): boolean => ownWords.test(content);

/** Objects that may have been meant as profiles and are none, each with its reason. */
export const listUnread = (objects: readonly ReadObject[]): string[] =>
  objects
    .filter(({ object }) => !isReadable(object))
    .flatMap((read) => {
      const reason = explainUnread([profileReader], read.object);
      return reason === undefined ? [] : [`${nameRead(read)}: ${reason}`];
    });

/** Says which parts of an input were not read. `isBroken`: one of them may have held profiles; `isWhole`: -R would read no more. */
export function sayGaps(
  { gaps, passedOver }: Pick<ReadInput, 'gaps' | 'passedOver'>,
  io: Io,
  options: ReadOptions,
): { isBroken: boolean; isWhole: boolean } {
  const broken = gaps.filter(({ isLeft }) => !isLeft);
  const left = gaps.filter(({ isLeft }) => isLeft).map(({ place }) => place);
  for (const { place, reason } of broken) io.err(`error: ${makeSafeLine(`${place}: ${reason}`)}\n`);
  if (left.length > 0 && !options.quiet) io.err(`note: left out, -R reads them: ${makeSafeLine(listSome(left))}\n`);
  notePassedOver(passedOver, io, options);
  return { isBroken: broken.length > 0, isWhole: left.length === 0 };
}

/** Says of files without a profile what they hold instead, and the command that makes profiles of lists of clusters. */
export function sayNoProfile(objects: readonly unknown[], paths: readonly string[], io: Io): void {
  const others = objects.filter(isTyped);
  if (others.length === 0 || objects.some(isReadable)) return;
  const files = paths.map((path) => ` -f ${quoteForShell(path)}`).join('');
  const command = `${io.program} import auto${files} prints profiles of lists of clusters`;
  io.err(
    makeSafeLine(`note: no ClusterProfile of ${group} is in the input, but ${countKinds(others)}; ${command}`) + '\n',
  );
}
