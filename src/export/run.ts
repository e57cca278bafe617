import { describeEnd } from '../util/limits.ts';
import { exit, usageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { isBeingDeleted } from '../object.ts';
import type { ProviderConfig } from '../access/provider.ts';
import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { isHealthy, chooseMembers } from '../profile/members.ts';
import { findGivenFilter, openToRead, buildQuery, selectProfiles } from '../stores/read.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { collectNotices, nameSubjects, type Notices, type SayLine } from '../util/notices.ts';
import { few, listSome } from '../util/text.ts';
import { prepareContext } from './context.ts';
import type { Delivery } from './deliver.ts';
import type { ExportOptions } from './flags.ts';
import { groupByDrop } from './kit/drops.ts';
import type { Drop, Exporter, ExportContext } from './kit/exporter.ts';
import { assertDistinct, byExport, listDrops, translateAll, type MadePart } from './translate.ts';
import { isKept, printDocuments, writeFiles } from './print.ts';
import { findMisshape } from '../profile/shape/well-formed.ts';

/** A flag that leaves profiles out: after one of them a read does not show what there is. */
const findFilter = (options: ExportOptions): string | undefined =>
  findGivenFilter(options) ?? (options.onlyHealthy ? '--only-healthy' : undefined);

/** The profiles that a consumer is to see. */
interface Read {
  /** In the order of every export, or of a placement. */
  profiles: ClusterProfile[];
  partial: boolean;
  namespace: string | undefined;
}

async function readProfiles(
  consumer: string,
  options: ExportOptions,
  io: Io,
  { say, warn }: Notices<ClusterProfile>,
): Promise<Read> {
  // The prune guard has words of its own for an empty input, and --allow-empty for wanting one.
  const { inventory, partial } = await openToRead(options, io, options.prune ? undefined : 'export');
  const query = buildQuery(options, inventory);
  const all: ClusterProfile[] = [];
  try {
    for await (const page of selectProfiles(inventory, query, options)) all.push(...page);
  } catch (error) {
    throw io.signal.aborted ? describeEnd(options, io) : error;
  }
  const broken = all.flatMap((profile) => findMisshape(profile) ?? []);
  if (broken[0] && !options.skipRefused) throw broken[0];
  const profiles = broken.length > 0 ? all.filter((profile) => !findMisshape(profile)) : all;
  for (const { message } of broken) say(`error: ${consumer}: ${makeSafeLine(message)}`, true);
  const leaving = profiles.filter(isBeingDeleted);
  if (leaving.length > 0) say(`note: left out, being deleted: ${makeSafeLine(listSome(leaving.map(nameOf)))}`);
  const staying = profiles.filter((profile) => !isBeingDeleted(profile));
  if (options.placement === undefined) staying.sort(byExport);
  const { kept, undecided } = chooseMembers(options.onlyHealthy ? staying.filter(isHealthy) : staying, warn);
  return {
    profiles: kept,
    partial: partial || undecided || broken.length > 0 || !inventory.isWhole() || (inventory.hasUnread?.() ?? false),
    namespace: query.namespace,
  };
}

function sayRefused(
  consumer: string,
  refused: ReturnType<typeof translateAll>['refused'],
  say: SayLine,
  { isRest, verbose }: { isRest: boolean; verbose: boolean | undefined },
): void {
  const said = refused.map(({ profile, error }) => [error.message, profile] as const);
  for (const text of nameSubjects(said, nameOf, verbose ? Infinity : few))
    say(`error: ${consumer}: ${makeSafeLine(text)}`, true);
  for (const { error } of refused) if (error.hint) say(`hint: ${makeSafeLine(error.hint)}`, true);
  if (isRest) say('hint: --skip-refused does the rest', true);
}

/** The namespaces that a read was about; `undefined` when it was about all. */
function listReadNamespaces(
  { profiles, namespace }: { profiles: readonly ClusterProfile[]; namespace: string | undefined },
  { allNamespaces, filename, placement }: ExportOptions,
): Set<string> | undefined {
  // A placement names profiles wherever they are.
  if (allNamespaces || placement !== undefined || (namespace === undefined && !filename?.length)) return undefined;
  const seen = profiles.map(({ metadata }) => metadata.namespace ?? '');
  return new Set(namespace === undefined ? seen : [...seen, namespace]);
}

function checkOptions(exporter: Exporter, consumer: string, { output }: ExportOptions): void {
  const formats = exporter.jsonFile === undefined ? ['yaml', 'json'] : ['json'];
  if (formats.includes(output ?? 'yaml')) return;
  throw usageError(
    formats.length > 1
      ? `unknown output format ${JSON.stringify(output)}`
      : `${consumer} reads JSON only, not ${JSON.stringify(output)}`,
    `formats: ${formats.join(' ')}`,
  );
}

const loadProviders = async ({ providerFile }: ExportOptions): Promise<ProviderConfig[] | undefined> =>
  providerFile === undefined ? undefined : (await import('../access/provider-file.ts')).readProviderFile(providerFile);

function sayDrops(
  consumer: string,
  drops: readonly Drop[],
  profiles: readonly ClusterProfile[],
  { providers, note, warn }: ExportContext,
): void {
  for (const [{ name, vital }, names] of groupByDrop(drops, profiles, providers))
    (vital ? warn : note)(`${consumer} does not carry ${name}: ${listSome(names)}`);
}

/** What the consumer will not act on, of what is exported all the same. */
function sayCautions(
  { cautions = [] }: Exporter,
  made: ReadonlySet<ClusterProfile>,
  { providers, warn }: ExportContext,
  hasFile: boolean,
): void {
  const profiles = [...made];
  for (const profile of profiles)
    for (const check of cautions)
      for (const { severity, message } of check(profile, { providers: hasFile ? providers : undefined, profiles }))
        if (severity === 'warning') warn(message, profile);
}

/** What the parts of all profiles make together, and what is lost on the way. */
function buildDocuments(
  consumer: string,
  exporter: Exporter,
  made: readonly MadePart[],
  context: ExportContext,
): object[] {
  if (made.length === 0) return exporter.empty?.(context.options) ?? [];
  assertDistinct(made);
  const parts = made.map(({ part }) => part);
  const documents = exporter.combine?.(parts, context) ?? (parts as object[]);
  const carried = [...new Set(made.map(({ profile }) => profile))];
  sayDrops(consumer, listDrops(exporter, context.options), carried, context);
  return documents;
}

/** Puts what was made where the flags say: on a cluster, into files, or on standard output. Returns the exit code. */
async function deliverDocuments(
  delivery: Delivery,
  context: ExportContext,
  { options, io, say }: { options: ExportOptions; io: Io; say: SayLine },
): Promise<number> {
  const { exporter, documents, partial } = delivery;
  const file = exporter.mergesInto?.(context.options);
  if (file !== undefined) return (await import('./deliver.ts')).mergeDocuments(delivery, file, options, { io, say });
  const isPlanned = options.apply || options.diff || options.prune;
  if (isPlanned || (options.outputDir !== undefined && documents.every(isKept) && !exporter.mergesInto))
    return (await import('./deliver.ts')).deliver(delivery, options, io, context.warn);
  if (options.outputDir === undefined) io.out(await printDocuments(documents, options.output ?? 'yaml'));
  else for (const line of await writeFiles(documents, options, exporter)) io.out(`${line}\n`);
  return partial ? exit.partial : exit.done;
}

/** Exports profiles for one consumer. Returns the exit code. */
export async function exportTo(consumer: string, exporter: Exporter, options: ExportOptions, io: Io): Promise<number> {
  checkOptions(exporter, consumer, options);
  const notices = await collectUnaccepted(options, io);
  try {
    return await exportWith(notices, consumer, exporter, options, io);
  } finally {
    notices.flush();
    notices.sayAccepted();
  }
}

/** What an export has to say, but for the warnings that are accepted. */
async function collectUnaccepted(
  options: ExportOptions,
  io: Io,
): Promise<Notices<ClusterProfile> & { sayAccepted(): void }> {
  const notices = collectNotices<ClusterProfile>(io, options, nameOf);
  if (!options.accept?.length) return { ...notices, sayAccepted() {} };
  const { parseAcceptance } = await import('../lint/ignore/accept.ts');
  const acceptance = await parseAcceptance(options, io.program);
  return {
    ...notices,
    flush() {
      acceptance.take(notices, (profile) => profile);
      notices.flush();
    },
    sayAccepted: () => acceptance.say(notices.say),
  };
}

async function exportWith(
  notices: Notices<ClusterProfile>,
  consumer: string,
  exporter: Exporter,
  options: ExportOptions,
  io: Io,
): Promise<number> {
  const { say, warn } = notices;
  const providers = await loadProviders(options);
  const read = await readProfiles(consumer, options, io, notices);
  const note = (message: string): void => say(`note: ${makeSafeLine(message)}`);
  const input = { profiles: read.profiles, options, own: options.own, providers, warn, note };
  const context = await prepareContext(input, options, io);
  const { made, refused } = translateAll(exporter, read.profiles, context);
  sayCautions(exporter, new Set(made.map(({ profile }) => profile)), context, providers !== undefined);
  notices.flush();
  const refusing = refused.length > 0 && !options.skipRefused;
  if (refusing) {
    // The drops that matter are said too, since they are what the user meets next.
    const vital = listDrops(exporter, context.options).filter((drop) => drop.vital);
    const profiles = refused.map(({ profile }) => profile);
    sayDrops(consumer, vital, profiles, context);
  }
  const isRest = refusing && refused.length < read.profiles.length;
  sayRefused(consumer, refused, say, { isRest, verbose: options.verbose });
  if (refusing) return exit.refused;
  const partial = refused.length > 0 || read.partial;
  const documents = buildDocuments(consumer, exporter, made, context);
  notices.flush();
  if (made.length === 0 && !options.prune) {
    note('no ClusterProfile to export');
    if (documents.length === 0) return partial ? exit.partial : exit.done;
  }
  const filter = findFilter(options);
  const delivery = { consumer, exporter, documents, partial, filter, namespaces: listReadNamespaces(read, options) };
  if (options.prune && delivery.namespaces?.size)
    note(`prune is about profiles of ${listSome([...delivery.namespaces])} only, with -A about all`);
  return deliverDocuments(delivery, context, { options, io, say });
}
