import type { Io } from '../io.ts';
import { maskCredentials } from './credential-patterns.ts';
import { maskKnownSecrets } from './known-secrets.ts';

/** A text without the credentials that this run knows, and without what looks like one. */
export const withoutSecrets = (text: string): string => maskCredentials(maskKnownSecrets(text));

/** As much of what a server says as a message repeats. */
const longestForeignText = 600;

/** What a server or another program says, on one line of a terminal, without credentials. */
export function cleanForeignText(text: string, longest = longestForeignText): string {
  // Masked first: a credential in several lines is one no more when they are joined, and half of one when it is cut.
  const clean = withoutSecrets(text)
    .replaceAll(/[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ')
    .trim();
  return clean.length > longest ? clean.slice(0, longest) : clean;
}

/** The same process, and nothing that it says has a credential in it. Data on standard output is what was asked for. */
export const guardErr = (io: Io): Io =>
  Object.defineProperties({} as Io, {
    // Some of them are getters that cost time, so they are not read here.
    ...Object.getOwnPropertyDescriptors(io),
    err: { value: (text: string) => io.err(withoutSecrets(text)), enumerable: true },
  });
