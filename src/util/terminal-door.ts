import type { Io } from '../io.ts';
import { makeSafe } from './safe-text.ts';

/** The colours of a diff and of findings. */
const colours = /(\u001b\[(?:1|22|31|32|33|36|39)m)/;

/** How a progress line is begun and wiped. */
const progressMarks = /(^\r|\r\u001b\[K$)/;

/** A text for a terminal, which nothing steers but what this program itself has put in. */
const guardText = (text: string, own: RegExp): string =>
  text
    .split(own)
    .map((part, index) => (index % 2 === 0 ? makeSafe(part) : part))
    .join('');

/** Data as a terminal may be shown it. The line ends of CSV are those that a terminal makes itself. */
function guardData(data: string, isPainted: boolean | undefined): string {
  const text = data.replaceAll('\r\n', '\n');
  return isPainted ? guardText(text, colours) : makeSafe(text);
}

/** The same process, and whatever it says is safe for a terminal; so is its data where a terminal shows it. */
export const guardTerminal = (io: Io): Io =>
  Object.defineProperties({} as Io, {
    // Some of them are getters that cost time, so they are not read here.
    ...Object.getOwnPropertyDescriptors(io),
    out: {
      value: (text: string, isPainted?: boolean) =>
        io.out(io.terminal.out ? guardData(text, isPainted) : text, isPainted),
      enumerable: true,
    },
    err: { value: (text: string) => io.err(guardText(text, progressMarks)), enumerable: true },
  });
