import type { Importer } from './kit/importer.ts';
import {
  byName,
  isNamespaceName,
  nameOf,
  type Cluster,
  type ClusterProfile,
  type UnknownFacts,
} from '../profile/clusterprofile.ts';
import { buildProfiles } from '../profile/collisions.ts';
import { codeOfPart, exit, UserError, usageError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { ProfilePlace } from '../profile/make.ts';
import { addHash } from '../profile/names.ts';
import { readText } from '../documents/objects.ts';
import { findFormat } from '../output/formats.ts';
import { groupBy } from '../util/collections.ts';
import { waitForReader } from '../util/limits.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { listSome } from '../util/text.ts';
import type { AcceptOptions, Acceptance } from '../lint/ignore/accept.ts';
import { collectNotices, sayOnce } from '../util/notices.ts';
import type { ImportOptions } from './flags.ts';
import { printLedger } from './ledger.ts';
import { selectClusters } from './select.ts';
import { reportTwins } from './twins.ts';
import { readClusters, type Batch, type ReadRequest } from './read.ts';

/** Printed in pieces: the text of ten thousand profiles need not be there at once. */
const printedPage = 500;

async function printProfiles(profiles: readonly ClusterProfile[], options: ImportOptions, io: Io): Promise<void> {
  const format = findFormat(options.output ?? 'yaml', readText);
  const print = await format.render({ stream: true, now: Date.now(), showNamespace: true, terminal: io.terminal.out });
  if (options.schemaComment !== undefined && (options.output ?? 'yaml') === 'yaml') io.out(options.schemaComment);
  for (let start = 0; start < profiles.length; start += printedPage) {
    io.out(print.page(profiles.slice(start, start + printedPage)));
    await waitForReader(options, io);
  }
  io.out(await print.end());
}

/** What a read did not tell of a cluster. */
const listUnknown = ({ unknown = [] }: Cluster): UnknownFacts[] => unknown.filter((facts) => facts !== undefined);

function noteServerless(all: readonly string[], unselected: readonly Cluster[], io: Io): void {
  const others = new Set(unselected.map(({ name }) => name));
  const names = all.filter((name) => !others.has(name));
  if (names.length > 0) io.err(`note: no server, so no access provider: ${makeSafeLine(listSome(names))}\n`);
}

/** Reads a source and makes its profiles. */
export async function readBatch(
  name: string,
  source: Importer,
  gathering: Omit<ReadRequest, 'notices'>,
): Promise<Batch> {
  const { options, io } = gathering;
  const manager = options.clusterManager ?? source.manager;
  if (options.namespace !== undefined && !isNamespaceName(options.namespace))
    throw usageError(`${JSON.stringify(options.namespace)} is not a namespace name`);
  const notices = collectNotices(io, options, (subject: { name: string }) => subject.name);
  try {
    const read = await readClusters(source, { ...gathering, notices });
    const { prefix, clusterset: clusterSet } = options;
    const placement = { manager, prefix, clusterSet, asOf: read.asOf };
    const placementOf = (cluster: Cluster): ProfilePlace => ({
      ...placement,
      namespace: options.namespace ?? cluster.namespace ?? source.namespace,
    });
    const { kept, others, entries, unnamed } = await selectClusters(read.clusters, placementOf, options);
    notices.forget(new Set<unknown>([...others, ...[...unnamed].map((each) => read.subjects.get(each))]));
    const ledger = [...read.ledger, ...entries];
    const clusters = options.probe
      ? await (await import('./probe.ts')).probeClusters({ ...read, clusters: kept }, options, io)
      : kept;
    const made = buildProfiles(clusters, placementOf, {
      onCollision: options.onCollision ?? 'error',
      warn: notices.warn,
    });
    const profiles = made.map(({ profile }) => profile);
    const byIdentity = new Map(made.map(({ cluster, profile }) => [cluster.identity, profile]));
    gathering.acceptance?.take(notices, (subject) => byIdentity.get((subject as Partial<Cluster>).identity ?? ''));
    const unknown = new Map(made.map(({ cluster, profile }) => [profile, listUnknown(cluster)]));
    printLedger(ledger, io, options);
    if (!options.quiet) noteServerless(read.serverless, others, io);
    return {
      name,
      source,
      manager,
      profiles,
      unknown,
      ledger,
      partial: notices.found.error || [...unknown.values()].flat().some(({ failed }) => failed),
      warned: notices.found.warning,
    };
  } finally {
    notices.flush();
  }
}

/** Two systems that know one cluster by one name: an error as within a system, or a hash of the manager behind both names. */
function keepApart(batches: readonly Batch[], onCollision: ImportOptions['onCollision']): void {
  const owned = batches.flatMap((batch) => batch.profiles.map((profile) => ({ batch, profile })));
  for (const [target, same] of groupBy(owned, ({ profile }) => nameOf(profile))) {
    const [first, second] = same;
    if (!first || !second) continue;
    if (onCollision !== 'hash')
      throw new UserError(`${first.batch.name} and ${second.batch.name} both have a cluster that would be ${target}`, {
        hint: '--on-collision=hash adds a hash to both names; or import one of them with another --namespace or a --prefix',
      });
    for (const { batch, profile } of same)
      profile.metadata.name = addHash(profile.metadata.name, `${batch.manager}/${target}`);
  }
}

/** Prints, diffs or applies what was read of one or more sources, one after the other. Returns the exit code. */
export async function finish(batches: readonly Batch[], options: ImportOptions, io: Io): Promise<number> {
  keepApart(batches, options.onCollision);
  const profiles = batches.flatMap((batch) => batch.profiles).toSorted(byName);
  if (profiles.length === 0 && !options.quiet) io.err('note: no cluster found\n');
  const notices = collectNotices(io, options, nameOf);
  reportTwins(profiles, notices.warn);
  notices.flush();
  const codes: number[] = [];
  if (options.apply || options.diff || options.outputDir) {
    const { reconcileBatch } = await import('./reconcile.ts');
    for (const batch of batches) codes.push(await reconcileBatch(batch, options, io));
  } else await printProfiles(profiles, options, io);
  const code = Math.max(exit.done, ...codes);
  const warned = notices.found.warning || batches.some((batch) => batch.warned);
  const incomplete = batches.some(({ partial }) => partial) || (options.strict && warned);
  if (incomplete) return codeOfPart(code, true);
  if (profiles.length === 0 && options.failOnEmpty) throw new UserError('no cluster found', { code: exit.notFound });
  return code;
}

/** `import <system>`: reads, translates, then prints, diffs or applies. Returns the exit code. */
export async function importFrom(
  name: string,
  source: Importer,
  { options, io, findReaders }: Pick<ReadRequest, 'options' | 'io' | 'findReaders'>,
): Promise<number> {
  const acceptance = await readAcceptance(options, io);
  const batch = await readBatch(name, source, { options, io, findReaders, acceptance });
  return finish([batch], options, io).finally(() => acceptance?.say(sayOnce(io, options)));
}

/** The warnings that are accepted; nothing is loaded for a run that accepts none. */
export async function readAcceptance(options: AcceptOptions, io: Io): Promise<Acceptance | undefined> {
  if (!options.accept?.length) return undefined;
  const { parseAcceptance } = await import('../lint/ignore/accept.ts');
  return parseAcceptance(options, io.program);
}
