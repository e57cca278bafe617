import type { KubernetesObject } from '../../object.ts';

/** What became of an object, in the words of the API. */
export interface ObjectEvent<T = KubernetesObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** As it is now; of one that is gone, as it was last. */
  object: T;
}

/** The objects that a watch has told of. */
export interface KnownObjects<T> {
  /** What a list says that was not known, sorted by nothing but the list: first what is gone, then what is there. */
  takeList(listed: readonly T[]): ObjectEvent<T>[];
  /** What an event says that was not known; nothing for one that is told again. */
  takeEvent(event: ObjectEvent<T>): ObjectEvent<T>[];
}

const formatKey = ({ metadata: { namespace = '', name } }: KubernetesObject): string => `${namespace}/${name}`;

/** Keeps what was told of objects, so that a list after a gap becomes the events in between, and nothing is told twice. */
export function createKnownObjects<T extends KubernetesObject>(
  isNewer: (object: T, known: T) => boolean,
): KnownObjects<T> {
  const known = new Map<string, T>();
  const remove = (object: T): ObjectEvent<T>[] =>
    known.delete(formatKey(object)) ? [{ type: 'DELETED', object }] : [];
  const put = (object: T): ObjectEvent<T>[] => {
    const before = known.get(formatKey(object));
    if (before && !isNewer(object, before)) return [];
    // Of the same name, and not the same: it was deleted in between.
    const isOther = before !== undefined && before.metadata.uid !== object.metadata.uid;
    const gone = isOther ? remove(before) : [];
    known.set(formatKey(object), object);
    return [...gone, { type: before && !isOther ? 'MODIFIED' : 'ADDED', object }];
  };
  return {
    takeList(listed) {
      const there = new Set(listed.map(formatKey));
      const gone = [...known.values()].filter((object) => !there.has(formatKey(object)));
      return [...gone.flatMap(remove), ...listed.flatMap(put)];
    },
    takeEvent({ type, object }) {
      const before = known.get(formatKey(object));
      if (type !== 'DELETED') return put(object);
      return before && isNewer(object, before) ? remove(object) : [];
    },
  };
}
