import { isListItem, measureDash, PlainLines } from './fast.ts';
import { measureKey, readKey } from './scalars.ts';

/** Where a value stands in a text. */
export interface Place {
  /** Of the key that it is under, or of the item that it is. */
  offset: number;
  /** What stands on the same line as a value, without blanks. */
  written?: string;
}

/** Goes on to the next line of the block that the current line is in, or to what is behind the block. */
function skipValue(lines: PlainLines, indent: number, inMap: boolean): void {
  do lines.advance();
  while (lines.indent > indent || (inMap && lines.indent === indent && isListItem(lines.line)));
}

/** Goes to a key of the map that begins at the current line; says what stands behind it, `undefined` where it is missing. */
function goToKey(lines: PlainLines, key: string): string | undefined {
  const { indent } = lines;
  while (lines.indent === indent) {
    const length = measureKey(lines.line);
    if (readKey(lines.line.slice(0, length)) === key) return lines.line.slice(length + 1).trimStart();
    skipValue(lines, indent, true);
  }
  return undefined;
}

/** Goes to the item of a list and into it; false where there are fewer. */
function goToItem(lines: PlainLines, nth: number): boolean {
  const { indent } = lines;
  for (let left = nth; left > 0; left--) {
    skipValue(lines, indent, false);
    if (lines.indent !== indent || !isListItem(lines.line)) return false;
  }
  const inner = measureDash(lines.line);
  if (inner < lines.line.length) lines.enter(inner);
  else lines.advance();
  return true;
}

/**
 * Where a path leads in the first document of a text that `readPlainYaml` reads. It is followed as far as it exists; what
 * is missing is where it would be.
 */
export function findPlace(text: string, path: readonly (string | number)[]): Place {
  const lines = new PlainLines(text);
  while (lines.indent < 0 && !lines.ended) lines.advance();
  let place: Place = { offset: lines.offset };
  for (const key of path) {
    if (isListItem(lines.line)) {
      if (typeof key !== 'number' || !goToItem(lines, key)) return place;
      place = { offset: lines.offset };
      if (isListItem(lines.line) || measureKey(lines.line) >= 0) continue;
      return { ...place, written: lines.line };
    }
    const written = goToKey(lines, String(key));
    if (written === undefined) return place;
    place = { offset: lines.offset };
    if (written !== '') return { ...place, written };
    const { indent } = lines;
    lines.advance();
    if (lines.indent < indent || (lines.indent === indent && !isListItem(lines.line))) return place;
  }
  return place;
}
