/** A word as a POSIX shell takes it: what a hint offers for pasting is one word, whoever made it. */
export const quoteForShell = (word: string): string =>
  /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
