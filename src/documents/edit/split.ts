import { splitJsonStream } from '../json.ts';

/**
 * A document in a text. In order: what stands before its content (comments, directives, `---`), the content, and what
 * stands behind it (comments, `...`). A document without content has `contentStart` and `contentEnd` at one place.
 */
export interface DocumentStretch {
  start: number;
  contentStart: number;
  contentEnd: number;
  end: number;
  /** Its content begins behind `---` on the same line. */
  isInline: boolean;
  /** It ends with a `...` line. */
  hasEnd: boolean;
  /** The offset behind the comments in front of its `---`; `start` where it has none of them. */
  leadEnd: number;
}

interface Line {
  start: number;
  end: number;
  text: string;
}

function* listLines(text: string): Iterable<Line> {
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found + 1;
    yield { start, end, text: text.slice(start, end) };
    start = end;
  }
}

const marker = /^\ufeff?(---|\.\.\.)(?=[ \t\r\n]|$)/;
const blank = /^\ufeff?[ \t]*(?:#.*)?\r?\n?$/;

/** Trailing lines that are no part of the content: a comment at the margin and all behind it, blank lines where they say nothing. */
function findContentEnd(text: string, start: number, end: number): number {
  // Behind a block scalar that keeps them, blank lines are a part of its value.
  const keepsBlanks = /[|>]\d?\+/.test(text.slice(start, end));
  let found = end;
  for (let at = end; at > start;) {
    const lineStart = Math.max(text.lastIndexOf('\n', at - 2) + 1, start);
    const line = text.slice(lineStart, at);
    if (!blank.test(line)) break;
    const isBlank = line.trim() === '';
    if (!isBlank && !line.startsWith('#')) break;
    if (!isBlank || !keepsBlanks) found = lineStart;
    at = lineStart;
  }
  return found;
}

/** What is known of a document while its lines are read. */
class Builder {
  readonly start: number;
  /** Behind its `---`; -1 as long as there is none. */
  markerEnd = -1;
  leadEnd: number;
  contentStart = -1;
  isInline = false;

  constructor(start: number) {
    this.start = start;
    this.leadEnd = start;
  }

  get isStarted(): boolean {
    return this.markerEnd >= 0 || this.contentStart >= 0;
  }

  mark(line: Line): void {
    const length = marker.exec(line.text)?.[0].length ?? 0;
    this.markerEnd = line.start + length;
    const rest = line.text.slice(length);
    if (blank.test(rest)) return;
    this.isInline = true;
    this.contentStart = this.markerEnd;
  }

  take(line: Line): void {
    if (this.contentStart >= 0) return;
    const isDirective = this.markerEnd < 0 && line.text.startsWith('%');
    if (!isDirective && !blank.test(line.text))
      this.contentStart = line.start + (line.text.startsWith('\ufeff') ? 1 : 0);
    else if (this.markerEnd < 0 && !isDirective) this.leadEnd = line.end;
  }

  finish(text: string, bodyEnd: number, end: number): DocumentStretch {
    const contentStart = this.contentStart < 0 ? bodyEnd : this.contentStart;
    const { start, isInline } = this;
    const leadEnd = this.markerEnd < 0 ? start : this.leadEnd;
    const contentEnd = findContentEnd(text, contentStart, bodyEnd);
    return { start, contentStart, contentEnd, end, isInline, hasEnd: bodyEnd < end, leadEnd };
  }
}

/**
 * The documents of a YAML text, empty ones too. A line that begins with `---` or `...` parts them wherever it stands: no
 * scalar may hold one.
 */
function splitYaml(text: string): DocumentStretch[] {
  const found: DocumentStretch[] = [];
  let open = new Builder(0);
  for (const line of listLines(text)) {
    const [, mark] = marker.exec(line.text) ?? [];
    if (mark === '...') {
      found.push(open.finish(text, line.start, line.end));
      open = new Builder(line.end);
    } else if (mark === '---') {
      if (open.isStarted) {
        found.push(open.finish(text, line.start, line.start));
        open = new Builder(line.start);
      }
      open.mark(line);
    } else open.take(line);
  }
  return open.start < text.length || found.length === 0
    ? [...found, open.finish(text, text.length, text.length)]
    : found;
}

/** The documents of a text in YAML, or the values of a JSON stream. */
export function listStretches(text: string): DocumentStretch[] {
  const values = splitJsonStream(text);
  if (!values?.length) return splitYaml(text);
  return values.map(({ start, end }) => {
    const [lineEnd = ''] = /^\r?\n/.exec(text.slice(end, end + 2)) ?? [];
    const around = { start, end: end + lineEnd.length, leadEnd: start, isInline: false, hasEnd: false };
    return { ...around, contentStart: start, contentEnd: end };
  });
}
