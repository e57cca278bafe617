// https://github.com/kubernetes-sigs/cluster-inventory-api/blob/main/pkg/access/config.go
import { isObject } from '../../object.ts';

type KeyPath = readonly (string | number)[];

/** What pkg/access cannot load the file for; no message holds a value. */
export interface LoadFault {
  at: KeyPath;
  message: string;
}

/** A value, with its place under the keys as they are written. */
export interface Written<T> {
  at: KeyPath;
  value: T;
}

/** An entry of a provider file as Go reads it: absent, null and empty are the same. */
export interface FileEntry {
  at: KeyPath;
  name: string;
  /** The keys of the entry as they are written, for those that nobody reads. */
  keys: string[];
  exec: {
    at: KeyPath;
    apiVersion: Written<string>;
    command: Written<string>;
    args: Written<string>[];
    env: { at: KeyPath; name: string; value: Written<string> }[];
    installHint: Written<string>;
    interactiveMode: Written<string>;
    provideClusterInfo: Written<boolean | undefined>;
  };
  argsPolicy: Written<string>;
  envsPolicy: Written<string>;
}

/**
 * Go's encoding/json, for the types of pkg/access: the case of a key does not count, and of several the last one does.
 * Null empties a list or a map, and leaves a text alone. A value of another type fails the whole file.
 */
class Decoder {
  readonly faults: LoadFault[] = [];

  fault(at: KeyPath, wanted: string): void {
    this.faults.push({ at, message: `should be ${wanted}: readers cannot load the file` });
  }

  /** The values of a field, in their order. */
  private written(maps: readonly Written<unknown>[], name: string): Written<unknown>[] {
    // Both `i` and `u`: simple case folding, as in Go.
    const key = new RegExp(`^${name}$`, 'iu');
    return maps.flatMap(({ at, value }) =>
      Object.entries(isObject(value) ? value : {}).flatMap(([given, inner]) =>
        key.test(given) ? [{ at: [...at, given], value: inner }] : [],
      ),
    );
  }

  private checked<T>(
    found: readonly Written<unknown>[],
    wanted: string,
    is: (value: unknown) => value is T,
  ): Written<T>[] {
    return found.flatMap(({ at, value }) => {
      if (is(value)) return [{ at, value }];
      if (value !== null) this.fault(at, wanted);
      return [];
    });
  }

  /** A map that is there twice is both of them together. */
  maps(from: readonly Written<unknown>[], name: string): Written<Record<string, unknown>>[] {
    const found = this.written(from, name);
    const emptied = found.findLastIndex(({ value }) => value === null);
    return this.checked(found, 'a map', isObject).filter(
      ({ at }) => found.findIndex((each) => each.at === at) > emptied,
    );
  }

  text(from: readonly Written<unknown>[], name: string, otherwise: KeyPath): Written<string> {
    return (
      this.checked(this.written(from, name), 'a string', isTextValue).at(-1) ?? { at: [...otherwise, name], value: '' }
    );
  }

  flag(from: readonly Written<unknown>[], name: string, otherwise: KeyPath): Written<boolean | undefined> {
    const found = this.checked(this.written(from, name), 'true or false', isFlagValue).at(-1);
    return found ?? { at: [...otherwise, name], value: undefined };
  }

  /** `undefined` without a list. */
  items(from: readonly Written<unknown>[], name: string): Written<unknown>[] | undefined {
    const found = this.written(from, name);
    const lists = this.checked<unknown[]>(found, 'a list', Array.isArray);
    const last = found.at(-1)?.value === null ? undefined : lists.at(-1);
    return last?.value.map((value, index) => ({ at: [...last.at, index], value }));
  }

  texts(from: readonly Written<unknown>[], name: string): Written<string>[] {
    const items = this.items(from, name) ?? [];
    // Go takes null in a list for the empty text.
    const texts = items.map(({ at, value }) => ({ at, value: value ?? '' }));
    return this.checked(texts, 'a string', isTextValue);
  }
}

const isTextValue = (value: unknown): value is string => typeof value === 'string';
const isFlagValue = (value: unknown): value is boolean => typeof value === 'boolean';

function decodeVariable(decoder: Decoder, item: Written<unknown>): FileEntry['exec']['env'][number] {
  if (item.value !== null && !isObject(item.value)) decoder.fault(item.at, 'a map');
  const { value: name } = decoder.text([item], 'name', item.at);
  return { at: item.at, name, value: decoder.text([item], 'value', item.at) };
}

function execIn(decoder: Decoder, entry: Written<unknown>): FileEntry['exec'] {
  const found = decoder.maps([entry], 'execConfig');
  const at = found.at(-1)?.at ?? [...entry.at, 'execConfig'];
  const text = (name: string): Written<string> => decoder.text(found, name, at);
  return {
    at,
    apiVersion: text('apiVersion'),
    command: text('command'),
    args: decoder.texts(found, 'args'),
    env: decoder.items(found, 'env')?.map((item) => decodeVariable(decoder, item)) ?? [],
    installHint: text('installHint'),
    interactiveMode: text('interactiveMode'),
    provideClusterInfo: decoder.flag(found, 'provideClusterInfo', at),
  };
}

const decodeEntry = (decoder: Decoder, entry: Written<Record<string, unknown>>): FileEntry => ({
  at: entry.at,
  name: decoder.text([entry], 'name', entry.at).value,
  keys: Object.keys(entry.value),
  exec: execIn(decoder, entry),
  argsPolicy: decoder.text([entry], 'profileSourcedCLIArgsPolicy', entry.at),
  envsPolicy: decoder.text([entry], 'profileSourcedEnvVarsPolicy', entry.at),
});

/** True for what can be the name of a variable: `A=B` would set A. */
export const isVariableName = (name: string): boolean => /^[^=\0]+$/.test(name);

/** The entries of a provider file, for those that run it and those that check it. */
export function decodeProviderFile(content: unknown): { entries: FileEntry[]; faults: LoadFault[] } {
  const decoder = new Decoder();
  const items = decoder.items([{ at: [], value: content }], 'providers');
  if (!items) return { entries: [], faults: [{ at: [], message: 'no list of providers' }] };
  const entries = items.flatMap(({ at, value }) => {
    if (isObject(value)) return [decodeEntry(decoder, { at, value })];
    decoder.fault(at, 'a map');
    return [];
  });
  return { entries, faults: decoder.faults };
}
