import type { Chunk, Document, Unreadable } from './problem.ts';
import { isUserError, type UserError } from '../errors.ts';
import { splitJsonStream } from '../documents/json.ts';
import { unwrapAll } from '../documents/objects.ts';
import { readPlainYaml } from '../documents/yaml/fast.ts';
import { assertFewDocuments, parseDocuments } from '../documents/yaml-in.ts';
import { ignoreMark } from './ignore/mark.ts';
import { byPlace } from './index.ts';
import type { Position } from './positions.ts';
import type { Finding } from './rule.ts';
import { quoteHint } from './schema.ts';

/** True where there is nothing but directives (`%YAML 1.2`), comments and blanks: they belong to the next document. */
const isPreamble = (text: string): boolean =>
  (text.startsWith('%') || text.includes('\n%') || text.includes(ignoreMark)) &&
  text.split(/\r?\n/).every((line) => /^(?:[ \t]*(?:#.*)?|%.*)$/.test(line));

/** The offsets of `---` lines, but for one at the very start. */
function* findMarkers(text: string): Iterable<number> {
  for (let at = text.indexOf('\n---'); at !== -1; at = text.indexOf('\n---', at + 1))
    if (/^[ \t\r\n]?$/.test(text.charAt(at + 4))) yield at + 1;
}

/** Where the documents of a text end: those of a JSON stream by themselves, those of YAML at the next `---` line. */
function ends(text: string): number[] {
  const values = /^\s*[{[]/.test(text) && !isJsonSource(text) ? (splitJsonStream(text) ?? []) : [];
  return values.length > 1
    ? [...values.slice(0, -1).map(({ end }) => end), text.length]
    : [...findMarkers(text), text.length];
}

/**
 * Splits a YAML stream at its `---` lines. YAML allows none inside a document, not even in a block of text, so that a
 * broken document does not hide the others.
 */
function split(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  let line = 0;
  for (const end of ends(text)) {
    const part = text.slice(start, end);
    if (end < text.length && isPreamble(part)) continue;
    chunks.push({ text: part, line, nth: 0 });
    for (let at = part.indexOf('\n'); at !== -1; at = part.indexOf('\n', at + 1)) line++;
    start = end;
  }
  return chunks;
}

const isJsonSource = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Takes the position out of `file:line:column: what`, as parse errors say it. */
function toUnreadable({ message }: UserError, { file, line }: { file: string; line: number }): Unreadable {
  const [, row, column, what = message] = /^(?::(\d+):(\d+))?: (.*)$/s.exec(message.slice(file.length)) ?? [];
  if (row === undefined) return { message: what, line: line + 1 };
  return { message: what, line: line + Number(row), column: Number(column) };
}

/** Reads the documents of a chunk, the first of which is the `first` of its file. */
function* readChunk(chunk: Chunk, file: string, first: number): Iterable<Document> {
  try {
    const plain = readPlainYaml(chunk.text);
    if (plain) chunk.isPlain = true;
    const objects = [...unwrapAll(plain ?? parseDocuments(chunk.text, file), file)];
    for (const { object, origin } of objects) {
      const nth = origin.document - 1;
      const document = { file, document: first + nth, object, chunk: nth === 0 ? chunk : { ...chunk, nth } };
      const [item, ...inner] = origin.items ?? [];
      yield item === undefined ? document : { ...document, item, ...(inner.length > 0 && { inner }) };
    }
  } catch (error) {
    if (!isUserError(error)) throw error;
    yield { file, document: first, problem: toUnreadable(error, { file, line: chunk.line }) };
  }
}

/** The objects of a text, for `lint`. What cannot be read is a document too, with its problem; the rest is still there. */
export function splitDocuments(text: string, file: string): Document[] {
  assertFewDocuments(text, file);
  const documents: Document[] = [];
  for (const chunk of split(text)) {
    const first = (documents.at(-1)?.document ?? 0) + 1;
    for (const document of readChunk(chunk, file, first)) documents.push(document);
  }
  return documents;
}

/** The place of an object among all that was read. */
export const keyOfSource = ({ file, document, item = 0, inner = [] }: Document | Finding): string =>
  [file, document, item, ...inner].join('\0');

/** Shows how a version was written: `1.30` is read as the number 1.3, and the fix is not "1.3". */
const withSource = (finding: Finding, source: string | undefined): Finding =>
  finding.id === 'CP006' && finding.hint === quoteHint && finding.path === '.status.version.kubernetes' && source
    ? { ...finding, hint: `write "${source}", with the quotes` }
    : finding;

/** Adds lines and columns to findings. Only texts with findings are read again, by a slower parser that knows positions. */
export async function locate(findings: readonly Finding[], documents: readonly Document[]): Promise<Finding[]> {
  const sources = new Map(
    documents.flatMap((document) => (document.chunk ? [[keyOfSource(document), document] as const] : [])),
  );
  if (!findings.some((finding) => finding.line === undefined && sources.has(keyOfSource(finding))))
    return [...findings];
  const { createLocator } = await import('./positions.ts');
  const find = createLocator();
  const located = findings.map((finding) => {
    const document = sources.get(keyOfSource(finding));
    if (!document || finding.line !== undefined) return finding;
    const position: Position | undefined = find(document, finding.at);
    if (!position) return finding;
    const { line, column, source } = position;
    return withSource({ ...finding, line, column }, source);
  });
  return located.toSorted(byPlace);
}
