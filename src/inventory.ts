import type { ClusterProfile, KubernetesObject } from './clusterprofile.ts';
import type { ResourceKind } from './system.ts';

/** Which profiles to list. The inventory does what it can where they are kept; callers filter the rest. */
export interface Query {
  /** One namespace; absent means all of them. */
  namespace?: string | undefined;
  /** One profile by name. */
  name?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

/** A field this tool wants that somebody else owns with another value. */
export interface Conflict {
  /** As the API server writes it: `.status.conditions[type="Joined"].status`. */
  field: string;
  owner: string;
  theirs: unknown;
  ours: unknown;
}

export type Change =
  | { action: 'create'; after: ClusterProfile }
  /** `before` is what of `live` counts for this write; `live` is the whole object, for preconditions. */
  | { action: 'update'; before: ClusterProfile; after: ClusterProfile; live: ClusterProfile }
  | { action: 'delete'; before: ClusterProfile }
  | { action: 'unchanged'; after: ClusterProfile }
  | { action: 'refused'; before: ClusterProfile; after: ClusterProfile; reason: string; conflicts?: Conflict[] };

/** What an inventory can tell of a live profile, seen from a write this tool is about to make. */
export interface View {
  /** The part of the live profile that the write sets or owns: equal to the desired profile when nothing is to do. */
  before: ClusterProfile;
  /** Everything desired is already owned by this tool's field manager. */
  owned: boolean;
  conflicts: Conflict[];
}

export type Result = 'created' | 'configured' | 'unchanged' | 'deleted';

export interface ApplyOptions {
  dryRun?: 'client' | 'server' | undefined;
  forceConflicts?: boolean | undefined;
}

/** Where ClusterProfiles are kept: a hub cluster, or a directory of YAML files. Both give the same results. */
export interface Inventory {
  /** For messages: `hub https://…` or `inventory fleet/`. */
  readonly title: string;
  /** Where a profile without a namespace goes. */
  readonly namespace: string;
  /** Pages of profiles, in no particular order over pages. */
  list(query: Query): AsyncIterable<ClusterProfile[]>;
  /**
   * Pages of objects of another kind that are kept beside the profiles: Namespaces, PlacementDecisions. Read only.
   * Throws where the hub does not know the kind (exit 7), or says no (exit 6).
   */
  objects(kind: ResourceKind, namespace?: string): AsyncIterable<KubernetesObject[]>;
  view(live: ClusterProfile, desired: ClusterProfile): View;
  /** Who made a profile that this tool has no part in, by field manager; `undefined` for one that it has. */
  stranger(live: ClusterProfile): string | undefined;
  /** True for a profile that this tool made under the same source: the only ones prune may delete. */
  made(live: ClusterProfile): boolean;
  apply(change: Change, options: ApplyOptions): Promise<Result>;
  /** Makes a namespace that does not exist yet, where that means something. */
  ensureNamespace(name: string): Promise<void>;
  /** False once a list was put together from different moments: nothing may be pruned from it. */
  isWhole(): boolean;
}
