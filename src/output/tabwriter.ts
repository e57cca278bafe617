const minimumWidth = 6;
const padding = 3;

/** A run of lines that share a column; the widest cell among them decides where the next column starts. */
interface Block {
  width: number;
}

interface Line {
  /** The cells in front of the last one; those are padded, the last one never is. */
  cells: string[];
  blocks: Block[];
  last: string;
}

/** The length of a text as Go counts it: in code points, whatever their width on a screen. */
function countRunes(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index++) {
    if (isLowSurrogate(text.charCodeAt(index)) && isHighSurrogate(text.charCodeAt(index - 1))) count--;
  }
  return count;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Aligns one text. */
export const alignColumns = (text: string): string => createTabwriter()(text);

/**
 * Aligns tab-separated lines as kubectl's tabwriter does (minimal width 6, padding 3, remembered widths). A column is as
 * wide as its widest cell in a run of lines that have it, but never narrower than in a run above. As in the original a
 * vertical tab also ends a cell, and a form feed is a line break that ends every column.
 */
export function createTabwriter(): (text: string) => string {
  const remembered: number[] = [];
  return (text) => alignText(text, remembered);
}

function alignText(text: string, remembered: number[]): string {
  const lines: Line[] = [];
  for (const page of text.split('\f')) {
    let above: Block[] = [];
    for (const lineText of page.split('\n')) {
      const cells = lineText.split(/[\t\v]/);
      const last = cells.pop() ?? '';
      above = cells.map((cell, column) => {
        const block = above[column] ?? { width: remembered[column] ?? minimumWidth };
        block.width = Math.max(block.width, countRunes(cell) + padding);
        remembered[column] = block.width;
        return block;
      });
      lines.push({ cells, blocks: above, last });
    }
  }
  return lines.map(format).join('\n');
}

function format({ cells, blocks, last }: Line): string {
  const padded = cells.map((cell, column) => cell + ' '.repeat((blocks[column]?.width ?? 0) - countRunes(cell)));
  return padded.join('') + last;
}
