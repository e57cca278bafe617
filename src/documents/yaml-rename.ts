import type { Pair, YAMLMap } from 'yaml';
import { UserError } from '../errors.ts';
import { splitJsonStream } from './json.ts';

type Yaml = typeof import('yaml');

/** A stretch of a text, and what stands there instead. */
interface Replacement {
  start: number;
  end: number;
  text: string;
}

/** Words of a file to be changed in one map of it: the value of a key, or a key itself. */
export interface Rename {
  path: readonly string[];
  what: 'key' | 'value';
  from: string;
  to: string;
}

/** The maps of a document that stand for objects: itself, or the items of a List, at every depth. */
function* listObjectNodes(node: unknown, yaml: Yaml): Generator<YAMLMap> {
  if (!yaml.isMap(node)) return;
  yield node;
  const items = node.get('items');
  if (yaml.isSeq(items)) for (const item of items.items) yield* listObjectNodes(item, yaml);
}

function findPair(node: unknown, [key, ...rest]: readonly string[], yaml: Yaml): Pair | undefined {
  if (!yaml.isMap(node)) return undefined;
  const pair = node.items.find((each) => yaml.isScalar(each.key) && each.key.value === key);
  return pair && rest.length > 0 ? findPair(pair.value, rest, yaml) : pair;
}

/** What a rename comes to in the text: nothing where the words are not there as they are, such as behind an alias. */
function locate(node: YAMLMap, { path, what, from, to }: Rename, text: string, yaml: Yaml): Replacement | undefined {
  const pair = findPair(node, path, yaml);
  const scalar = what === 'key' ? pair?.key : pair?.value;
  if (!yaml.isScalar(scalar) || scalar.value !== from) return undefined;
  const [start = 0, end = 0] = scalar.range ?? [];
  const written = text.slice(start, end);
  return written.includes(from) ? { start, end, text: written.replace(from, to) } : undefined;
}

type RenamesOf = (object: unknown) => readonly Rename[];

/** What renames come to in one text of YAML documents. */
function listReplacements(text: string, renamesOf: RenamesOf, yaml: Yaml): Replacement[] {
  return [...yaml.parseAllDocuments(text)].flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new UserError(`line ${error.linePos?.[0].line ?? 1} is no YAML`);
    return [...listObjectNodes(document.contents, yaml)].flatMap((node) =>
      renamesOf(node.toJS(document)).flatMap((rename) => locate(node, rename, text, yaml) ?? []),
    );
  });
}

/**
 * A text of YAML or JSON documents with words of its objects changed where they stand: every other byte stays, comments,
 * quotes and line ends too. `renamesOf` gets each object as data.
 */
export async function renameInText(text: string, renamesOf: RenamesOf): Promise<string> {
  const yaml = await import('yaml');
  const stretches = splitJsonStream(text) ?? [{ start: 0, end: text.length }];
  const found = stretches.flatMap((stretch) =>
    listReplacements(text.slice(stretch.start, stretch.end), renamesOf, yaml).map((each) => ({
      ...each,
      start: each.start + stretch.start,
      end: each.end + stretch.start,
    })),
  );
  return found
    .toSorted((a, b) => b.start - a.start)
    .reduce((changed, { start, end, text: word }) => changed.slice(0, start) + word + changed.slice(end), text);
}
