import { isDeepStrictEqual } from 'node:util';
import { isUserError, UserError } from '../../errors.ts';
import { editContent, editValue, type Edit, type EditedValue } from './values.ts';
import { parseDocuments } from '../yaml-in.ts';
import { toYaml } from '../yaml-out.ts';
import { listStretches, type DocumentStretch } from './split.ts';

/** What becomes of a document: edits of it, or that it goes. */
export type DocumentChange = readonly Edit[] | 'remove';

/** Changes by the number of a document, as `Origin` counts: from 1, empty documents left out. */
export type DocumentChanges = ReadonlyMap<number, DocumentChange>;

interface FoundDocument {
  stretch: DocumentStretch;
  value: unknown;
}

function describeNoRoom(text: string, file: string): UserError {
  if (/[&*]\w|<<:/.test(text))
    return new UserError(`${file} has anchors and aliases that leave no room for this change`, {
      hint: 'write out what they stand for: kubectl config view --raw does',
    });
  return new UserError(`${file} cannot be changed without a change of something else in it`, {
    hint: 'keep the object in a file of its own',
  });
}

/** One document as this tool writes it, which most files hold. */
const isOwnText = (text: string, [value, ...more]: readonly unknown[]): boolean =>
  more.length === 0 && toYaml(value) === text;

/** The documents that have something in them, in the order in which they are counted. */
function findDocuments(text: string, file: string, whole: readonly unknown[]): FoundDocument[] {
  const filled = listStretches(text).flatMap((stretch) => {
    const [value, ...more] = parseDocuments(text.slice(stretch.start, stretch.end), file);
    return value === undefined || more.length > 0 ? [] : [{ stretch, value }];
  });
  const isAgreed = isDeepStrictEqual(
    filled.map(({ value }) => value),
    whole,
  );
  if (!isAgreed) throw describeNoRoom(text, file);
  return filled;
}

/** What stays of a document that is taken out: comments at the top of the file, and the `...` that ended the one before it. */
function keepAround(text: string, { start, leadEnd, contentEnd, end, hasEnd }: DocumentStretch): string {
  const lead = start === 0 ? text.slice(0, leadEnd) : '';
  const isParted = start === 0 || /(?:^|\n)\.\.\.[^\n]*\n$/.test(text.slice(0, start));
  const [endLine = ''] = (hasEnd && !isParted && /^\.\.\..*$/ms.exec(text.slice(contentEnd, end))) || [];
  return lead + endLine;
}

/** The content as it stood ended with a line break, or with a bracket at the end of the text. */
function endLike(written: string, content: string): string {
  const body = written.replace(/\r?\n$/, '');
  if (/[}\]]$/.test(content)) return body;
  return `${body}${content.includes('\r\n') ? '\r\n' : '\n'}`;
}

/** A stretch with edits in it; `undefined` where they leave no room. */
async function editStretch(
  text: string,
  { start, contentStart, contentEnd, end, isInline }: DocumentStretch,
  value: EditedValue,
  edits: readonly Edit[],
): Promise<string | undefined> {
  const content = text.slice(contentStart, contentEnd);
  const written = await editContent(isInline ? content.trimStart() : content, value, edits);
  if (written === undefined) return undefined;
  return `${text.slice(start, contentStart)}${isInline ? ' ' : ''}${endLike(written, content)}${text.slice(contentEnd, end)}`;
}

/** Whether a text still has the documents that it should have, to the reader of every command. */
function readsAs(text: string, wanted: readonly unknown[], file: string): boolean {
  try {
    return isDeepStrictEqual(parseDocuments(text, file), wanted);
  } catch (error) {
    if (isUserError(error)) return false;
    throw error;
  }
}

/** A text that has no document yet, with its first one behind its comments. */
function appendDocument(text: string, edits: readonly Edit[]): string {
  const lead = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return lead + toYaml(editValue({}, edits));
}

interface Edited {
  /** `undefined` where no document is left. */
  edited: string | undefined;
  /** By their numbers, the documents that stay as they are, since they leave no room for their edits. */
  refused: ReadonlyMap<number, UserError>;
}

/**
 * A text with some of its documents edited or taken out; all others stay as they are written, with comments and the marks
 * between them. Whatever comes of it reads as it should. `documents`: what the text reads as, where that is known.
 */
export async function editDocuments(
  text: string,
  file: string,
  changes: DocumentChanges,
  documents: readonly unknown[] = parseDocuments(text, file),
): Promise<Edited> {
  const [first] = changes.values();
  const refused = new Map<number, UserError>();
  if (first && first !== 'remove') {
    if (documents.length === 0) return { edited: appendDocument(text, first), refused };
    if (isOwnText(text, documents)) return { edited: toYaml(editValue(documents[0], first)), refused };
  }
  const found = findDocuments(text, file, documents);
  const parts: string[] = [];
  const wanted: unknown[] = [];
  let done = 0;
  for (const [index, { stretch, value: before }] of found.entries()) {
    const change = changes.get(index + 1) ?? [];
    let written: string | undefined;
    if (change === 'remove') written = keepAround(text, stretch);
    else if (change.length > 0) {
      const after = editValue(before, change);
      written = await editStretch(text, stretch, { before, after }, change);
      const isRight = written !== undefined && readsAs(written, [after], file);
      if (!isRight) refused.set(index + 1, describeNoRoom(text.slice(stretch.start, stretch.end), file));
      wanted.push(isRight ? after : before);
    } else wanted.push(before);
    if (written === undefined || refused.has(index + 1)) continue;
    parts.push(text.slice(done, stretch.start), written);
    done = stretch.end;
  }
  if (wanted.length === 0) return { edited: undefined, refused };
  const edited = [...parts, text.slice(done)].join('');
  if (!readsAs(edited, wanted, file)) throw describeNoRoom(text, file);
  return { edited, refused };
}
