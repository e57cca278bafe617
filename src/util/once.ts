/** Works something out once for each object; forgotten with it. */
export function once<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const computed = new WeakMap<Key, { value: Value }>();
  return (key) => {
    const known = computed.get(key);
    if (known) return known.value;
    const value = compute(key);
    computed.set(key, { value });
    return value;
  };
}

/** The items of a list by a key; without those that have none. */
export function groupedBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | undefined,
): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const there = key === undefined ? undefined : groups.get(key);
    if (there) there.push(item);
    else if (key !== undefined) groups.set(key, [item]);
  }
  return groups;
}
