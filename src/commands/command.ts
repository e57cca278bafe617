import type { Command } from 'commander';
import type { Io } from '../io.ts';

/** The verbs there are, for completion. */
export interface Verbs {
  /** Those that a person may type, with their summaries; their other names too where they are asked for. */
  summaries(withAliases?: boolean): [name: string, summary: string][];
  aliasesOf(name: string): readonly string[];
  /** The name of the verb that a word stands for, its own name or an alias. */
  find(word: string | undefined): string | undefined;
  /** Whether a verb takes defaults of files and variables: all, those of a person and not of a directory, or none. */
  defaultsOf(name: string): 'all' | 'personal' | 'none';
  /** Loads the definition of a verb, by its name or an alias. */
  load(word: string): Promise<{ define: Define }> | undefined;
}

/** What a definition may ask of the defaults that a run has. */
export interface GivenDefaults {
  /** What a flag that takes texts would be, of a command of these words. */
  textsOf(words: readonly string[], command: Command, flag: string): readonly string[];
}

/**
 * Declares a command's arguments, options and action; `words` are the words typed after the verb, `defaults` those of files
 * and variables, where there are any. Returns the words in the order in which they are to be read, where that is another
 * one.
 */
export type Define = (
  command: Command,
  io: Io,
  words: readonly string[],
  verbs: Verbs,
  defaults?: GivenDefaults,
) => void | Promise<void | readonly string[]>;
