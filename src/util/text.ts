/** Orders texts by code unit, the same on every machine whatever its locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** As many names as are said before it is how many more. */
export const few = 3;

/** Some of many names: `a, b, c and 12 more`. */
export const listSome = (names: readonly string[], most = few): string =>
  `${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;

/** `a`, `a and b`, `a, b and c`. */
export const makeList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** `1 object`, `2 objects`. */
export const formatAmount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A count as people read it: `10,000`. */
export const formatNumber = (count: number): string => count.toLocaleString('en-US');

/** `1 cluster`, `10,000 clusters`. */
export const formatLargeAmount = (count: number, noun: string): string =>
  `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A pattern of names, in which `*` stands for any characters and `?` for one, as in a shell. */
export const compileWildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/\*+/g, '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
