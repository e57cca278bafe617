/** A stretch of a text: a JSON value in it. */
export interface Stretch {
  start: number;
  end: number;
}

/** Where the map or list ends that begins at `start`; -1 where it does not. */
function findEnd(text: string, start: number): number {
  const marks = /["{}[\]]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      const end = findEndOfString(text, mark.index);
      if (end < 0) return -1;
      marks.lastIndex = end;
    } else if (mark[0] === '{' || mark[0] === '[') depth += 1;
    else if (--depth === 0) return mark.index + 1;
  }
  return -1;
}

/** The offset behind a JSON string that begins at `start`; -1 where it does not end. */
export function findEndOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === 0x5c) escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  return -1;
}

/** Blanks and `---` lines, which may stand between the values of a stream. */
const gap = /(?:[ \t\r\n\ufeff]|(?<=^|\n)---(?=[ \t\r\n]|$))*/y;

const skipGap = (text: string, at: number): number => {
  gap.lastIndex = at;
  gap.test(text);
  return gap.lastIndex;
};

/**
 * The maps and lists of a JSON stream, one after the other, as `jq` and `-o ndjson` print them and kubectl reads them;
 * `undefined` for a text that is anything else. The values themselves are not checked.
 */
export function splitJsonStream(text: string): Stretch[] | undefined {
  const values: Stretch[] = [];
  for (let start = skipGap(text, 0); start < text.length; start = skipGap(text, start)) {
    if (text.charAt(start) !== '{' && text.charAt(start) !== '[') return undefined;
    const end = findEnd(text, start);
    if (end < 0) return undefined;
    values.push({ start, end });
    start = end;
  }
  return values;
}
