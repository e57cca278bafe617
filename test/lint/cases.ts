import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { LintOptions } from '../../src/lint/index.ts';
import { decision } from '../support/placements.ts';
import {
  authority,
  base64,
  condition,
  isTree,
  merge,
  oslo,
  privateKey,
  profile,
  property,
  provider,
  type Source,
  type Tree,
} from '../support/profiles.ts';

/** What a rule says of one place in the documents of a case. */
export interface Found {
  /** Counted from 1. */
  document: number;
  severity: string;
  path: string;
  message: string;
  hint?: string;
}

/** Documents that break a rule, with all that it finds there, and documents that do not. */
export interface RuleCase {
  id: string;
  /** `CP020 2`: the second case of its file. */
  title: string;
  bad: Source;
  finds: Found[];
  good: Source;
  options: Partial<LintOptions>;
}

const folder = join(import.meta.dirname, 'cases');

/** Objects that break no rule. `{ tokyo: patch }` in a case is such an object with a patch laid over it. */
const clean: Record<string, Tree> = { tokyo: profile(), oslo: oslo(), web: { ...decision('web', ['tokyo']) } };

const pems: Record<string, string> = { 'shop-ca': authority.cert, 'private-key': privateKey };
const dateOf = (text: unknown, otherwise: string): Date => new Date(typeof text === 'string' ? text : otherwise);

/** The tags of the cases: what a plain YAML file would have to spell out, or could not know. */
const tags: Record<string, (value: any) => unknown> = {
  // Takes a field of the clean object out.
  '!absent': () => undefined,
  // Elements of lists, with what the clean profile has in theirs.
  '!condition': ({ type, ...more }: { type: string }) => condition(type, more),
  '!property': ({ name, value, ...more }: { name: string; value: unknown }) => property(name, value, more),
  '!provider': ({ name = 'google', cluster = {} }: { name?: string; cluster?: Tree }) => provider(name, cluster),
  // As many elements as `count` says; a # in them is the index.
  '!list': ({ count, of }: { count: number; of: unknown }) =>
    Array.from({ length: count }, (_, index) => JSON.parse(JSON.stringify(of).replaceAll('#', `${index}`)) as unknown),
  // Texts one after the other; [text, times] repeats one.
  '!text': (parts: (string | [string, number])[]) =>
    parts.map((part) => (typeof part === 'string' ? part : part[0].repeat(part[1]))).join(''),
  '!base64': (parts: string[]) => base64(parts.join('')),
  '!json': (name: string) => JSON.stringify(clean[name]),
  '!pem': (name: string) => pems[name],
  '!certificate': ({ from, until }: { from?: string; until?: string }) =>
    authority.issue({
      commonName: 'shop',
      notBefore: dateOf(from, '2020-01-01T00:00:00Z'),
      notAfter: dateOf(until, '2049-01-01T00:00:00Z'),
    }).cert,
};

function valueOf(node: unknown): unknown {
  const plain = isMap(node)
    ? Object.fromEntries(node.items.map(({ key, value }) => [String(valueOf(key)), valueOf(value)]))
    : isSeq(node)
      ? node.items.map(valueOf)
      : isScalar(node)
        ? node.value
        : undefined;
  const tag = isMap(node) || isSeq(node) || isScalar(node) ? node.tag : undefined;
  if (tag === undefined || tag.startsWith('tag:')) return plain;
  const resolve = tags[tag];
  if (!resolve) throw new Error(`there is no tag ${tag}`);
  return resolve(plain);
}

/** A document of a case: a text, a clean object by its name, one with a patch, or an object as it is. */
function documentOf(written: unknown): string | Tree {
  if (typeof written === 'string') return clean[written]!;
  const document = written as Tree;
  const [[name, patch] = []] = Object.entries(document);
  if (name === 'text') return patch as string;
  const base = name === undefined ? undefined : clean[name];
  return base && isTree(patch) ? merge(base, patch) : document;
}

const sourceOf = (written: unknown): Source =>
  Array.isArray(written) ? (written.map(documentOf) as Tree[]) : documentOf(written);

function optionsOf({ now, against, clusterSets, ...rest }: Tree): Partial<LintOptions> {
  return {
    ...rest,
    ...(typeof now === 'string' && { now: new Date(now) }),
    ...(against !== undefined && { against: [sourceOf(against)].flat() }),
    ...(isTree(clusterSets) && { clusterSets: new Map(Object.entries(clusterSets as Record<string, string>)) }),
  };
}

function casesIn(file: string): RuleCase[] {
  const id = file.replace('.yaml', '');
  const { contents, errors } = parseDocument(readFileSync(join(folder, file), 'utf8'));
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  return (valueOf(contents) as Tree[]).map(({ bad, finds, good, options = {} }, index) => ({
    id,
    title: `${id} ${index + 1}`,
    bad: sourceOf(bad),
    finds: (finds as Found[]).map((found) => ({ ...found, document: found.document ?? 1 })),
    good: sourceOf(good),
    options: optionsOf(options as Tree),
  }));
}

/** The cases of every rule, one file a rule. */
export const ruleCases: readonly RuleCase[] = readdirSync(folder).toSorted().flatMap(casesIn);
