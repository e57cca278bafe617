/** Command lines without the program's name, each with what it does. */
export type Examples = readonly (readonly [words: string, what: string])[];

/**
 * The examples that help begins with: what each does stands behind it, or above it where one of them would be wider than
 * the terminal.
 */
export function layOutExamples(examples: Examples, program: string, columns: number): string {
  const width = Math.max(...examples.map(([words]) => words.length));
  const rows = examples.map(([words, what]) => `  ${program} ${words.padEnd(width)}  # ${what}\n`);
  if (rows.every((row) => row.length <= columns + 1)) return `Examples:\n${rows.join('')}`;
  return `Examples:\n${examples.map(([words, what]) => `  # ${what}\n  ${program} ${words}\n`).join('\n')}`;
}
