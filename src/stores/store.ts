import type { ApplyOptions, Change, Result, View } from '../kubernetes/change.ts';
import type { KubernetesObject, ResourceKind } from '../object.ts';
import type { ClusterProfile } from '../profile/clusterprofile.ts';
import type { Query } from '../profile/selectors.ts';

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

/** An inventory to read, and whether some of what belongs to it could not be read. */
export interface ReadInventory {
  inventory: Inventory;
  partial: boolean;
}
