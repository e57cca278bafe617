import { isDeepStrictEqual } from 'node:util';
import { isUserError, UserError } from '../errors.ts';
import { editContent, editValue, type Edit } from './yaml-edit.ts';
import { parseDocuments } from './yaml-in.ts';
import { toYaml } from './yaml-out.ts';
import { listStretches, type DocumentStretch } from './yaml-split.ts';

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

/** The documents that have something in them, in the order in which they are counted. */
function findDocuments(text: string, file: string): FoundDocument[] {
  const whole = parseDocuments(text, file);
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

async function editStretch(text: string, found: FoundDocument, change: DocumentChange): Promise<string | undefined> {
  const { start, contentStart, contentEnd, end, isInline } = found.stretch;
  if (change === 'remove') return keepAround(text, found.stretch);
  const content = text.slice(contentStart, contentEnd);
  const written = await editContent(isInline ? content.trimStart() : content, found.value, change);
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

/**
 * A text with some of its documents edited or taken out; all others stay as they are written, with comments and the marks
 * between them. Throws where the text would not read as it should.
 */
export async function editDocuments(text: string, file: string, changes: DocumentChanges): Promise<string> {
  const found = findDocuments(text, file);
  const [first] = changes.values();
  if (found.length === 0 && first && first !== 'remove') return appendDocument(text, first);
  const parts: string[] = [];
  const wanted: unknown[] = [];
  let done = 0;
  for (const [index, each] of found.entries()) {
    const change = changes.get(index + 1);
    if (change !== 'remove') wanted.push(change ? editValue(each.value, change) : each.value);
    if (!change) continue;
    const written = await editStretch(text, each, change);
    if (written === undefined) throw describeNoRoom(text, file);
    parts.push(text.slice(done, each.stretch.start), written);
    done = each.stretch.end;
  }
  const edited = [...parts, text.slice(done)].join('');
  if (!readsAs(edited, wanted, file)) throw describeNoRoom(text, file);
  return edited;
}
