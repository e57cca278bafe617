import { inGroup, option, type Option } from '../options.ts';
import { concurrencyFlag, dryRunModes, parseDryRun } from '../stores/options.ts';

/** Flags of every command that writes. */
export const writeFlags = inGroup('Writing:', {
  dryRun: option.parsed(
    '--dry-run <mode>',
    'client: send nothing; server: let the hub check everything, keep nothing',
    parseDryRun,
    { settable: 'personal', values: dryRunModes },
  ),
  forceConflicts: option.flag(
    '--force-conflicts',
    'take fields over from other field managers (never from another cluster manager)',
    { settable: 'never' },
  ),
  skipRefused: option.flag('--skip-refused', 'do the rest when some profiles are refused (exit 4)'),
  concurrency: concurrencyFlag,
  createNamespace: option.flag('--create-namespace', 'create namespaces that do not exist', { settable: 'personal' }),
});

/** Of a diff; certificates and other long values are folded otherwise. */
export const fullFlag = option.flag('--full', 'of a diff: certificates and other long values too');

/** Colours of a diff; false for none. */
export const colorFlag: Option<false | string | undefined> = {
  flags: '--color <when>',
  description: 'auto, always or never (default: auto; NO_COLOR and FORCE_COLOR are honoured)',
  negated: 'no colours',
  choices: ['auto', 'always', 'never'],
  isUnlisted: true,
  parse: (given) => given as false | string | undefined,
};
