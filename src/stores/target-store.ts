import type { KubernetesObject, ResourceKind } from '../object.ts';
import { isMarked, originAnnotation } from '../profile/clusterprofile.ts';
import type { Store } from './store.ts';

/** Namespaces to look in for objects of a kind; `undefined` among them for all. */
export type Places = (kind: ResourceKind) => readonly (string | undefined)[];

/** What a consumer reads: on the cluster that it runs on, or in the files of a directory. */
export interface TargetStore extends Store {
  /** The documents of an export as they are kept here. Throws a usage error for one that is no object. */
  place(documents: readonly object[]): KubernetesObject[];
  /**
   * The live objects that a plan has to know: all that this tool made, and the metadata of whatever else has a name that
   * is wanted, where the wanted ones are and in more places. Secrets of others are never read, only their names.
   */
  read(wanted: readonly KubernetesObject[], more: Places): Promise<KubernetesObject[]>;
  /** What the label of a kind selects in a namespace, whoever made it; absent where only this tool writes. */
  select?(kind: ResourceKind, namespace: string | undefined): Promise<KubernetesObject[]>;
}

/** Which profile an object stands for: `namespace/name`. */
export const originOf = ({ metadata }: KubernetesObject): string | undefined =>
  metadata.annotations?.[originAnnotation];

export const notOurs = 'it is there already, and this tool did not make it';

/**
 * Whether an object says that it stands for a profile, as whatever is written for one does. The label of this tool is no
 * such word: controllers copy labels of profiles onto objects of their own.
 */
export const namesOrigin = (live: KubernetesObject, wanted: KubernetesObject): boolean =>
  originOf(live) !== undefined || (originOf(wanted) === undefined && isMarked(live));

/** Why an object of ours is left alone: it stands for another profile than the one that is to be written. */
export function explainOtherOrigin(
  live: KubernetesObject,
  desired: KubernetesObject,
  forceConflicts = false,
): string | undefined {
  const [there, wanted] = [originOf(live), originOf(desired)];
  if (forceConflicts || there === undefined || wanted === undefined || there === wanted) return undefined;
  return `it stands for ClusterProfile ${there}, not for ${wanted} (--force-conflicts takes it over)`;
}
