import type { Define } from './command.ts';
import { isOffline } from '../stores/options.ts';
import type { Command } from 'commander';
import { exit, usageError, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { ClusterProfile } from '../profile/clusterprofile.ts';
import { desiredProfiles } from '../profile/manifest.ts';
import { readObjects } from '../documents/everything.ts';
import { endedError } from '../util/limits.ts';
import { carryOut, makePlan, type WriteOptions } from '../plan/execute.ts';
import { collect, exitCode, targetOptions, withExamples, writeOptions } from './flags/flags.ts';
import { openInventory } from '../stores/open.ts';

export interface FileOptions extends WriteOptions {
  filename?: string[];
  recursive?: boolean;
  fieldManager?: string;
}

/** Flags of the commands that take profiles from files. */
export function fileOptions(command: Command): void {
  command
    .option('-f, --filename <file>', 'file, directory or - with ClusterProfiles; repeatable', collect)
    .option('-R, --recursive', 'read subdirectories of -f too')
    .option('--field-manager <name>', 'owner of the fields that are written', 'clusterprofile');
}

/** The profiles of `-f`, in the namespace that `-n` gives to those without one. No object at all is an error: a producer failed. */
export async function profilesFrom(verb: string, options: FileOptions, io: Io): Promise<ClusterProfile[]> {
  const { filename, namespace } = options;
  if (!filename?.length) throw usageError('say which files with -f', 'clusterprofile apply -f fleet/');
  const objects = await readObjects(filename, io, options);
  if (objects.length === 0) throw new UserError(`no objects passed to ${verb}`);
  const profiles = desiredProfiles(objects);
  const other = profiles.find(
    ({ metadata }) => namespace !== undefined && metadata.namespace !== undefined && metadata.namespace !== namespace,
  );
  if (other)
    throw usageError(
      `${other.metadata.name} is in namespace ${other.metadata.namespace}, and --namespace says ${namespace}`,
    );
  return profiles.map((profile) =>
    namespace === undefined ? profile : { ...profile, metadata: { ...profile.metadata, namespace } },
  );
}

async function run(options: FileOptions, io: Io): Promise<number> {
  const profiles = await profilesFrom('apply', options, io);
  if (profiles.length === 0) {
    io.err('note: no ClusterProfile in the input\n');
    return exit.done;
  }
  const inventory = await openInventory(options, io, { fieldManager: options.fieldManager ?? 'clusterprofile' });
  try {
    const changes = await makePlan(inventory, profiles, {
      forceConflicts: options.forceConflicts,
      offline: isOffline(options),
    });
    return await carryOut({ inventory, changes, options, io });
  } catch (error) {
    if (io.signal.aborted) throw endedError(options, io);
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
  fileOptions(command);
  command.option('-o, --output <format>', 'name or json');
  writeOptions(command);
  targetOptions(command);
  command.action(async (options: FileOptions) => exitCode(command, await run(options, io)));
};
