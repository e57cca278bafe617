import type { Io } from '../io.ts';
import { credentialIn } from '../redact/credential-patterns.ts';
import { safeLine } from '../util/safe-text.ts';

/** A word as a POSIX shell takes it. */
const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A URL with a user in it, whoever that is. */
const hasUserInfo = (word: string): boolean => /:\/\/[^/?#]*@/.test(word);

/**
 * The command that was typed, with a flag more, for a hint that can be typed as it is. `undefined` where it may hold a
 * credential, which no message repeats.
 */
export function commandAgain({ program, argv }: Io, flag: string): string | undefined {
  if (argv.some((word) => credentialIn(word) !== undefined || hasUserInfo(word))) return undefined;
  return safeLine([program, ...[...argv, flag].map(shellWord)].join(' '));
}
