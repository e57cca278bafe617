import type { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { Document } from '../../lint/problem.ts';
import { readObjects, type ReadInput } from '../../documents/read-input.ts';
import { readClusterSets } from '../../stores/cluster-sets.ts';
import { readDecisions } from '../../stores/decisions.ts';
import { openInventory } from '../../stores/open.ts';
import type { ReadProfilesOptions } from '../../stores/options.ts';
import { buildQuery } from '../../stores/read.ts';
import { describeEnd } from '../../util/limits.ts';

/** What is checked, and what goes with it. */
export interface ValidateInput {
  documents: Document[];
  clusterSets?: ReadonlyMap<string, string> | undefined;
  /** Files that could not be read; the others are checked all the same. */
  errors: UserError[];
  /** What of the given files and directories holds no document that is checked. */
  others?: Pick<ReadInput, 'gaps' | 'passedOver'>;
  /** The inventory has files or objects that may have been profiles, which it has named. */
  isInventoryBroken?: boolean;
  /** Why PlacementDecisions could not be read. */
  unread?: string | undefined;
}

/** What says which objects are checked, and with which earlier ones they are compared. */
type InputOptions = Pick<ReadProfilesOptions, 'allNamespaces' | 'namespace' | 'recursive'> &
  Parameters<typeof openInventory>[0] & { against?: string | undefined };

/** The profiles of a hub, or of the directory that `--inventory` names, and what schedulers decided beside them. */
export async function fromInventory(options: InputOptions, io: Io): Promise<ValidateInput> {
  const inventory = await openInventory(options, io);
  const { namespace } = buildQuery(options, inventory);
  const documents: Document[] = [];
  const namespaces = new Set<string>();
  try {
    for await (const page of inventory.list({ namespace }))
      for (const object of page) {
        documents.push({ file: inventory.title, document: documents.length + 1, object });
        if (object.metadata.namespace) namespaces.add(object.metadata.namespace);
      }
    const { decisions, unread } = await readDecisions(inventory, namespace);
    for (const object of decisions) documents.push({ file: inventory.title, document: documents.length + 1, object });
    return {
      documents,
      clusterSets: await readClusterSets(inventory, [...namespaces]),
      errors: [],
      isInventoryBroken: inventory.hasUnread?.() ?? false,
      unread,
    };
  } catch (error) {
    throw io.signal.aborted ? describeEnd(options, io) : error;
  }
}

/** Earlier versions: of files, or, for the word hub, those that are live. */
export async function readEarlier(
  options: InputOptions,
  io: Io,
): Promise<{ earlier: unknown[]; isInventoryBroken?: boolean }> {
  const { against } = options;
  if (against === undefined) return { earlier: [] };
  if (against !== 'hub') return { earlier: (await readObjects([against], io, options)).map(({ object }) => object) };
  const { documents, isInventoryBroken = false } = await fromInventory(
    { ...options, allNamespaces: options.namespace === undefined },
    io,
  );
  return { earlier: documents.map(({ object }) => object), isInventoryBroken };
}
