import { endedError } from '../util/limits.ts';
import { exit, usageError, type UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { ProviderConfig, Aliases } from '../access/provider.ts';
import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { isHealthy, membersOf } from '../profile/members.ts';
import { givenFilter, openToRead, queryOf, selectProfiles, type ReadProfilesOptions } from '../stores/read.ts';
import { safeLine } from '../util/safe-text.ts';
import { collectNotices, nameSubjects, type Notices, type Say } from '../util/notices.ts';
import { someOf } from '../util/text.ts';
import { preparedContext } from './context.ts';
import type { DeliverOptions, Delivery } from './deliver.ts';
import { namesByDrop } from './kit/drops.ts';
import type { Drop, Exporter, ExportContext } from './kit/exporter.ts';
import { assertDistinct, byExport, dropsIn, translateAll, type Made } from './parts.ts';
import { isKept, printDocuments, writeFiles } from './print.ts';
import { misshapen } from './shape.ts';

/** Flags of `export`. */
export interface ExportOptions extends ReadProfilesOptions, DeliverOptions {
  providerFile?: string;
  providerAlias: Aliases;
  allowInsecure?: boolean;
  onlyHealthy?: boolean;
}

/** A flag that leaves profiles out: after one of them a read does not show what there is. */
const filterOf = (options: ExportOptions): string | undefined =>
  givenFilter(options) ?? (options.onlyHealthy === undefined ? undefined : '--only-healthy');

/** The profiles that a consumer is to see. */
interface Read {
  /** In the order of every export, or of a placement. */
  profiles: ClusterProfile[];
  partial: boolean;
  namespace: string | undefined;
}

async function profilesOf(
  consumer: string,
  options: ExportOptions,
  io: Io,
  { say, warn }: Notices<ClusterProfile>,
): Promise<Read> {
  // The prune guard has words of its own for an empty input, and --allow-empty for wanting one.
  const { inventory, partial } = await openToRead(options, io, options.prune ? undefined : 'export');
  const query = queryOf(options, inventory);
  const all: ClusterProfile[] = [];
  try {
    for await (const page of selectProfiles(inventory, query, options, new Map())) all.push(...page);
  } catch (error) {
    throw io.signal.aborted ? endedError(options, io) : error;
  }
  const broken = all.flatMap((profile) => misshapen(profile) ?? []);
  if (broken[0] && !options.skipRefused) throw broken[0];
  const profiles = broken.length > 0 ? all.filter((profile) => !misshapen(profile)) : all;
  for (const { message } of broken) say(`error: ${consumer}: ${safeLine(message)}`, true);
  if (options.placement === undefined) profiles.sort(byExport);
  const { kept, undecided } = membersOf(options.onlyHealthy ? profiles.filter(isHealthy) : profiles, warn);
  return {
    profiles: kept,
    partial: partial || undecided || broken.length > 0 || !inventory.isWhole(),
    namespace: query.namespace,
  };
}

/** How many profiles are named when one thing is wrong with all of them. */
const shownRefusals = 50;

function sayRefused(
  consumer: string,
  refused: ReturnType<typeof translateAll>['refused'],
  say: Say,
  { isRest, verbose }: { isRest: boolean; verbose: boolean | undefined },
): void {
  const said = refused.map(({ profile, error }) => [error.message, profile] as const);
  for (const text of nameSubjects(said, nameOf, verbose ? Infinity : shownRefusals))
    say(`error: ${consumer}: ${safeLine(text)}`, true);
  for (const { error } of refused) if (error.hint) say(`hint: ${error.hint}`, true);
  if (isRest) say('hint: --skip-refused does the rest', true);
}

/** The namespaces that a read was about; `undefined` when it was about all. */
function namespacesOf(
  { profiles, namespace }: { profiles: readonly ClusterProfile[]; namespace: string | undefined },
  { allNamespaces, filename, placement }: ExportOptions,
): Set<string> | undefined {
  // A placement names profiles wherever they are.
  if (allNamespaces || placement !== undefined || (namespace === undefined && !filename)) return undefined;
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

const providersOf = async ({ providerFile }: ExportOptions): Promise<ProviderConfig[] | undefined> =>
  providerFile === undefined ? undefined : (await import('../access/provider-file.ts')).readProviderFile(providerFile);

function sayDrops(
  consumer: string,
  drops: readonly Drop[],
  profiles: readonly ClusterProfile[],
  { providers, note, warn }: ExportContext,
): void {
  for (const [{ name, vital }, names] of namesByDrop(drops, profiles, providers))
    (vital ? warn : note)(`${consumer} does not carry ${name}: ${someOf(names)}`);
}

/** What the parts of all profiles make together, and what is lost on the way. */
function documentsOf(consumer: string, exporter: Exporter, made: readonly Made[], context: ExportContext): object[] {
  if (made.length === 0) return exporter.empty?.(context.options) ?? [];
  assertDistinct(made);
  const parts = made.map(({ part }) => part);
  const documents = exporter.combine?.(parts, context) ?? (parts as object[]);
  const carried = [...new Set(made.map(({ profile }) => profile))];
  sayDrops(consumer, dropsIn(exporter, context.options), carried, context);
  return documents;
}

/** Puts what was made where the flags say: on a cluster, into files, or on standard output. Returns the exit code. */
async function handOver(
  delivery: Delivery,
  context: ExportContext,
  { options, io, say }: { options: ExportOptions; io: Io; say: Say },
): Promise<number> {
  const { consumer, exporter, documents, partial } = delivery;
  const delivered = options.apply || options.diff || options.prune || options.outputDir !== undefined;
  const delivering = delivered ? await import('./deliver.ts') : undefined;
  if (delivering && (options.apply || options.diff || options.prune || documents.every(isKept)) && !exporter.save)
    return delivering.deliver(delivery, options, io, context.warn);
  const pruning = options.prune ? delivering?.pruningOf(delivery, options, io) : undefined;
  const left: UserError[] = [];
  const onRefused = options.skipRefused ? (error: UserError): unknown => left.push(error) : undefined;
  const done = await exporter.save?.(documents, context, { pruning, onRefused });
  for (const { message } of left) say(`error: ${consumer}: ${safeLine(message)}`, true);
  if (done !== undefined) say(done);
  else if (options.outputDir === undefined) io.out(await printDocuments(documents, options.output ?? 'yaml'));
  else for (const line of await writeFiles(documents, options, exporter)) io.out(`${line}\n`);
  return partial || left.length > 0 ? exit.partial : exit.done;
}

/** Exports profiles for one consumer. Returns the exit code. */
export async function exportTo(consumer: string, exporter: Exporter, options: ExportOptions, io: Io): Promise<number> {
  checkOptions(exporter, consumer, options);
  const notices = collectNotices(io, options, nameOf);
  return exportWith(notices, consumer, exporter, options, io).finally(() => notices.flush());
}

async function exportWith(
  notices: Notices<ClusterProfile>,
  consumer: string,
  exporter: Exporter,
  options: ExportOptions,
  io: Io,
): Promise<number> {
  const { say, warn } = notices;
  const providers = await providersOf(options);
  const read = await profilesOf(consumer, options, io, notices);
  const note = (message: string): void => say(`note: ${safeLine(message)}`);
  const input = { profiles: read.profiles, options, own: options.own, providers, warn, note };
  const context = await preparedContext(input, options, io);
  const { made, refused } = translateAll(exporter, read.profiles, context);
  notices.flush();
  const refusing = refused.length > 0 && !options.skipRefused;
  if (refusing) {
    // What would be next to stand in the way.
    const vital = dropsIn(exporter, context.options).filter((drop) => drop.vital);
    const profiles = refused.map(({ profile }) => profile);
    sayDrops(consumer, vital, profiles, context);
  }
  const isRest = refusing && refused.length < read.profiles.length;
  sayRefused(consumer, refused, say, { isRest, verbose: options.verbose });
  if (refusing) return exit.refused;
  const partial = refused.length > 0 || read.partial;
  const documents = documentsOf(consumer, exporter, made, context);
  notices.flush();
  if (made.length === 0 && !options.prune) {
    note('no ClusterProfile to export');
    if (documents.length === 0) return partial ? exit.partial : exit.done;
  }
  const filter = filterOf(options);
  const delivery = { consumer, exporter, documents, partial, filter, namespaces: namespacesOf(read, options) };
  if (options.prune && delivery.namespaces?.size)
    note(`prune is about profiles of ${someOf([...delivery.namespaces])} only, with -A about all`);
  return handOver(delivery, context, { options, io, say });
}
