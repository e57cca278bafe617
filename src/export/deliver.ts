import type { ExportOptions } from './flags.ts';
import type { Change } from '../kubernetes/change.ts';
import { buildKubeconfig, type KubeconfigFile } from '../access/kubeconfig-file.ts';

import type { Pruning } from '../access/kubeconfig-merge.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import type { Exporter } from './kit/exporter.ts';
import type { SayLine, Warn } from '../util/notices.ts';
import type { KubernetesObject } from '../object.ts';
import { originOf, type TargetStore, type Places } from '../stores/target-store.ts';
import { codeOfPart, exit, type UserError } from '../errors.ts';
import { openTargetCluster, findKindAmong } from '../stores/target-cluster.ts';
import type { Io } from '../io.ts';
import { planObjects } from '../plan/plan.ts';
import { maskChange } from '../output/mask.ts';
import { showDiff } from '../plan/diff.ts';
import { executePlan } from '../plan/execute.ts';
import { isPrivate } from './print.ts';
import { sayRivals } from './rivals.ts';
import { nameOf } from '../profile/clusterprofile.ts';
import { confirmDeletions, confirmPrune, guardPrune, type PruneWords } from '../plan/prune.ts';
import { connectContext } from '../stores/open.ts';

/** What an export made, and how whole the read behind it was. */
export interface Delivery {
  consumer: string;
  exporter: Exporter;
  documents: readonly object[];
  /** The namespaces of the profiles that were read; absent when all were. */
  namespaces: ReadonlySet<string> | undefined;
  /** Some profiles could not be read or were refused. */
  partial: boolean;
  /** A flag that left some profiles out. */
  filter: string | undefined;
}

/** Whose objects these are, among several exports to one place. */
const nameWriter = ({ consumer }: Delivery, { instance }: ExportOptions, separator: string): string =>
  [`export-${consumer}`, instance].filter(Boolean).join(separator);

/** The consumer's cluster: that of the `--target-…` flags, else the one of the hub's flags. */
function openCluster(delivery: Delivery, options: ExportOptions, io: Io, warn: Warn): Promise<TargetStore> {
  const { target } = options;
  // A context is looked for in the kubeconfig that the hub is in, unless another is named.
  const connection = target
    ? { ...target, kubeconfig: target.kubeconfig ?? options.kubeconfig, role: 'target' as const }
    : options;
  const fieldManager = `clusterprofile/${nameWriter(delivery, options, '/')}`;
  const context = { ...connectContext(options, io, warn), fieldManager };
  return Promise.resolve(openTargetCluster(connection, context, delivery.exporter.kinds ?? []));
}

/** The files that the consumer reads, or that somebody applies for it. */
async function openDirectory(delivery: Delivery, options: ExportOptions, directory: string): Promise<TargetStore> {
  const { openTargetDirectory } = await import('../stores/target-directory.ts');
  return openTargetDirectory(directory, {
    writer: nameWriter(delivery, options, '.'),
    format: options.output === 'json' ? 'json' : 'yaml',
    isSecret: (object) => isPrivate(object, options.own),
  });
}

const isPruned = (object: KubernetesObject, { exporter: { kinds, prunes = kinds } }: Delivery): boolean =>
  kinds === undefined || prunes === undefined || prunes.includes(findKindAmong(kinds, object));

/** Prune stays with what this read could have shown: what stands for profiles in the namespaces that were read. */
function isRead(origin: string | undefined, { namespaces }: Delivery, { instance }: ExportOptions): boolean {
  if (namespaces === undefined) return true;
  if (origin === undefined) return instance !== undefined;
  return namespaces.has(origin.includes('/') ? (origin.split('/')[0] ?? '') : '');
}

/** Where objects of this consumer may be that no profile stands for any more. */
const pruneIn =
  ({ exporter, namespaces }: Delivery, { own }: ExportOptions): Places =>
  (kind) => {
    if (!(exporter.prunes ?? exporter.kinds ?? []).includes(kind)) return [];
    const place = kind.namespace ?? exporter.namespace?.(own);
    if (place !== undefined) return [place];
    return namespaces === undefined ? [undefined] : [...namespaces];
  };

const profileWords: PruneWords = {
  what: 'profiles',
  partial: 'some profiles could not be read or were refused, and what stands for them would go',
  empty: 'there is no profile at all',
  filterHint: '--instance NAME gives this selection a name of its own, and prunes only what was written under it',
};

/** Refuses to prune after a read that left something out. */
const assertPrunable = ({ documents, partial, filter }: Delivery, { instance, allowEmpty }: ExportOptions): void =>
  guardPrune(profileWords, {
    found: documents.length,
    partial,
    filter: instance === undefined ? filter : undefined,
    allowEmpty,
  });

/** Diffs or writes what an export made, on the consumer's cluster or in a directory, with the guards of prune. Returns the exit code. */
export async function deliver(delivery: Delivery, options: ExportOptions, io: Io, warn: Warn): Promise<number> {
  const { documents, partial } = delivery;
  if (options.prune) assertPrunable(delivery, options);
  const { outputDir } = options;
  const store = await (outputDir === undefined
    ? openCluster(delivery, options, io, warn)
    : openDirectory(delivery, options, outputDir));
  const desired = store.place(documents);
  const current =
    options.dryRun === 'client' ? [] : await store.read(desired, options.prune ? pruneIn(delivery, options) : () => []);
  const changes: Change<KubernetesObject>[] = planObjects(current, desired, {
    prune: options.prune,
    forceConflicts: options.forceConflicts,
    compare: (live, after) => store.compare(live, after, options),
    retire: (live) =>
      isPruned(live, delivery) && isRead(originOf(live), delivery, options) ? store.retire(live) : 'keep',
  });
  if (delivery.exporter.identity && options.dryRun !== 'client') {
    const gone = new Set(changes.flatMap((change) => (change.action === 'delete' ? [nameOf(change.before)] : [])));
    const namespace = delivery.exporter.namespace?.(options.own);
    await sayRivals(
      delivery.exporter.identity,
      store,
      { wanted: desired, gone, ...(namespace && { namespace }) },
      warn,
    );
  }
  // For files, `-o` is the format of the files and not of the results.
  const output = outputDir !== undefined || options.output === 'yaml' ? '' : (options.output ?? '');
  if (options.diff) {
    const shown = options.showSecrets ? changes : changes.map(maskChange);
    const shownIn = { ...options, output, full: options.full || options.showSecrets };
    return codeOfPart(await showDiff({ inventory: store, changes: shown, options: shownIn, io }), partial);
  }
  if (options.prune) await confirmPrune(changes, store, options, io);
  return codeOfPart(await executePlan({ inventory: store, changes, options: { ...options, output }, io }), partial);
}

/** What `--prune` may take out of a file that others write too, after the same guards. */
function preparePruning(delivery: Delivery, options: ExportOptions, io: Io): Pruning {
  assertPrunable(delivery, options);
  return {
    instance: options.instance,
    covers: (origin) => isRead(origin, delivery, options),
    confirm: (names, total) => confirmDeletions({ names, total, title: 'the file' }, options, io),
  };
}

/** Puts an exported kubeconfig into a file, beside the entries of others, and says what was done. Returns the exit code. */
export async function mergeDocuments(
  delivery: Delivery,
  file: string,
  options: ExportOptions,
  { io, say }: { io: Io; say: SayLine },
): Promise<number> {
  const { consumer, documents, partial } = delivery;
  const pruning = options.prune ? preparePruning(delivery, options, io) : undefined;
  const { mergeInto } = await import('../stores/target-kubeconfig.ts');
  const left: UserError[] = [];
  const onRefused = options.skipRefused ? (error: UserError): unknown => left.push(error) : undefined;
  const [config = buildKubeconfig([])] = documents;
  const done = await mergeInto(file, config as KubeconfigFile, { pruning, onRefused, limits: options, io });
  for (const { message } of left) say(`error: ${consumer}: ${makeSafeLine(message)}`, true);
  say(done);
  return partial || left.length > 0 ? exit.partial : exit.done;
}
