import { usageError } from '../../errors.ts';
import { compileWildcard } from '../../util/text.ts';
import { domain } from '../../profile/clusterprofile.ts';
import { loadAllRules } from '../catalogue.ts';
import { describeLinted } from '../index.ts';
import { toMap, toText } from '../input.ts';
import { show } from '../paths.ts';
import type { Chunk, Document } from '../problem.ts';
import type { Finding } from '../rule.ts';
import { keyOfSource } from '../source.ts';
import { findClosest } from '../suggest.ts';
import { ignoreMark } from './mark.ts';

/**
 * The only place that decides which findings are left out: by `--ignore`, by an annotation of the object, or by a
 * comment in its document.
 */
const ignoreAnnotation = `${domain}/ignore`;

/** A rule that is not to be reported. */
export interface Ignore {
  id: string;
  /** Names of objects; absent for all. With a `/`, the namespace is in front. */
  names?: RegExp;
  /** Where it is written, for messages. */
  origin: string;
  /** It is for warnings only, which are told apart from what is ignored. */
  accepts?: boolean;
}

/** Leaves out of findings what is to be ignored, and remembers it. */
export interface Ignorer {
  keep(findings: readonly Finding[]): Finding[];
  /** How many were left out so far. */
  readonly ignored: number;
  /** The warnings that were accepted so far. */
  readonly accepted: readonly Finding[];
  /** Warnings of annotations and comments that name no rule, and notes of what ignored nothing. */
  review(): Promise<{ warnings: string[]; notes: string[] }>;
}

const splitIds = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

const suggestId = (id: string, ids: readonly string[]): string | undefined => {
  const near = findClosest(id, ids);
  return near && `did you mean ${near}?`;
};

/** The rules that words name: `CP085`, `CP085,CP091`, `CP085=prod-*`. `source` is the flag or the place that has them. */
export async function parseRuleWords(given: readonly string[], source: string, program: string): Promise<Ignore[]> {
  if (given.length === 0) return [];
  const ids = (await loadAllRules()).map(({ id }) => id);
  return given.flatMap(splitIds).map((word) => {
    const [id = '', ...rest] = word.split('=');
    const pattern = rest.join('=');
    if (!ids.includes(id))
      throw usageError(
        `${source}: there is no rule ${JSON.stringify(id)}`,
        suggestId(id, ids) ?? `${program} explain rules lists them`,
      );
    if (rest.length > 0 && pattern === '')
      throw usageError(`${source} ${id}= names no object`, `${id}=prod-* names those that begin with prod-`);
    return { id, origin: `${source} ${word}`, ...(pattern !== '' && { names: compileWildcard(pattern) }) };
  });
}

const readAnnotation = ({ object }: Document): string | undefined =>
  toText(toMap(toMap(toMap(object)['metadata'])['annotations'])[ignoreAnnotation]);

/** What documents say themselves: the ids behind each place that names some. */
async function readOwnIgnores(documents: readonly Document[]): Promise<Map<Document, Ignore[]>> {
  const own = new Map<Document, Ignore[]>();
  const marked = new Map<Chunk, boolean>();
  const ofChunk = new Map<string, Ignore[]>();
  for (const document of documents) {
    const { chunk } = document;
    const subject = `${document.file}: ${describeLinted(document.object)}`;
    const ids = splitIds(readAnnotation(document) ?? '');
    const found: Ignore[] = ids.map((id) => ({ id, origin: `${subject}: annotation ${ignoreAnnotation}` }));
    if (chunk && !marked.has(chunk)) marked.set(chunk, chunk.text.includes(ignoreMark));
    if (chunk && marked.get(chunk)) {
      const place = `${document.file}\0${chunk.line}`;
      const known = ofChunk.get(place) ?? (await readChunkIgnores(document.file, chunk));
      ofChunk.set(place, known);
      found.push(...known);
    }
    if (found.length > 0) own.set(document, found);
  }
  return own;
}

/** The comments of a text count for each object in it, so that they are one ignore for all of them. */
async function readChunkIgnores(file: string, { text, line }: Chunk): Promise<Ignore[]> {
  const { readIgnoreComments } = await import('./comments.ts');
  const origin = `${file}: a comment in the document at line ${line + 1}`;
  return readIgnoreComments(text)
    .flatMap(splitIds)
    .map((id) => ({ id, origin }));
}

const readNames = (object: unknown): string[] => {
  const { namespace, name } = toMap(toMap(object)['metadata']);
  return typeof name === 'string' ? [name, `${toText(namespace) ?? ''}/${name}`] : [];
};

/** Whether an ignore is for an object, by its names. */
export const fitsNames = ({ names }: Ignore, object: unknown): boolean =>
  !names || readNames(object).some((name) => names.test(name));

async function reviewIgnores(all: readonly Ignore[], used: ReadonlySet<Ignore>): ReturnType<Ignorer['review']> {
  const idle = all.filter((each) => !used.has(each));
  if (idle.length === 0) return { warnings: [], notes: [] };
  const ids = (await loadAllRules()).map(({ id }) => id);
  const warnings = idle
    .filter(({ id }) => !ids.includes(id))
    .map(
      ({ id, origin }) =>
        `${origin}: ${[`there is no rule ${show(id)}`, suggestId(id, ids)].filter(Boolean).join('; ')}`,
    );
  const notes = idle.filter(({ id }) => ids.includes(id)).map(({ id, origin }) => `${origin}: ${id} has found nothing`);
  return { warnings, notes };
}

/** Only a warning can be accepted, also one that counts as an error. */
const isAcceptable = ({ severity, isRaised }: Finding): boolean => severity === 'warning' || (isRaised ?? false);

/** Reads what the documents ignore, beside what `--ignore` names. */
export async function createIgnorer(
  documents: readonly Document[],
  given: readonly Ignore[],
  { inline }: { inline: boolean },
): Promise<Ignorer> {
  const own = inline ? await readOwnIgnores(documents) : new Map<Document, Ignore[]>();
  const all = [...given, ...new Set([...own.values()].flat())];
  const bySource = new Map(all.length > 0 ? documents.map((document) => [keyOfSource(document), document]) : []);
  const used = new Set<Ignore>();
  let ignored = 0;
  const accepted: Finding[] = [];
  /** Whether it is left out. What is accepted as well as ignored is ignored. */
  function takeIgnored(finding: Finding): boolean {
    const document = bySource.get(keyOfSource(finding));
    const fitting = [...given, ...((document && own.get(document)) ?? [])].filter(
      (each) => each.id === finding.id && fitsNames(each, document?.object) && (!each.accepts || isAcceptable(finding)),
    );
    for (const each of fitting) used.add(each);
    if (fitting.some(({ accepts }) => !accepts)) ignored++;
    else if (fitting.length > 0) accepted.push(finding);
    return fitting.length > 0;
  }
  return {
    keep(findings) {
      if (all.length === 0) return [...findings];
      return findings.filter((finding) => !takeIgnored(finding));
    },
    accepted,
    get ignored() {
      return ignored;
    },
    review: async () => reviewIgnores(all, used),
  };
}
