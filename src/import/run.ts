import { isOffline } from '../stores/options.ts';
import type { Importer } from './kit/importer.ts';
import { byName, isManagerName, isNamespaceName, nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { clusterProfiles } from '../profile/collisions.ts';
import { exit, UserError, usageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { hashedName, isLabelValue } from '../profile/names.ts';
import { readText } from '../documents/objects.ts';
import { renderer } from '../output/index.ts';
import { groupedBy } from '../util/collections.ts';
import { collectNotices } from '../util/notices.ts';
import { blindPrune } from '../plan/prune.ts';
import { printLedger } from './ledger.ts';
import { gather, type Batch, type Gathering, type ImportOptions } from './read.ts';

function check(options: ImportOptions, manager: string): void {
  if (!isManagerName(manager))
    throw usageError(`--cluster-manager must be a label value of 1 to 63 characters, not ${JSON.stringify(manager)}`);
  if (options.namespace !== undefined && !isNamespaceName(options.namespace))
    throw usageError(`${JSON.stringify(options.namespace)} is not a namespace name`);
  if (options.clusterset !== undefined && (options.clusterset === '' || !isLabelValue(options.clusterset)))
    throw usageError(`--clusterset must be a label value, not ${JSON.stringify(options.clusterset)}`);
  if (options.onCollision !== undefined && options.onCollision !== 'error' && options.onCollision !== 'hash')
    throw usageError('--on-collision takes error or hash');
  if (options.asOf !== undefined && Number.isNaN(Date.parse(options.asOf)))
    throw usageError(`--as-of takes an RFC 3339 time, not ${JSON.stringify(options.asOf)}`);
  if (options.prune && !options.apply && !options.diff && !options.outputDir)
    throw usageError('--prune goes with --apply or --diff');
  if ([options.apply, options.diff, options.outputDir].filter(Boolean).length > 1)
    throw usageError('--apply, --diff and --output-dir exclude each other');
  if (options.dryRun && !options.apply) throw usageError('--dry-run goes with --apply');
  if (options.prune && isOffline(options)) throw usageError(...blindPrune);
}

/** Printed in pieces: the text of ten thousand profiles need not be there at once. */
const pageSize = 500;

async function print(profiles: readonly ClusterProfile[], options: ImportOptions, io: Io): Promise<void> {
  const print = await renderer(
    options.output ?? 'yaml',
    { stream: true, now: Date.now(), showNamespace: true, terminal: io.terminal.out },
    readText,
  );
  for (let start = 0; start < profiles.length; start += pageSize)
    io.out(print.page(profiles.slice(start, start + pageSize)));
  io.out(await print.end());
}

/** Reads a source and makes its profiles. */
export async function profilesOf(
  name: string,
  source: Importer,
  gathering: Omit<Gathering, 'notices'>,
): Promise<Batch> {
  const { options, io } = gathering;
  const manager = options.clusterManager ?? source.manager;
  check(options, manager);
  const notices = collectNotices(io, options, (subject: { name: string }) => subject.name);
  try {
    const { clusters, asOf, ledger } = await gather(source, { ...gathering, notices });
    const placement = { manager, clusterSet: options.clusterset, asOf };
    const profiles = clusterProfiles(
      clusters,
      (cluster) => ({ ...placement, namespace: options.namespace ?? cluster.namespace ?? source.namespace }),
      { onCollision: options.onCollision ?? 'error', warn: notices.warn },
    );
    printLedger(ledger, io, options);
    return { name, source, manager, profiles, ledger, partial: notices.found.error, warned: notices.found.warning };
  } finally {
    notices.flush();
  }
}

/** Two systems that know one cluster by one name: an error as within a system, or a hash of the manager behind both names. */
function keepApart(batches: readonly Batch[], onCollision: ImportOptions['onCollision']): void {
  const owned = batches.flatMap((batch) => batch.profiles.map((profile) => ({ batch, profile })));
  for (const [target, same] of groupedBy(owned, ({ profile }) => nameOf(profile))) {
    const [first, second] = same;
    if (!first || !second) continue;
    if (onCollision !== 'hash')
      throw new UserError(`${first.batch.name} and ${second.batch.name} both have a cluster that would be ${target}`, {
        hint: '--on-collision=hash adds a hash to both names; or import one of them with another --namespace',
      });
    for (const { batch, profile } of same)
      profile.metadata.name = hashedName(profile.metadata.name, `${batch.manager}/${target}`);
  }
}

/** Prints, diffs or applies what was read of one or more sources, one after the other. Returns the exit code. */
export async function finish(batches: readonly Batch[], options: ImportOptions, io: Io): Promise<number> {
  keepApart(batches, options.onCollision);
  const profiles = batches.flatMap((batch) => batch.profiles).toSorted(byName);
  if (profiles.length === 0 && !options.quiet) io.err('note: no cluster found\n');
  const codes: number[] = [];
  if (options.apply || options.diff || options.outputDir) {
    const { reconcile } = await import('./reconcile.ts');
    for (const batch of batches) codes.push(await reconcile(batch, options, io));
  } else await print(profiles, options, io);
  const code = Math.max(exit.done, ...codes);
  const incomplete = batches.some(({ partial, warned }) => partial || (options.strict && warned));
  if (incomplete) return code === exit.done || code === exit.negative ? exit.partial : code;
  if (profiles.length === 0 && options.failOnEmpty) throw new UserError('no cluster found', { code: exit.notFound });
  return code;
}

/** `import <system>`: reads, translates, then prints, diffs or applies. Returns the exit code. */
export const importFrom = async (
  name: string,
  source: Importer,
  { options, io, findReaders }: Pick<Gathering, 'options' | 'io' | 'findReaders'>,
): Promise<number> => finish([await profilesOf(name, source, { options, io, findReaders })], options, io);
