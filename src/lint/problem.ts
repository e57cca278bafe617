export type Severity = 'error' | 'warning' | 'info';

/** Keys and list indices from the root of an object. */
export type ProblemPath = readonly (string | number)[];

/** Where a document's text is, for line numbers. */
export interface Chunk {
  text: string;
  /** Lines of the file in front of it. */
  line: number;
  /** Which of the documents of this text it is; more than one only behind a `...` line. */
  nth: number;
  /** Whether all of it is in plain block style; such a text is not parsed again for a position. */
  isPlain?: boolean;
}

/** A document that could not be read: why, and at which line and column of its file. */
export interface Unreadable {
  message: string;
  line?: number;
  column?: number;
}

/** One object to check, with where it came from. Exactly one of `object` and `problem` is there. */
export interface Document {
  file: string;
  /** Counted from 1, empty documents left out. */
  document: number;
  /** Which item of a List, counted from 1. */
  item?: number;
  /** Where that item is a List itself: which item of it, and so on. */
  inner?: readonly number[];
  object?: unknown;
  problem?: Unreadable;
  chunk?: Chunk;
}

/** What a rule found in one object. Messages never hold a value that may be a secret. */
export interface Problem {
  at: ProblemPath;
  message: string;
  /** Where it differs from the rule's own. */
  severity?: Severity | undefined;
  hint?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
}
