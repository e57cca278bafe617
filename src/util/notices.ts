import type { Io } from '../io.ts';
import { addHint, makeSafeLine } from './safe-text.ts';
import { few, listSome } from './text.ts';

/** Takes what the user should know. Who hands it out names the subject, or takes it with each message. */
export type Warn<Subject = never> = (message: string, subject?: Subject) => void;

/** Hears what an input has to say, from whoever takes it apart. */
export interface Listener {
  /** Takes what the user should know; what was read is whole. */
  warn: Warn;
  /** Part of the input could not be read: the result is not whole, so nothing may be pruned from it (exit 4). */
  partial(message: string, hint?: string): void;
}

/** Hears nothing, for who asks only whether a value can be read. */
export const silentListener: Listener = { warn: () => {}, partial: () => {} };

export type SayLine = (text: string, always?: boolean) => void;

interface Talk {
  quiet?: boolean | undefined;
  verbose?: boolean | undefined;
}

/** Prints each line once; with `--quiet` only what has to be said always. */
export function sayOnce(io: Io, { quiet }: Talk): SayLine {
  const said = new Set<string>();
  return (text, always = false) => {
    if (said.has(text) || (quiet && !always)) return;
    said.add(text);
    io.err(`${text}\n`);
  };
}

/** Passes each message on once. */
export function sayEach(say: (message: string) => void): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (!said.has(message)) say(message);
    said.add(message);
  };
}

type Said<Subject> = readonly [message: string, subject: Subject];

/**
 * Messages as lines that begin with the name of their subject, in the order they were said. What was said of more than
 * `most` subjects is one line, where the first of them stands.
 */
export function nameSubjects<Subject>(
  said: readonly Said<Subject>[],
  nameOf: (subject: Subject) => string,
  most: number,
): string[] {
  const groups = new Map<string, Set<Subject>>();
  for (const [message, subject] of said) groups.set(message, (groups.get(message) ?? new Set()).add(subject));
  const lines: string[] = [];
  for (const [message, subject] of said) {
    // A group is used up as its lines are made, so that what was said twice is one line.
    const group = groups.get(message) ?? new Set();
    if (group.size > most) {
      lines.push(`${listSome([...group].map(nameOf))}: ${message}`);
      groups.delete(message);
    } else if (group.delete(subject)) lines.push(`${nameOf(subject)}: ${message}`);
  }
  return lines;
}

/** What a run has to say of its subjects: clusters, or profiles. */
export interface Notices<Subject> {
  say: SayLine;
  /** Whether there was a warning, or an error. */
  readonly found: { readonly warning: boolean; readonly error: boolean };
  /** What is about no single subject is printed at once, everything else by `flush`. */
  warn: Warn<Subject>;
  fail(message: string, subject?: Subject, hint?: string): void;
  /** Takes those of the warnings that wait which somebody has another use for, and returns them as they would have been said. */
  takeWarnings(isTaken: (message: string, subject: Subject) => boolean): string[];
  /** Drops what waits to be said of subjects that the run turned out not to be about. */
  forget(subjects: ReadonlySet<unknown>): void;
  /** Prints what waits, errors first. */
  flush(): void;
}

/** With `--verbose` every subject is named, with `--quiet` nothing but errors is printed. */
export function collectNotices<Subject>(io: Io, options: Talk, nameOf: (subject: Subject) => string): Notices<Subject> {
  const said = { warning: false, error: false };
  const waiting = { warning: [] as Said<Subject>[], error: [] as Said<Subject>[] };
  const say = sayOnce(io, options);
  const take = (severity: 'warning' | 'error', message: string, subject?: Subject): void => {
    if (subject !== undefined) waiting[severity].push([message, subject]);
    else {
      said[severity] = true;
      say(`${severity}: ${message}`, severity === 'error');
    }
  };
  const nameSafely = (subject: Subject): string => makeSafeLine(nameOf(subject));
  return {
    say,
    found: {
      get warning() {
        return said.warning || waiting.warning.length > 0;
      },
      get error() {
        return said.error || waiting.error.length > 0;
      },
    },
    warn: (message, subject) => take('warning', makeSafeLine(message), subject),
    fail: (message, subject, hint) => take('error', addHint(makeSafeLine(message), hint), subject),
    takeWarnings(isTaken) {
      const taken: Said<Subject>[] = [];
      const kept: Said<Subject>[] = [];
      for (const each of waiting.warning) (isTaken(...each) ? taken : kept).push(each);
      waiting.warning = kept;
      return nameSubjects(taken, nameSafely, Infinity);
    },
    forget(subjects) {
      for (const severity of ['error', 'warning'] as const)
        waiting[severity] = waiting[severity].filter(([, subject]) => !subjects.has(subject));
    },
    flush() {
      const most = options.verbose ? Infinity : few;
      for (const severity of ['error', 'warning'] as const) {
        const lines = waiting[severity].splice(0);
        said[severity] ||= lines.length > 0;
        if (severity === 'error' || !options.quiet)
          for (const line of nameSubjects(lines, nameSafely, most)) io.err(`${severity}: ${line}\n`);
      }
    },
  };
}
