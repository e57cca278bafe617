import type { Define } from './command.ts';
import type { Io } from '../io.ts';
import { codeOfPart } from '../errors.ts';
import { fileFlags, planGiven, readProfilesFrom } from './apply.ts';
import { option, valuesOf, type ValuesOf } from '../options.ts';
import { colorFlag, fullFlag } from '../plan/flags.ts';
import { targetFlags } from '../stores/options.ts';
import { showDiff } from '../plan/diff.ts';
import { addFlags, keepExitCode, keepRules, withExamples } from './flags/flags.ts';
import { rulesOf } from './flags/rules.ts';
import { openInventory } from '../stores/open.ts';

const flags = {
  ...fileFlags,
  output: option.oneOf('-o, --output <format>', 'diff, json or name', ['diff', 'json', 'name'], { default: 'diff' }),
  forceConflicts: option.flag('--force-conflicts', 'show what would be taken over from other field managers', {
    settable: 'never',
  }),
  skipRefused: option.flag('--skip-refused', 'show the rest when some profiles are refused'),
  full: fullFlag,
  color: colorFlag,
  ...targetFlags,
};

async function runDiff(options: ValuesOf<typeof flags>, io: Io): Promise<number> {
  const { profiles, partial } = await readProfilesFrom('diff', options, io);
  const inventory = await openInventory(options, io, { fieldManager: options.fieldManager, takesOver: true });
  const changes = await planGiven(inventory, profiles, options, io);
  return codeOfPart(await showDiff({ inventory, changes, options, io }), partial);
}

export const define: Define = (command, io) => {
  command.description(
    'Show what apply would change, status included. Exit 0: nothing, 1: something, more: it failed. ' +
      'The diff goes to standard output, its summary to standard error.',
  );
  withExamples(command, io, [
    ['diff -f fleet/', 'files against the hub'],
    ['diff -f fleet/ --inventory live/', 'files against a directory'],
    ['diff -f fleet.yaml -o json', 'JSON pointers, for programs'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('diff'));
  command.action(async (given: object) => keepExitCode(command, await runDiff(valuesOf(flags, given), io)));
};
