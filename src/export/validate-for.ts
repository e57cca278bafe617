import type { Document, Problem } from '../lint/problem.ts';
import type { Exporter, ExporterFlags, ExportContext } from './kit/exporter.ts';
import { valuesOf, type ValuesOf } from '../options.ts';
import { locateProvider, findUsedProvider, type ExecPlugin, type ProviderConfig } from '../access/provider.ts';
import { isClusterProfile, type ClusterProfile } from '../profile/clusterprofile.ts';
import { exit, isUserError, type UserError } from '../errors.ts';
import { listDropped } from './kit/drops.ts';
import { createConsumerFindingMaker, consumerRules, type ConsumerRuleId } from '../lint/consumer.ts';
import type { Finding, Rule } from '../lint/rule.ts';
import { chooseMembers } from '../profile/members.ts';
import { checkDuplicate } from './kit/reader-checks.ts';
import { createExportContext, noProviderFile, type ExportInput } from './context.ts';
import type { SelfOptions } from './exec-self.ts';
import { byExport, findClashes, listDrops, translateOne, type Consumer, type MadePart } from './translate.ts';
import { findMisshape } from '../profile/shape/well-formed.ts';

/**
 * `validate --for`: asks the exporters themselves, with the options and the provider file that `export` would get, so
 * that both always agree. Nothing is written, and nothing that was made is kept.
 */
interface Judging {
  options: ExportInput['options'];
  /** Those that exporters have, as commander has them. */
  given: object;
  /** Absent without `--provider-file`: then what only a plugin can tell is left open. */
  providers: readonly ProviderConfig[] | undefined;
  strict: boolean;
  /** This program as a plugin, with `--exec self`. */
  self: ExportContext['self'] | undefined;
  /** What is about the whole, not about one profile. */
  say(text: string): void;
}

interface Subject {
  document: Document;
  profile: ClusterProfile;
}

type Add = (id: ConsumerRuleId, subject: Subject, problem: Problem) => void;

/** Runs something of an exporter. What a user can act on is handed over, but for a wrong flag, which is nobody's fault here. */
function tryTo<T>(
  run: () => T,
  caught: (error: UserError) => void,
  mine = ({ code }: UserError): boolean => code !== exit.usage,
): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!isUserError(error) || !mine(error)) throw error;
    caught(error);
    return undefined;
  }
}

/** The profiles among the documents; other rules say what is wrong with those of a wrong shape. */
const findSubjects = (documents: readonly Document[]): Subject[] =>
  documents
    .flatMap((document) => {
      const { object } = document;
      return isClusterProfile(object) && !findMisshape(object) ? [{ document, profile: object }] : [];
    })
    .toSorted((a, b) => byExport(a.profile, b.profile));

/** Stands in for the plugin that only a provider file knows. */
const anyPlugin: ExecPlugin = { apiVersion: '', command: '', args: [], env: [] };

/** What exporters get, with stand-ins for what is not there: a plugin, a token. Remembers that a plugin was asked for. */
function createStandIn(
  subjects: readonly Subject[],
  own: ValuesOf<ExporterFlags>,
  { options, providers, self }: Judging,
  warn: ExportContext['warn'],
): { context: ExportContext; asked: ReadonlyMap<ClusterProfile, string> } {
  const asked = new Map<ClusterProfile, string>();
  const profiles = subjects.map(({ profile }) => profile);
  const real = createExportContext({ profiles, options, own, providers, warn, note: () => {} });
  const context: ExportContext = {
    ...real,
    token: () => 'a token',
    self: self ?? (() => anyPlugin),
    exec(profile) {
      if (providers) return real.exec(profile);
      const access = real.access(profile);
      asked.set(profile, access.provider);
      return { ...access, plugin: anyPlugin };
    },
  };
  return { context, asked };
}

/** How a profile is reached, which most that is said of it is about. */
const locateUsedProvider = (
  { profile }: Pick<Subject, 'profile'>,
  providers: readonly ProviderConfig[] | undefined,
): Problem['at'] => locateProvider(profile, findUsedProvider(profile, providers)?.name);

/** The place that a refusal is about: the name, where its message begins with it, else how the profile is reached. */
function locateRefusal(error: UserError, { profile }: Subject, providers: readonly ProviderConfig[]): Problem['at'] {
  const [, field] = /^metadata\.(name|namespace)\b/.exec(error.message) ?? [];
  return field === undefined ? locateUsedProvider({ profile }, providers) : ['metadata', field];
}

function judgeProfile(subject: Subject, exporter: Exporter, context: ExportContext, add: Add): MadePart[] {
  const { profile } = subject;
  const made = tryTo(
    () => translateOne(exporter, profile, context),
    (error) =>
      add('CF001', subject, {
        at: locateRefusal(error, subject, context.providers),
        message: error.message,
        hint: error.hint,
      }),
    // Anything else, such as a file that a flag names and that is not there, is no fault of the profile.
    ({ code }) => code === exit.refused,
  );
  const provider = findUsedProvider(profile, context.providers);
  for (const { name, at, vital } of listDropped(profile, listDrops(exporter, context.options), context.providers))
    add('CF004', subject, {
      at: at(locateProvider(profile, provider?.name)),
      message: `it does not carry ${name}`,
      severity: vital ? 'warning' : 'info',
    });
  return made ?? [];
}

/** What is wrong only when all of them are there: two that would be one, or too many. */
function judgeTogether(
  made: readonly MadePart[],
  subjects: readonly Subject[],
  { combine }: Exporter,
  context: ExportContext,
  add: Add,
): void {
  const [first] = subjects;
  if (!first || made.length === 0) return;
  let distinct = true;
  for (const { profile, message } of findClashes(made)) {
    distinct = false;
    const subject = subjects.find((each) => each.profile === profile) ?? first;
    add('CF002', subject, { at: ['metadata', 'name'], message, hint: 'rename one of them' });
  }
  if (!distinct || !combine) return;
  tryTo(
    () =>
      combine(
        made.map(({ part }) => part),
        context,
      ),
    ({ message, hint }) => add('CF002', first, { at: [], message, hint }),
  );
}

function judgeConsumer(name: string, exporter: Exporter, subjects: readonly Subject[], judging: Judging): Finding[] {
  const { given, providers, strict, say } = judging;
  const toFinding = createConsumerFindingMaker(strict);
  const findings: Finding[] = [];
  const add: Add = (id, { document }, { message, ...problem }) =>
    findings.push(toFinding(id, document, { ...problem, message: `${name}: ${message}` }));
  const byProfile = new Map(subjects.map((subject) => [subject.profile, subject]));
  const warn: ExportContext['warn'] = (message, about) => {
    const subject = about && byProfile.get(about);
    if (subject) add('CF003', subject, { at: locateUsedProvider(subject, providers), message });
    else say(`warning: ${name}: ${message}`);
  };
  const { context, asked } = createStandIn(subjects, valuesOf(exporter.options ?? {}, given), judging, warn);
  const profiles = subjects.map(({ profile }) => profile);
  const kept = new Set(chooseMembers(profiles).kept);
  const made = subjects
    .filter(({ profile }) => kept.has(profile))
    .flatMap((subject) => judgeProfile(subject, exporter, context, add));
  for (const subject of subjects)
    for (const check of [checkDuplicate, ...(exporter.checks ?? []), ...(exporter.cautions ?? [])])
      for (const concern of check(subject.profile, { providers: providers && context.providers, profiles }))
        add('CF003', subject, concern);
  judgeTogether(made, subjects, exporter, context, add);
  if (strict)
    for (const [profile, provider] of asked) {
      const subject = byProfile.get(profile);
      const message = `${noProviderFile.message} by ${JSON.stringify(provider)}`;
      if (subject) add('CF001', subject, { ...noProviderFile, at: locateUsedProvider(subject, providers), message });
    }
  else if (asked.size > 0)
    say(
      `note: ${name} needs a --provider-file, with entries for ${[...new Set(asked.values())].toSorted().join(', ')}`,
    );
  return findings;
}

/** The entries of the provider file; one that cannot be read is reported by rules of its own. */
async function readProviders(file: string | undefined): Promise<ProviderConfig[] | undefined> {
  if (file === undefined) return undefined;
  const { readProviderFile } = await import('../access/provider-file.ts');
  return tryTo(
    () => readProviderFile(file),
    () => {},
  );
}

/** What consumers would refuse, pass over or take for something else, profile by profile. */
export async function judgeProfiles(
  documents: readonly Document[],
  consumers: Iterable<Consumer>,
  options: SelfOptions & ExportInput['options'] & { strict?: boolean; given: object },
  say: (text: string) => void,
): Promise<{ findings: Finding[]; rules: readonly Rule[] }> {
  const subjects = findSubjects(documents);
  const providers = await readProviders(options.providerFile);
  const { given } = options;
  const { exec, execCommand } = given as { exec?: string; execCommand?: string };
  const withSelf = exec === 'self' && options.providerFile !== undefined;
  const self = withSelf
    ? (await import('./exec-self.ts')).createSelfPlugin({ ...options, execCommand }, {})
    : undefined;
  const judging = { options, given, providers, strict: options.strict ?? false, self, say };
  const findings = [...consumers].flatMap(({ name, exporter }) => judgeConsumer(name, exporter, subjects, judging));
  return { findings, rules: consumerRules };
}
