import type { Define } from './command.ts';
import type { Change } from '../kubernetes/change.ts';
import { isOffline, recursiveFlag, targetFlags, type DryRun, type TargetOptions } from '../stores/options.ts';
import type { Inventory } from '../stores/store.ts';
import { nameSubjects, sayOnce } from '../util/notices.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { few, listSome } from '../util/text.ts';
import { isBeingDeleted, type KubernetesObject } from '../object.ts';
import { codeOfPart, exit, usageError, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { readManifests } from '../profile/reading/manifest.ts';
import { readEverything } from '../documents/read-input.ts';
import { isReadable, looksLikeProfile, sayGaps } from '../profile/reading/reader.ts';
import { describeEnd } from '../util/limits.ts';
import { executePlan, makePlan } from '../plan/execute.ts';
import { addFlags, keepExitCode, keepRules, withExamples } from './flags/flags.ts';
import { assertTogether, rulesOf } from './flags/rules.ts';
import { option, valuesOf, type ValuesOf } from '../options.ts';
import { writeFlags } from '../plan/flags.ts';
import { openInventory } from '../stores/open.ts';

/** Flags of the commands that take profiles from files. */
export const fileFlags = {
  filename: option.texts('-f, --filename <file>', 'file, directory or - with ClusterProfiles; repeatable'),
  recursive: recursiveFlag,
  fieldManager: option.text('--field-manager <name>', 'owner of the fields that are written', {
    default: 'clusterprofile',
    settable: 'personal',
  }),
};

const flags = {
  ...fileFlags,
  output: option.oneOf('-o, --output <format>', 'name or json', ['name', 'json']),
  ...writeFlags,
  ...targetFlags,
};

/** The profiles of `-f`, in the namespace that `-n` gives to those without one. No object at all is an error: a producer failed. */
export async function readProfilesFrom(
  verb: 'apply' | 'diff',
  options: ValuesOf<typeof fileFlags> & TargetOptions,
  io: Io,
): Promise<{ profiles: ClusterProfile[]; partial: boolean }> {
  const { filename, namespace } = options;
  assertTogether(verb, options);
  const input = await readEverything(filename, io, { ...options, looksWanted: looksLikeProfile });
  const { objects } = input;
  const { isBroken: partial } = sayGaps(input, io, options);
  if (objects.length === 0) throw new UserError(`no objects passed to ${verb}`);
  const profiles = readManifests(objects);
  const given = objects.map(({ object }) => object).filter(isReadable);
  const leaving = given.filter((profile) => isBeingDeleted(profile as KubernetesObject)).map(nameOf);
  if (leaving.length > 0 && !options.quiet) {
    const names = listSome(leaving);
    io.err(`warning: being deleted when they were read, and given here to stay: ${makeSafeLine(names)}\n`);
  }
  const other = profiles.find(
    ({ metadata }) => namespace !== undefined && metadata.namespace !== undefined && metadata.namespace !== namespace,
  );
  if (other)
    throw usageError(
      `${other.metadata.name} is in namespace ${other.metadata.namespace}, and --namespace says ${namespace}`,
    );
  const placed = profiles.map((profile) =>
    namespace === undefined ? profile : { ...profile, metadata: { ...profile.metadata, namespace } },
  );
  return { profiles: placed, partial };
}

/** The plan for profiles of files. Says which of them are written otherwise than they are given. */
export async function planGiven(
  inventory: Inventory,
  profiles: readonly ClusterProfile[],
  options: TargetOptions & { forceConflicts: boolean; dryRun?: DryRun },
  io: Io,
): Promise<Change[]> {
  const notes: [message: string, profile: ClusterProfile][] = [];
  const { forceConflicts } = options;
  const note = (message: string, profile: ClusterProfile): void => void notes.push([message, profile]);
  const changes = await makePlan(inventory, profiles, { forceConflicts, offline: isOffline(options), note });
  const say = sayOnce(io, options);
  for (const line of nameSubjects(notes, nameOf, options.verbose ? Infinity : few)) say(`note: ${makeSafeLine(line)}`);
  return changes;
}

async function runApply(options: ValuesOf<typeof flags>, io: Io): Promise<number> {
  const { profiles, partial } = await readProfilesFrom('apply', options, io);
  if (profiles.length === 0) {
    io.err('note: no ClusterProfile in the input\n');
    return codeOfPart(exit.done, partial);
  }
  const inventory = await openInventory(options, io, { fieldManager: options.fieldManager, takesOver: true });
  try {
    const changes = await planGiven(inventory, profiles, options, io);
    return codeOfPart(await executePlan({ inventory, changes, options, io }), partial);
  } catch (error) {
    if (io.signal.aborted) throw describeEnd(options, io);
    throw error;
  }
}

export const define: Define = (command, io) => {
  command.description('Create and update ClusterProfiles from files by server-side apply, status included.');
  withExamples(command, io, [
    ['apply -f fleet/', 'every profile in a directory'],
    ['apply -f fleet.yaml --dry-run=server', 'let the hub check, write nothing'],
    ['import kubeconfig | clusterprofile apply -n fleet -f -', 'from another command'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('apply'));
  command.action(async (given: object) => keepExitCode(command, await runApply(valuesOf(flags, given), io)));
};
