/** Works something out once for each object; forgotten with it. */
export function memoise<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const computed = new WeakMap<Key, { value: Value }>();
  return (key) => {
    const known = computed.get(key);
    if (known) return known.value;
    const value = compute(key);
    computed.set(key, { value });
    return value;
  };
}

const mostTexts = 10_000;

/** Works something out once for each text, for texts that come again with every object, as keys do; of the first 10,000. */
export function memoiseText<Value>(compute: (text: string) => Value): (text: string) => Value {
  const computed = new Map<string, Value>();
  return (text) => {
    const known = computed.get(text);
    if (known !== undefined || computed.has(text)) return known as Value;
    const value = compute(text);
    if (computed.size < mostTexts) computed.set(text, value);
    return value;
  };
}

/** The items of a list by a key, or what `valueOf` takes of each; without those that have no key. */
export function groupBy<Item, Key, Value = Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key | undefined,
  valueOf: (item: Item) => Value = (item) => item as unknown as Value,
): ReadonlyMap<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const item of items) {
    const key = keyOf(item);
    const there = key === undefined ? undefined : groups.get(key);
    if (there) there.push(valueOf(item));
    else if (key !== undefined) groups.set(key, [valueOf(item)]);
  }
  return groups;
}

/** Whether two lists have another value in one place. A gap goes with everything. */
export const differSomewhere = <T>(a: readonly (T | undefined)[], b: readonly (T | undefined)[]): boolean =>
  a.some((value, index) => value !== undefined && b[index] !== undefined && value !== b[index]);
