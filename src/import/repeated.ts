import { isDeepStrictEqual } from 'node:util';
import { describeObject, describeOrigin, type ReadObject } from '../documents/objects.ts';
import { splitApiVersion } from '../documents/unread.ts';
import { UserError } from '../errors.ts';
import { isObject, text } from '../object.ts';

/** What an API server keeps one object for: group, kind, namespace and name. A file such as a kubeconfig has no such key. */
function keyOf(object: unknown): string | undefined {
  if (!isObject(object) || typeof object['apiVersion'] !== 'string') return undefined;
  const name = text(object, 'metadata', 'name');
  if (!name) return undefined;
  const [group] = splitApiVersion(object['apiVersion']);
  return [group, String(object['kind']), text(object, 'metadata', 'namespace') ?? '', name].join('/');
}

/**
 * The objects of an input, each once, and those that are given again word by word. Throws for two that have one name and
 * differ: nobody can tell which of them holds, or they are of two hubs.
 */
export function separateRepeated(read: readonly ReadObject[]): { once: ReadObject[]; again: ReadObject[] } {
  const first = new Map<string, ReadObject>();
  const again = new Set<ReadObject>();
  for (const each of read) {
    const key = keyOf(each.object);
    const there = key === undefined ? undefined : first.get(key);
    if (there === undefined) {
      if (key !== undefined) first.set(key, each);
      continue;
    }
    if (!isDeepStrictEqual(there.object, each.object)) throw describeTwo(there, each);
    again.add(each);
  }
  return { once: read.filter((each) => !again.has(each)), again: [...again] };
}

const describeTwo = (there: ReadObject, again: ReadObject): UserError =>
  new UserError(
    `${describeObject(again.object)} is given twice, and differs: ${describeOrigin(there.origin)} and ${describeOrigin(again.origin)}`,
    { hint: 'keep one of them; clusters of two hubs are imported one after the other, each with its own --prefix' },
  );
