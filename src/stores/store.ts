import type { ApplyOptions, Change, Comparison, Result, Retirement } from '../kubernetes/change.ts';
import type { ObjectEvent } from '../kubernetes/client/known.ts';
import type { KubernetesObject, ResourceKind } from '../object.ts';
import type { LockOptions } from '../documents/lock.ts';
import type { Io } from '../io.ts';
import type { ClusterProfile } from '../profile/clusterprofile.ts';
import type { Query } from '../profile/selectors.ts';

/** What became of a profile. */
export type ProfileEvent = ObjectEvent<ClusterProfile>;

/** Where a plan is carried out: an inventory, or the place that a consumer reads. */
export interface Store<T extends KubernetesObject = KubernetesObject> {
  /** For messages: `hub https://…` or `inventory fleet/`. */
  readonly title: string;
  /** What a write of `wanted` over `live` would find. */
  compare(live: T, wanted: T, options: { forceConflicts?: boolean | undefined }): Comparison<T>;
  /** What prune does with an object: it keeps what this tool did not make under the same source or consumer. */
  retire(live: T): Retirement;
  apply(change: Change<T>, options: ApplyOptions): Promise<Result>;
  /** Makes a namespace that does not exist yet; absent where it comes with its first object. */
  ensureNamespace?(name: string): Promise<void>;
  /** False once a list was put together from different moments: nothing may be pruned from it. */
  isWhole(): boolean;
  /** What several changes have in common that one write carries out, such as their file: they are handed in together. */
  groupOf?(change: Change<T>): string | undefined;
  /** Keeps other writers out until `close`; before the first write. */
  lock?(limits: LockOptions, io: Io): Promise<void>;
  /** After a list: something that is kept here may have been one of these objects, and is none. */
  hasUnread?(): boolean;
  /** After all writes, whatever became of them. */
  close?(): void;
}

/** Where ClusterProfiles are kept: a hub cluster, or a directory of YAML files. Both give the same results. */
export interface Inventory extends Store<ClusterProfile> {
  /** Where a profile without a namespace goes. */
  readonly namespace: string;
  /**
   * A profile as it is kept here, in a version of the API that this place has; `note`: what became of it. After a list;
   * absent where profiles are kept as they come.
   */
  adopt?(profile: ClusterProfile): { profile: ClusterProfile; note?: string | undefined };
  /** It lists what is well-formed only. Elsewhere whoever reads has to look. */
  readonly isWellFormed?: boolean;
  /**
   * What the next list is compared with: a profile that is kept just so is given back as the very object, which costs the
   * memory of one. Absent where what is kept is never the same.
   */
  expect?(desired: readonly ClusterProfile[]): void;
  /** Pages of profiles, in no particular order over pages. */
  list(query: Query): AsyncIterable<ClusterProfile[]>;
  /**
   * What there is, in one piece, then what becomes of it; without an end but that of the command. Absent where profiles
   * are at hand and kept nowhere.
   */
  watch?(query: Query): AsyncIterable<ProfileEvent[]>;
  /**
   * Pages of objects of another kind that are kept beside the profiles: Namespaces, PlacementDecisions. Read only.
   * Throws where the hub does not know the kind (exit 7), or says no (exit 6).
   */
  objects(kind: ResourceKind, namespace?: string): AsyncIterable<KubernetesObject[]>;
}

/** An inventory to read, and whether some of what belongs to it could not be read. */
export interface ReadInventory {
  inventory: Inventory;
  partial: boolean;
}
