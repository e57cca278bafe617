import type { Define } from './command.ts';
import type { Io } from '../io.ts';
import { profilesFrom, fileOptions, type FileOptions } from './apply.ts';
import { makePlan, showDiff } from '../plan/execute.ts';
import { exitCode, targetOptions, withExamples } from './flags/flags.ts';
import { openInventory } from '../stores/open.ts';

async function run(options: FileOptions, io: Io): Promise<number> {
  const profiles = await profilesFrom('diff', options, io);
  const inventory = await openInventory(options, io, { fieldManager: options.fieldManager ?? 'clusterprofile' });
  const changes = await makePlan(inventory, profiles, { forceConflicts: options.forceConflicts });
  return showDiff({ changes, options, io });
}

export const define: Define = (command, io) => {
  command.description('Show what apply would change, status included. Exit 0: nothing, 1: something, more: it failed.');
  withExamples(command, io, [
    ['diff -f fleet/', 'files against the hub'],
    ['diff -f fleet/ --inventory live/', 'files against a directory'],
    ['diff -f fleet.yaml -o json', 'JSON pointers, for programs'],
  ]);
  fileOptions(command);
  command
    .option('-o, --output <format>', 'diff, json or name', 'diff')
    .option('--force-conflicts', 'show what would be taken over from other field managers')
    .option('--skip-refused', 'show the rest when some profiles are refused')
    .option('--color <when>', 'auto, always or never (default: auto; NO_COLOR and FORCE_COLOR are honoured)')
    .option('--no-color', 'no colours');
  targetOptions(command);
  command.action(async (options: FileOptions) => exitCode(command, await run(options, io)));
};
