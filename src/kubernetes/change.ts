import type { KubernetesObject } from '../object.ts';
import type { ClusterProfile } from '../profile/clusterprofile.ts';

/** A field this tool wants that somebody else owns with another value. */
export interface Conflict {
  /** As the API server writes it: `.status.conditions[type="Joined"].status`. */
  field: string;
  owner: string;
  theirs: unknown;
  ours: unknown;
}

/** A field this tool wants to be rid of, which stays since others own it too. */
export interface SharedField {
  /** As in the object: `metadata.labels.team`. */
  field: string;
  owners: readonly string[];
}

/** One step of a plan: for a ClusterProfile, or for what a consumer reads. */
export type Change<T extends KubernetesObject = ClusterProfile> =
  | { action: 'create'; after: T }
  /** `before` is what of `live` counts for this write; `live` is the whole object, for preconditions. */
  | {
      action: 'update';
      before: T;
      after: T;
      live: T;
      kept?: readonly string[] | undefined;
      /** What of a safe way to reach a cluster goes away with it. */
      weakened?: readonly string[] | undefined;
      takeOver?: boolean | undefined;
    }
  | { action: 'delete'; before: T }
  /** It would be deleted, but somebody else of this tool has written it too: only our part of it goes. */
  | { action: 'release'; before: T }
  /** `kept`, here and above: which facts of the live object stay, since they could not be read or others own them. */
  | { action: 'unchanged'; after: T; live?: T; kept?: readonly string[] | undefined }
  | {
      action: 'refused';
      before: T;
      after: T;
      reason: string;
      conflicts?: Conflict[];
      /** Another cluster manager has a profile of that name. */
      isTaken?: boolean;
    };

/** The object a change is about. */
export const subjectOfChange = <T extends KubernetesObject>(change: Change<T>): T =>
  'after' in change ? change.after : change.before;

/** What a change says besides of the live object, for programs. */
export const describeRemarks = (
  change: Change<KubernetesObject>,
): { kept?: readonly string[]; weakened?: readonly string[] } => ({
  ...('kept' in change && change.kept && { kept: change.kept }),
  ...('weakened' in change && change.weakened && { weakened: change.weakened }),
});

/** What a store can tell of a live object, seen from a write this tool is about to make. */
export interface Comparison<T extends KubernetesObject = ClusterProfile> {
  /** The part of the live object that the write sets or owns: equal to the wanted one when nothing is to do. */
  before: T;
  /** The same with what others own too, where there is any of that. */
  ours?: T | undefined;
  /** What this tool gives up, and others keep. */
  shared?: readonly SharedField[] | undefined;
  /** What client-side apply owns of it becomes ours first. */
  takeOver?: boolean | undefined;
  /** Everything wanted is already owned by this tool's field manager. */
  owned: boolean;
  conflicts: Conflict[];
  /** Who else made the live object, by field manager; absent where this tool has a part in it. */
  maker?: string | undefined;
  /** Why the live object may not be written at all. */
  refusal?: string | undefined;
  /** It is another cluster manager's profile. */
  isTaken?: boolean | undefined;
}

/** What becomes of an object that is no longer wanted; `release`: only our part of it goes, since others have written it too. */
export type Retirement = 'delete' | 'release' | 'keep' | { refusal: string };

/** `terminating`: deleted as far as this tool can, and there until its finalizers are done. */
export type Result = 'created' | 'configured' | 'unchanged' | 'deleted' | 'terminating' | 'released';

export interface ApplyOptions {
  dryRun?: 'client' | 'server' | undefined;
  forceConflicts?: boolean | undefined;
}
