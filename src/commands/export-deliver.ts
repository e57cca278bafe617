import type { KubernetesObject } from '../clusterprofile.ts';
import { exit, usageError } from '../errors.ts';
import {
  consumerCluster,
  kindAmong,
  originOf,
  refusesConsumer,
  stored,
  type ConsumerCluster,
  type Places,
} from '../inventories/consumer.ts';
import type { Change } from '../inventory.ts';
import type { Io } from '../io.ts';
import { planObjects } from '../plan.ts';
import { masked } from '../renderers/mask.ts';
import type { Exporter, Options, ResourceKind } from '../system.ts';
import { carryOut, showDiff, type WriteOptions } from './carry-out.ts';
import { prefixedTarget } from './flags.ts';
import { confirmPrune, guardPrune, type PruneOptions, type PruneWords } from './prune.ts';
import { connectContext } from './target.ts';

/** Flags of an export that goes to the consumer's cluster. */
export interface DeliverOptions extends WriteOptions, Omit<PruneOptions, 'dryRun'> {
  diff?: boolean;
  apply?: boolean;
  prune?: boolean;
  /** Tells inventories apart that feed the same consumer: part of the field manager. */
  instance?: string;
  showSecrets?: boolean;
  allNamespaces?: boolean;
}

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

/** A usage error for flags that do not go together. */
export function checkDelivery(consumer: string, { kinds }: Exporter, options: DeliverOptions & Options): void {
  const { apply, diff, prune, instance } = options;
  if (apply && diff) throw usageError('--apply and --diff exclude each other');
  if (prune && !apply && !diff) throw usageError('--prune goes with --apply or --diff');
  if (options.dryRun && !apply) throw usageError('--dry-run goes with --apply');
  if (!apply && !diff) return;
  if (options['outputDir'] !== undefined) throw usageError('--output-dir goes without --apply and --diff');
  if (!kinds)
    throw usageError(
      `${consumer} reads a file, so there is no cluster to write to`,
      `clusterprofile export ${consumer} --output-dir DIR`,
    );
  if (instance !== undefined && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(instance))
    throw usageError(`--instance takes a name of lower case letters, digits and -, not ${JSON.stringify(instance)}`);
}

/** The consumer's cluster: that of the `--target-…` flags, else the one of the hub's flags. */
function clusterOf(
  { consumer, exporter }: Delivery,
  options: DeliverOptions,
  io: Io,
  warn: (message: string) => void,
): ConsumerCluster {
  const target = prefixedTarget(options as Options, 'target');
  const given = Object.keys(target).some((key) => key !== 'timeout');
  // A context is looked for in the kubeconfig that the hub is in, unless another is named.
  const connection = given ? { ...(options.kubeconfig && { kubeconfig: options.kubeconfig }), ...target } : options;
  const fieldManager = ['clusterprofile', `export-${consumer}`, options.instance].filter(Boolean).join('/');
  return consumerCluster(connection, { ...connectContext(options, io, warn), fieldManager }, exporter.kinds ?? []);
}

const isPruned = (object: KubernetesObject, { exporter: { kinds = [], prunes = kinds } }: Delivery): boolean =>
  prunes.includes(kindAmong(kinds, object));

/** Prune stays with what this read could have shown: objects of profiles in the namespaces that were read. */
function inScope(object: KubernetesObject, { namespaces }: Delivery, { instance }: DeliverOptions): boolean {
  if (namespaces === undefined) return true;
  const origin = originOf(object);
  if (origin === undefined) return instance !== undefined;
  return namespaces.has(origin.includes('/') ? (origin.split('/')[0] ?? '') : '');
}

/** Where objects of this consumer may be that no profile stands for any more. */
const pruneIn =
  ({ exporter, namespaces }: Delivery, options: DeliverOptions & Options): Places =>
  (kind) => {
    if (!(exporter.prunes ?? exporter.kinds ?? []).includes(kind)) return [];
    const place = kind.namespace ?? (exporter.namespaceOption && (options[exporter.namespaceOption] as string));
    if (place !== undefined) return [place];
    return namespaces === undefined ? [undefined] : [...namespaces];
  };

/** The objects as the cluster would keep them, in the namespace of its context where they name none and need one. */
const placed = (documents: readonly object[], kinds: readonly ResourceKind[], namespace: string): KubernetesObject[] =>
  documents.map((document) => {
    const { clusterScoped } = kindAmong(kinds, document);
    const object = stored(document as KubernetesObject);
    if (clusterScoped || object.metadata.namespace !== undefined) return object;
    return { ...object, metadata: { ...object.metadata, namespace } };
  });

const profileWords: PruneWords = {
  what: 'profiles',
  partial: 'some profiles could not be read or were refused, and what stands for them would go',
  empty: 'there is no profile at all',
  filterHint: '--instance NAME gives this selection a name of its own, and prunes only what was written under it',
};

/** Diffs or applies what an export made on the consumer's cluster, with the guards of prune. Returns the exit code. */
export async function deliver(
  delivery: Delivery,
  options: DeliverOptions & Options,
  io: Io,
  warn: (message: string) => void,
): Promise<number> {
  const { documents, partial, filter } = delivery;
  if (options.prune)
    guardPrune(profileWords, {
      found: documents.length,
      partial,
      filter: options.instance === undefined ? filter : undefined,
      allowEmpty: options.allowEmpty,
    });
  const cluster = clusterOf(delivery, options, io, warn);
  const desired = placed(documents, delivery.exporter.kinds ?? [], cluster.namespace);
  const current =
    options.dryRun === 'client'
      ? []
      : await cluster.current(desired, options.prune ? pruneIn(delivery, options) : () => []);
  const changes: Change<KubernetesObject>[] = planObjects(current, desired, {
    prune: options.prune,
    forceConflicts: options.forceConflicts,
    view: (live, after) => cluster.view(live, after),
    made: (live) => cluster.made(live) && isPruned(live, delivery) && inScope(live, delivery, options),
    refuses: (live, after) => refusesConsumer(live, after, options.forceConflicts),
  });
  const output = options.output === 'yaml' ? '' : (options.output ?? '');
  if (options.diff) {
    const shown = options.showSecrets ? changes : changes.map(masked);
    return showDiff({ changes: shown, options: { ...options, output }, io });
  }
  if (options.prune) await confirmPrune(changes, cluster, options, io);
  const code = await carryOut({ inventory: cluster, changes, options: { ...options, output }, io });
  return code === exit.done && partial ? exit.partial : code;
}
