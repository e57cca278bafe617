import { usageError } from '../../errors.ts';
import type { Exporter } from '../../export/kit/exporter.ts';
import { isGiven } from '../../options.ts';
import { blindPrune } from '../../plan/prune.ts';
import { filterFlags, readFilterFlags } from '../../stores/options.ts';

/**
 * Flags that go together, or do not: broken where one of `given` is there (all commands where absent) with one of `with`
 * (anything where absent) and none of `without`.
 */
export interface FlagRule {
  given?: readonly string[];
  with?: readonly string[];
  without?: readonly string[];
  message: string;
  hint?: string;
}

const flagOf = (key: string): string => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const needs = (key: string, without: readonly string[], others: string): FlagRule => ({
  given: [key],
  without,
  message: `${flagOf(key)} goes with ${others}`,
});

const exclude = (one: string, other: string, message: string, hint?: string): FlagRule => ({
  given: [one],
  with: [other],
  message: `${message} exclude each other`,
  ...(hint !== undefined && { hint }),
});

const [blind, blindHint] = blindPrune;
const pruneLooks: FlagRule = { given: ['prune'], with: ['blind'], message: blind, hint: blindHint };

const pruneHelpers: readonly FlagRule[] = [
  needs('maxDelete', ['prune'], '--prune'),
  needs('allowEmpty', ['prune'], '--prune'),
  needs('yes', ['prune'], '--prune'),
];

const importPlaces = '--apply, --diff and --output-dir';

const watches = ['watch', 'watchOnly'];

const filters = Object.keys(readFilterFlags);

const apart = '-f and an inventory exclude each other';
const hint = '--against hub compares files with an inventory';

/** Where the profiles are that a command reads. */
const places: readonly FlagRule[] = [
  exclude('filename', 'from', '--filename and --from'),
  exclude('filename', 'inventory', '-f and an inventory'),
  exclude('from', 'inventory', '--from and --inventory'),
  needs('recursive', ['filename'], '--filename'),
];

/** The rules of a verb. Some keys are no flags: see where the verb asserts them. */
const rules = {
  import: [
    needs('recursive', ['filename'], '--filename'),
    needs('prune', ['apply', 'diff', 'outputDir'], '--apply or --diff'),
    exclude('apply', 'diff', importPlaces),
    exclude('apply', 'outputDir', importPlaces),
    exclude('diff', 'outputDir', importPlaces),
    needs('dryRun', ['apply'], '--apply'),
    needs('createNamespace', ['apply'], '--apply'),
    needs('forceConflicts', ['apply', 'diff'], '--apply or --diff'),
    needs('full', ['diff'], '--diff'),
    ...pruneHelpers,
    pruneLooks,
  ],
  describe: [...places, needs('providerFile', ['for'], '--for')],
  access: places,
  list: [
    ...places,
    { given: ['names'], with: ['allNamespaces'], message: 'a profile cannot be named with --all-namespaces' },
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
    ...places,
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
  diff: [{ without: ['filename'], message: 'say which files with -f', hint: 'clusterprofile diff -f fleet/' }],
  migrate: [{ without: ['filename'], message: 'say which files with -f', hint: 'clusterprofile migrate -f fleet/' }],
  validate: [
    {
      without: ['what', 'inventory', 'filename', 'providerFile'],
      message: 'what is to be validated?',
      hint: 'clusterprofile validate -f FILE, or clusterprofile validate hub',
    },
    { given: ['filename'], with: ['what'], message: apart, hint },
    needs('skipOthers', ['filename'], '--filename'),
    { given: ['filename'], with: ['inventory'], without: ['compared'], message: apart, hint },
  ],
} satisfies Readonly<Record<string, readonly FlagRule[]>>;

const deliveries = ['merge', 'outputDir', 'apply'];

/** Of an export; `target` stands for the flags of the target's connection, of which one is named. */
export function exportRules(consumer: string, { kinds, mergesInto }: Exporter, target = ''): readonly FlagRule[] {
  const intoFiles = `clusterprofile export ${consumer} --output-dir DIR`;
  const idle = { without: [...deliveries, 'diff'], hint: kinds ? '--apply or --diff' : intoFiles };
  const printed = 'is about where an export goes, and this one is printed';
  return [
    ...places,
    exclude('merge', 'outputDir', '--merge and --output-dir'),
    exclude('outputDir', 'apply', '--output-dir and --apply'),
    exclude('apply', 'diff', '--apply and --diff'),
    mergesInto
      ? needs('prune', ['merge'], '--merge')
      : needs('prune', [...deliveries, 'diff'], '--apply, --diff or --output-dir'),
    needs('dryRun', ['apply'], '--apply'),
    needs('createNamespace', ['apply'], '--apply'),
    needs('showSecrets', ['diff'], '--diff'),
    needs('full', ['diff'], '--diff'),
    ...pruneHelpers,
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

type Values = Readonly<Record<string, unknown>>;

const isAnyGiven = (keys: readonly string[], values: Values): boolean => keys.some((key) => isGiven(values[key]));

/** The rules that are broken, in their order. */
const listBroken = (all: readonly FlagRule[], values: Values): FlagRule[] =>
  all.filter(
    ({ given, with: others, without }) =>
      (given === undefined || isAnyGiven(given, values)) &&
      (others === undefined || isAnyGiven(others, values)) &&
      (without === undefined || !isAnyGiven(without, values)),
  );

/** The rules of a verb. */
export const rulesOf = (verb: keyof typeof rules): readonly FlagRule[] => rules[verb];

/** Throws a usage error for the first rule that is broken, of a verb or of an export. */
export function assertTogether(of: keyof typeof rules | readonly FlagRule[], options: Values): void {
  const [broken] = listBroken(typeof of === 'string' ? rulesOf(of) : of, options);
  if (broken) throw usageError(broken.message, broken.hint);
}

/** Where the profiles are, said in two ways: broken by defaults alone, since of what is typed openInventory has its own word. */
const rivals: readonly FlagRule[] = [
  exclude('inventory', 'kubeconfig', ''),
  exclude('inventory', 'context', ''),
  exclude('inventory', 'cluster', ''),
  exclude('inventory', 'user', ''),
  exclude('inventory', 'server', ''),
  exclude('namespace', 'allNamespaces', ''),
];

/** A default, and how near its place is: the nearest has 0. */
export interface RankedDefault {
  key: string;
  value: unknown;
  rank: number;
}

/** The default that a broken rule is mended without: the one of the farthest place, if all are not of one. */
function findCulprit(
  { given = [], with: others }: FlagRule,
  kept: readonly RankedDefault[],
  typed: Values,
): string | undefined {
  const involved = [...given, ...(others ?? [])];
  const there = kept.filter(({ key, value }) => involved.includes(key) && isGiven(value));
  const ranks = [...there.map(({ rank }) => rank), ...(isAnyGiven(involved, typed) ? [-1] : [])];
  const farthest = Math.max(...ranks);
  if (others !== undefined && Math.min(...ranks) === farthest) return undefined;
  return there.find(({ rank }) => rank === farthest)?.key;
}

/**
 * The keys of the defaults that a command line has no place for: what was typed, or has a nearer place, excludes them, or
 * the flag is missing that they go with.
 */
export function findIdle(
  defaults: readonly RankedDefault[],
  rulesOfCommand: readonly FlagRule[],
  typed: Values,
): Set<string> {
  const idle = new Set<string>();
  for (;;) {
    const kept = defaults.filter(({ key }) => !idle.has(key));
    const values = { ...Object.fromEntries(kept.map(({ key, value }) => [key, value])), ...typed };
    const broken = listBroken([...rivals, ...rulesOfCommand], values);
    const culprit = broken.map((rule) => findCulprit(rule, kept, typed)).find((key) => key !== undefined);
    if (culprit === undefined) return idle;
    idle.add(culprit);
  }
}
