import { option, type ValuesOf } from '../../options.ts';
import type { Io } from '../../io.ts';
import type { ClusterProfile } from '../../profile/clusterprofile.ts';
import { readFilterFlags, recursiveFlag, targetFlags, type ReadProfilesOptions } from '../../stores/options.ts';
import { buildQuery, openToRead, selectWellFormed } from '../../stores/read.ts';
import type { ReadInventory } from '../../stores/store.ts';
import { lookEverywhere } from '../../stores/current-namespace.ts';
import { codeOfPart, exit, usageError } from '../../errors.ts';
import { assertTogether } from './rules.ts';
import { sayOnce } from '../../util/notices.ts';
import { describeEnd } from '../../util/limits.ts';

/** What commands that look at a fleet have in common: profiles of a hub, a directory, files, or systems read live. */

export const viewFlags = {
  allNamespaces: option.flag('-A, --all-namespaces', 'all namespaces'),
  filename: option.texts('-f, --filename <file>', 'files, a directory or - instead of an inventory; repeatable'),
  recursive: recursiveFlag,
  from: option.texts('--from <system[:context]>', 'a live view of a system, without a hub; repeatable', {
    settable: 'personal',
  }),
  dedupe: option.flag('--dedupe', 'with --from: show a member once that several systems know'),
  ...readFilterFlags,
  ...targetFlags,
};

type ViewOptions = ValuesOf<typeof viewFlags>;

type ReadFlags = Pick<ViewOptions, 'filename' | 'recursive' | 'from' | 'dedupe'>;

/** What says where profiles are read. */
type SourceOptions = Omit<ReadProfilesOptions, keyof ReadFlags | 'output'> & ReadFlags;

/** Where the profiles are that are looked at: systems read live, else files or an inventory. */
export async function openSource(options: SourceOptions, io: Io): Promise<ReadInventory> {
  if (options.clusterset === '') throw usageError('--clusterset takes the name of a ClusterSet');
  if (options.from.length === 0) return openToRead(options, io);
  const { openLiveInventory } = await import('../../import/live.ts');
  const { loadImporter } = await import('../../systems/index.ts');
  const { assertSystem } = await import('./catalog.ts');
  return openLiveInventory(options, io, (word) => {
    assertSystem('import', word, io);
    return loadImporter(word);
  });
}

/**
 * Hands every profile that the flags choose to `look`, and fills the ClusterSets of namespaces. Returns the exit code, 4
 * where some could not be read, and where they are from.
 */
export async function lookAtAll(
  given: ViewOptions,
  io: Io,
  look: (profile: ClusterProfile) => void,
  clusterSets: Map<string, string>,
): Promise<{ code: number; title: string }> {
  assertTogether('list', given);
  const { inventory: kept, partial } = await openSource(given, io);
  const { options, inventory } = lookEverywhere(given, kept, sayOnce(io, given));
  try {
    for await (const page of selectWellFormed(inventory, buildQuery(options, inventory), options, clusterSets))
      for (const profile of page) look(profile);
  } catch (error) {
    throw io.signal.aborted ? describeEnd(options, io) : error;
  }
  return { code: codeOfPart(exit.done, partial || (kept.hasUnread?.() ?? false)), title: inventory.title };
}
