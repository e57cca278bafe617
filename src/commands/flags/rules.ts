import { usageError } from '../../errors.ts';
import type { Exporter } from '../../export/kit/exporter.ts';
import { isGiven } from '../../options.ts';
import { blindPrune } from '../../plan/prune.ts';
import { filterFlags, readFilterFlags } from '../../stores/options.ts';

/**
 * Flags that go together, or do not: broken where one of `given` is there (all commands where absent) with one of `with`
 * (anything where absent) and none of `without`.
 */
interface Rule {
  given?: readonly string[];
  with?: readonly string[];
  without?: readonly string[];
  message: string;
  hint?: string;
}

const flagOf = (key: string): string => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const needs = (key: string, without: readonly string[], others: string): Rule => ({
  given: [key],
  without,
  message: `${flagOf(key)} goes with ${others}`,
});

const exclude = (one: string, other: string, message: string, hint?: string): Rule => ({
  given: [one],
  with: [other],
  message: `${message} exclude each other`,
  ...(hint !== undefined && { hint }),
});

const [blind, blindHint] = blindPrune;
const pruneLooks: Rule = { given: ['prune'], with: ['blind'], message: blind, hint: blindHint };

const importPlaces = '--apply, --diff and --output-dir';

/** Of `import`; `blind` stands for a dry run that asks nothing. */
export const importRules: readonly Rule[] = [
  needs('prune', ['apply', 'diff', 'outputDir'], '--apply or --diff'),
  exclude('apply', 'diff', importPlaces),
  exclude('apply', 'outputDir', importPlaces),
  exclude('diff', 'outputDir', importPlaces),
  needs('dryRun', ['apply'], '--apply'),
  pruneLooks,
];

/** Of `list`; `names` stands for names of profiles. */
export const listRules: readonly Rule[] = [
  { given: ['names'], with: ['allNamespaces'], message: 'a profile cannot be named with --all-namespaces' },
  exclude('filename', 'from', '--filename and --from'),
  needs('dedupe', ['from'], '--from'),
  exclude('placement', 'from', '--placement and --from', 'systems have no PlacementDecisions'),
  { given: ['names'], with: ['selector', 'fieldSelector'], message: 'names and selectors exclude each other' },
];

const filters = Object.keys(readFilterFlags);

/** Of `delete`. */
export const deleteRules: readonly Rule[] = [
  { given: ['names'], with: [...filters, 'all', 'allNamespaces'], message: 'names and filters exclude each other' },
  {
    without: ['names', ...Object.keys(filterFlags), 'all'],
    message: 'say which: names, a filter such as -l or --manager, or --all',
  },
];

/** Of `apply` and `diff`. */
export const fileRules: readonly Rule[] = [
  { without: ['filename'], message: 'say which files with -f', hint: 'clusterprofile apply -f fleet/' },
];

const apart = '-f and an inventory exclude each other';
const hint = '--against hub compares files with an inventory';

/** Of `validate`; `what` stands for the word hub, `compared` for files that are compared with an inventory. */
export const validateRules: readonly Rule[] = [
  {
    without: ['what', 'inventory', 'filename', 'providerFile'],
    message: 'what is to be validated?',
    hint: 'clusterprofile validate -f FILE, or clusterprofile validate hub',
  },
  { given: ['filename'], with: ['what'], message: apart, hint },
  { given: ['filename'], with: ['inventory'], without: ['compared'], message: apart, hint },
];

const places = ['merge', 'outputDir', 'apply'];

/** Of an export; `target` stands for the flags of the target's connection, of which one is named. */
export function exportRules(consumer: string, { kinds, save }: Exporter, target = ''): readonly Rule[] {
  const intoFiles = `clusterprofile export ${consumer} --output-dir DIR`;
  const idle = { without: [...places, 'diff'], hint: kinds ? '--apply or --diff' : intoFiles };
  const printed = 'is about where an export goes, and this one is printed';
  return [
    exclude('merge', 'outputDir', '--merge and --output-dir'),
    exclude('outputDir', 'apply', '--output-dir and --apply'),
    exclude('apply', 'diff', '--apply and --diff'),
    save
      ? needs('prune', ['merge'], '--merge')
      : needs('prune', [...places, 'diff'], '--apply, --diff or --output-dir'),
    needs('dryRun', ['apply'], '--apply'),
    needs('createNamespace', ['apply'], '--apply'),
    needs('showSecrets', ['diff'], '--diff'),
    needs('maxDelete', ['prune'], '--prune'),
    needs('allowEmpty', ['prune'], '--prune'),
    needs('yes', ['prune'], '--prune'),
    needs('forceConflicts', ['apply', 'diff', 'outputDir'], '--apply, --diff, --output-dir'),
    pruneLooks,
    ...(kinds
      ? []
      : [
          {
            given: ['apply', 'diff'],
            without: ['outputDir'],
            message: `${consumer} reads files, so there is no cluster to write to`,
            hint: intoFiles,
          },
        ]),
    { ...idle, given: ['instance'], message: `--instance ${printed}` },
    { ...idle, given: ['target'], message: `${flagOf(target)} ${printed}` },
  ];
}

/** Throws a usage error for the first rule that is broken. */
export function assertTogether(rules: readonly Rule[], options: Readonly<Record<string, unknown>>): void {
  const there = (keys: readonly string[] | undefined, otherwise: boolean): boolean =>
    keys?.some((key) => isGiven(options[key])) ?? otherwise;
  for (const { given, with: others, without, message, hint: help } of rules)
    if (there(given, true) && there(others, true) && !there(without, false)) throw usageError(message, help);
}
