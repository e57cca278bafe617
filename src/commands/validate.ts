import type { Document } from '../lint/problem.ts';
import type { Define } from './command.ts';
import { sayOnce } from '../util/notices.ts';
import { acceptFlag, recursiveFlag, targetFlags } from '../stores/options.ts';
import { isClusterProfile } from '../profile/clusterprofile.ts';
import { exit, messageOf, usageError, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { readFiles } from '../lint/files.ts';
import { listUnread, sayGaps, sayNoProfile } from '../profile/reading/reader.ts';
import { readText } from '../documents/objects.ts';
import { addHint, makeSafe, makeSafeLine } from '../util/safe-text.ts';
import { byPlace, count, lint, type Finding, type Rule } from '../lint/index.ts';
import { parseAccepted, type AcceptOptions } from '../lint/ignore/accept.ts';
import { createIgnorer, parseRuleWords, type Ignore, type Ignorer } from '../lint/ignore/ignore.ts';
import { summarise, type JudgedResult } from '../lint/report.ts';
import { splitDocuments, locate } from '../lint/source.ts';
import { addConsumerFlags, addFlags, findOrigin, keepExitCode, keepRules, withExamples } from './flags/flags.ts';
import { assertTogether, rulesOf } from './flags/rules.ts';
import { option, valuesOf, type ValuesOf } from '../options.ts';
import { parseTime } from '../util/duration.ts';
import { fromInventory, readEarlier, type ValidateInput } from './validate/input.ts';
import { quoteForShell } from '../util/shell.ts';
import {
  printReport,
  reportFormats,
  sayAcceptedFindings,
  sayIdleIgnores,
  sayWhatWasSkipped,
  summariseFile,
} from './validate/print.ts';

const flags = {
  filename: option.texts(
    '-f, --filename <file>',
    'file, directory or - with ClusterProfiles and PlacementDecisions; repeatable',
  ),
  recursive: recursiveFlag,
  skipOthers: option.flag(
    '--skip-others',
    'pass over what of a directory names no object of this API, and templates, as in a whole repository',
    { settable: 'personal' },
  ),
  output: option.oneOf('-o, --output <format>', reportFormats.join(', '), reportFormats, { default: 'text' }),
  target: option.oneOf(
    '--target <version>',
    'judge by the rules of v1alpha1 or v1alpha2 (default: the version of each object)',
    ['v1alpha1', 'v1alpha2'],
  ),
  strict: option.flag('--strict', 'warnings count as errors'),
  accept: acceptFlag,
  ignore: option.texts(
    '--ignore <rules>',
    'leave out what these rules find: CP085,CP091, or CP085=prod-* by name; repeatable',
  ),
  inlineIgnores: option.flag(
    '--no-inline-ignores',
    'find what comments and annotations of the documents ignore too: they are of whoever wrote the documents',
  ),
  against: option.text(
    '--against <file|hub>',
    'earlier versions: file, directory, or the word hub for the inventory; finds changes of what must stay',
  ),
  asOf: option.parsed('--as-of <time>', 'RFC 3339 time that stands in for the clock', parseTime),
  providerFile: option.text('--provider-file <file>', 'check an access provider file too, or alone (KEP-4322)', {
    settable: 'personal',
  }),
  for: option.texts(
    '--for <consumer>',
    'what a consumer of export would make of them; takes its flags too; repeatable',
  ),
  allNamespaces: option.flag('-A, --all-namespaces', 'with hub: the profiles of all namespaces'),
  ...targetFlags,
};

type ValidateOptions = ValuesOf<typeof flags> & Pick<AcceptOptions, 'acceptedFrom'>;

/** True for the form that reads an inventory; with -f, an inventory is only there to compare with. */
const isLive = (what: string | undefined, { filename, inventory }: ValidateOptions): boolean =>
  what === 'hub' || (inventory !== undefined && filename.length === 0);

function checkValidateFlags(what: string | undefined, options: ValidateOptions): void {
  if (what !== undefined && what !== 'hub')
    throw usageError(
      `validate takes -f FILE or the word hub, not ${JSON.stringify(what)}`,
      `clusterprofile validate -f ${quoteForShell(what)}`,
    );
  assertTogether('validate', { ...options, what, compared: options.against === 'hub' });
}

interface FileFindings {
  findings: Finding[];
  text: Document[];
  rules: readonly Rule[];
}

/** What is wrong with the provider file, with its text for line numbers. */
async function checkProviders(
  { providerFile: file, strict }: ValidateOptions,
  documents: readonly Document[],
): Promise<FileFindings> {
  if (file === undefined) return { findings: [], text: [], rules: [] };
  const { checkProviderFile, providerFileRules } = await import('../lint/rules/provider-file.ts');
  const text = readText(file);
  const profiles = documents.map(({ object }) => object).filter(isClusterProfile);
  const findings = checkProviderFile(text, { file, profiles, strict });
  return { findings, text: splitDocuments(text, file), rules: providerFileRules };
}

/** What the consumers of these names would refuse, ignore or misread. */
async function judgeConsumers(
  documents: readonly Document[],
  options: ValidateOptions,
  given: object,
  say: (text: string) => void,
): ReturnType<typeof import('../export/validate-for.ts').judgeProfiles> {
  const { findConsumers, sharedFlags } = await import('./flags/validate.ts');
  const { judgeProfiles } = await import('../export/validate-for.ts');
  return judgeProfiles(
    documents,
    (await findConsumers(options.for)).values(),
    { ...options, ...valuesOf(sharedFlags, given), given },
    say,
  );
}

/** All that is found in documents, beside the provider file and by consumers, but for what is ignored. */
async function judgeDocuments(
  { documents, clusterSets, earlier }: Pick<ValidateInput, 'documents' | 'clusterSets'> & { earlier: unknown[] },
  options: ValidateOptions,
  given: object,
  ignores: readonly Ignore[],
  say: (text: string) => void,
): Promise<{ result: JudgedResult; onFile: FileFindings; rules: readonly Rule[]; ignorer: Ignorer }> {
  const onConsumers =
    options.for.length > 0 ? await judgeConsumers(documents, options, given, say) : { findings: [], rules: [] };
  const linted = lint(documents, {
    target: options.target,
    strict: options.strict,
    against: earlier,
    clusterSets,
    now: options.asOf === undefined ? new Date() : new Date(options.asOf),
  });
  const onFile = await checkProviders(options, documents);
  const ignorer = await createIgnorer(documents, ignores, { inline: options.inlineIgnores });
  const findings = ignorer.keep([...linted.findings, ...onConsumers.findings].toSorted(byPlace));
  const kept = { ...onFile, findings: ignorer.keep(onFile.findings) };
  const rules = [...onFile.rules, ...onConsumers.rules];
  return { result: { ...linted, findings, ignored: ignorer.ignored }, onFile: kept, rules, ignorer };
}

/** Checks files or an inventory, prints what was found, and returns the exit code. */
async function runValidate(what: string | undefined, options: ValidateOptions, given: object, io: Io): Promise<number> {
  checkValidateFlags(what, options);
  const ignores = [
    ...(await parseRuleWords(options.ignore, '--ignore', io.program)),
    ...(await parseAccepted(options, io.program)),
  ];
  const { documents, clusterSets, errors, others, isInventoryBroken, unread }: ValidateInput = isLive(what, options)
    ? await fromInventory(options, io)
    : await readFiles(options, io);
  const wantsFiles = !isLive(what, options) && options.filename.length > 0 && !options.skipOthers;
  if (documents.length === 0 && errors.length === 0 && wantsFiles) throw new UserError('no objects passed to validate');
  const say = sayOnce(io, options);
  const compared = await readEarlier(options, io);
  const { result, onFile, rules, ignorer } = await judgeDocuments(
    { documents, clusterSets, earlier: compared.earlier },
    options,
    given,
    ignores,
    (text) => say(makeSafeLine(text)),
  );
  const isNotable = ({ severity }: Finding): boolean => options.verbose || severity !== 'info';
  const shown = await locate(result.findings.filter(isNotable), documents);
  const shownOnFile = await locate(onFile.findings.filter(isNotable), onFile.text);
  await printReport(result, [...shown, ...shownOnFile], { ...options, rules }, io);
  for (const error of errors) io.err(`${addHint(`error: ${makeSafeLine(messageOf(error))}`, error.hint)}\n`);
  const isBroken =
    (others !== undefined && sayGaps(others, io, options).isBroken) || isInventoryBroken || compared.isInventoryBroken;
  const skipped = listUnread(
    result.skipped.map(({ object, file, document }) => ({ object, origin: { file, document } })),
  );
  for (const fault of skipped) io.err(`error: ${makeSafeLine(fault)}\n`);
  sayWhatWasSkipped(result, say);
  await sayIdleIgnores(ignorer, options, say);
  if (unread !== undefined) say(makeSafe(`note: PlacementDecisions are not checked: ${unread}`));
  if (options.providerFile !== undefined) say(summariseFile(options.providerFile, onFile.findings, result));
  if (result.checked.length > 0) say(summarise(result, shown));
  else if (errors.length === 0 && (isLive(what, options) || options.filename.length > 0)) {
    say('warning: no ClusterProfile found');
    const objects = documents.map(({ object }) => object);
    if (!options.quiet && skipped.length === 0) sayNoProfile(objects, options.filename, io);
  }
  await sayAcceptedFindings(ignorer, [...documents, ...onFile.text], options, say);
  if (errors.length > 0) return exit.input;
  if (count([...result.findings, ...onFile.findings], 'error') > 0) return exit.negative;
  return isBroken || skipped.length > 0 ? exit.partial : exit.done;
}

/** Declares `validate`, with the flags of the consumers that it is for. */
export const define: Define = async (command, io, words, _verbs, defaults) => {
  withExamples(command, io, [
    ['validate -f fleet/', 'check the files of a GitOps repository'],
    ['validate -f fleet/ --against hub --strict', 'before apply: against what is live, warnings fail too'],
    ['validate hub -A', 'check what is on the hub'],
    ['validate hub -A --for argocd --for kueue', 'what Argo CD and Kueue would refuse, ignore or misread'],
    ['validate -f fleet/ -o sarif > clusterprofile.sarif', 'for code scanning'],
  ]);
  command
    .description(
      'Check ClusterProfiles and PlacementDecisions against the API, the rules of KEP-4322 and 5313, and what consumers need.',
    )
    .argument('[hub]', 'the word hub: check the profiles of the inventory');
  addFlags(command, flags);
  keepRules(command, rulesOf('validate'));
  await addConsumerFlags(command, words, ['validate'], defaults);
  command.action(async (what: string | undefined, given: object) => {
    const options = { ...valuesOf(flags, given), acceptedFrom: findOrigin(command, 'accept') };
    keepExitCode(command, await runValidate(what, options, given, io));
  });
};
