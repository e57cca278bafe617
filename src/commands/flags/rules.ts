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

const watches = ['watch', 'watchOnly'];

const filters = Object.keys(readFilterFlags);

const apart = '-f and an inventory exclude each other';
const hint = '--against hub compares files with an inventory';

/** The rules of a verb. Some keys are no flags: see where the verb asserts them. */
const rules = {
  import: [
    needs('prune', ['apply', 'diff', 'outputDir'], '--apply or --diff'),
    exclude('apply', 'diff', importPlaces),
    exclude('apply', 'outputDir', importPlaces),
    exclude('diff', 'outputDir', importPlaces),
    needs('dryRun', ['apply'], '--apply'),
    needs('full', ['diff'], '--diff'),
    pruneLooks,
  ],
  list: [
    { given: ['names'], with: ['allNamespaces'], message: 'a profile cannot be named with --all-namespaces' },
    exclude('filename', 'from', '--filename and --from'),
    needs('dedupe', ['from'], '--from'),
    exclude('placement', 'from', '--placement and --from', 'systems have no PlacementDecisions'),
    { given: ['names'], with: ['selector', 'fieldSelector'], message: 'names and selectors exclude each other' },
    needs('outputWatchEvents', watches, '--watch or --watch-only'),
    {
      given: ['filename'],
      with: watches,
      message: 'the files of -f cannot be watched',
      hint: '--inventory DIR watches a directory of files',
    },
    { given: ['from'], with: watches, message: 'a system cannot be watched: --from reads it once' },
    { given: ['placement'], with: watches, message: 'a placement cannot be watched: --placement looks it up once' },
  ],
  wait: [
    {
      without: ['for'],
      message: 'say what for with --for',
      hint: 'clusterprofile wait NAME --for condition=ControlPlaneHealthy',
    },
    { given: ['names'], with: ['allNamespaces'], message: 'a profile cannot be named with --all-namespaces' },
    {
      given: ['names'],
      with: [...Object.keys(filterFlags), 'all'],
      message: 'names and filters exclude each other',
    },
    {
      without: ['names', ...Object.keys(filterFlags), 'all', 'filename'],
      message: 'say which: names, a filter such as -l or --clusterset, or --all',
    },
  ],
  delete: [
    { given: ['names'], with: [...filters, 'all', 'allNamespaces'], message: 'names and filters exclude each other' },
    { without: ['names', ...filters, 'all'], message: 'say which: names, a filter such as -l or --manager, or --all' },
  ],
  apply: [{ without: ['filename'], message: 'say which files with -f', hint: 'clusterprofile apply -f fleet/' }],
  migrate: [{ without: ['filename'], message: 'say which files with -f', hint: 'clusterprofile migrate -f fleet/' }],
  validate: [
    {
      without: ['what', 'inventory', 'filename', 'providerFile'],
      message: 'what is to be validated?',
      hint: 'clusterprofile validate -f FILE, or clusterprofile validate hub',
    },
    { given: ['filename'], with: ['what'], message: apart, hint },
    { given: ['filename'], with: ['inventory'], without: ['compared'], message: apart, hint },
  ],
} satisfies Readonly<Record<string, readonly Rule[]>>;

const places = ['merge', 'outputDir', 'apply'];

/** Of an export; `target` stands for the flags of the target's connection, of which one is named. */
export function exportRules(consumer: string, { kinds, mergesInto }: Exporter, target = ''): readonly Rule[] {
  const intoFiles = `clusterprofile export ${consumer} --output-dir DIR`;
  const idle = { without: [...places, 'diff'], hint: kinds ? '--apply or --diff' : intoFiles };
  const printed = 'is about where an export goes, and this one is printed';
  return [
    exclude('merge', 'outputDir', '--merge and --output-dir'),
    exclude('outputDir', 'apply', '--output-dir and --apply'),
    exclude('apply', 'diff', '--apply and --diff'),
    mergesInto
      ? needs('prune', ['merge'], '--merge')
      : needs('prune', [...places, 'diff'], '--apply, --diff or --output-dir'),
    needs('dryRun', ['apply'], '--apply'),
    needs('createNamespace', ['apply'], '--apply'),
    needs('showSecrets', ['diff'], '--diff'),
    needs('full', ['diff'], '--diff'),
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

/** Throws a usage error for the first rule that is broken, of a verb or of an export. */
export function assertTogether(
  of: keyof typeof rules | readonly Rule[],
  options: Readonly<Record<string, unknown>>,
): void {
  const there = (keys: readonly string[] | undefined, otherwise: boolean): boolean =>
    keys?.some((key) => isGiven(options[key])) ?? otherwise;
  const all: readonly Rule[] = typeof of === 'string' ? rules[of] : of;
  for (const { given, with: others, without, message, hint: help } of all)
    if (there(given, true) && there(others, true) && !there(without, false)) throw usageError(message, help);
}
