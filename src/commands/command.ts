import type { Command } from 'commander';
import type { Io } from '../io.ts';

/** The verbs there are, for completion. */
export interface Verbs {
  /** Those that a person may type, with their summaries. */
  summaries(): [name: string, summary: string][];
  /** Loads the definition of a verb, by its name or an alias. */
  load(word: string): Promise<{ define: Define }> | undefined;
}

/**
 * Declares a command's arguments, options and action; `words` are the words typed after the verb. Returns them in the
 * order in which they are to be read, where that is another one.
 */
export type Define = (
  command: Command,
  io: Io,
  words: readonly string[],
  verbs: Verbs,
) => void | Promise<void | readonly string[]>;
