import type { Io } from '../io.ts';
import { detectCredential } from '../redact/credential-patterns.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { quoteForShell } from '../util/shell.ts';

/** A URL with a user in it, whoever that is. */
const hasUserInfo = (word: string): boolean => /:\/\/[^/?#]*@/.test(word);

/**
 * The command that was typed, with a flag more, for a hint that can be typed as it is. `undefined` where it may hold a
 * credential, which no message repeats.
 */
export function repeatCommand({ program, argv }: Io, flag: string): string | undefined {
  if (argv.some((word) => detectCredential(word) !== undefined || hasUserInfo(word))) return undefined;
  return makeSafeLine([program, ...[...argv, flag].map(quoteForShell)].join(' '));
}
