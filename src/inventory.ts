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

/** One step of a plan: for a ClusterProfile, or for what a consumer reads. */
export type Change<T extends KubernetesObject = ClusterProfile> =
  | { action: 'create'; after: T }
  /** `before` is what of `live` counts for this write; `live` is the whole object, for preconditions. */
  | { action: 'update'; before: T; after: T; live: T }
  | { action: 'delete'; before: T }
  /** It would be deleted, but somebody else of this tool has written it too: only our part of it goes. */
  | { action: 'release'; before: T }
  | { action: 'unchanged'; after: T }
  | { action: 'refused'; before: T; after: T; reason: string; conflicts?: Conflict[] };

/** What a store can tell of a live object, seen from a write this tool is about to make. */
export interface View<T extends KubernetesObject = ClusterProfile> {
  /** The part of the live object that the write sets or owns: equal to the desired one when nothing is to do. */
  before: T;
  /** Everything desired is already owned by this tool's field manager. */
  owned: boolean;
  conflicts: Conflict[];
}

export type Result = 'created' | 'configured' | 'unchanged' | 'deleted' | 'released';

export interface ApplyOptions {
  dryRun?: 'client' | 'server' | undefined;
  forceConflicts?: boolean | undefined;
}

/** Where a plan is carried out: an inventory, or the place that a consumer reads. */
export interface Store {
  /** For messages: `hub https://…` or `inventory fleet/`. */
  readonly title: string;
  view(live: KubernetesObject, desired: KubernetesObject): View<KubernetesObject>;
  /** True for an object that this tool made under the same source or consumer: the only ones prune may delete. */
  made(live: KubernetesObject): boolean;
  apply(change: Change<KubernetesObject>, options: ApplyOptions): Promise<Result>;
  /** Makes a namespace that does not exist yet, where that means something. */
  ensureNamespace(name: string): Promise<void>;
  /** False once a list was put together from different moments: nothing may be pruned from it. */
  isWhole(): boolean;
}

/** Where ClusterProfiles are kept: a hub cluster, or a directory of YAML files. Both give the same results. */
export interface Inventory extends Store {
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
  made(live: ClusterProfile): boolean;
  apply(change: Change, options: ApplyOptions): Promise<Result>;
}
