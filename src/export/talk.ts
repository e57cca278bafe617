import { few, someOf } from '../util/text.ts';
import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import type { Io } from '../io.ts';
import { safeLine } from '../util/safe-text.ts';

export type Say = (text: string, always?: boolean) => void;

/** Says each thing once; with `--quiet` only what has to be said always. */
export function talk(io: Io, { quiet }: { quiet?: boolean | undefined }): Say {
  const said = new Set<string>();
  return (text, always = false) => {
    if (said.has(text) || (quiet && !always)) return;
    said.add(text);
    io.err(`${text}\n`);
  };
}

/** What is said of each profile, as few lines: what is true of many is said once. */
export function perProfile(said: Iterable<readonly [text: string, about: ClusterProfile]>, most: number): string[] {
  const abouts = new Map<string, string[]>();
  for (const [text, profile] of said) {
    const there = abouts.get(text);
    if (there) there.push(nameOf(profile));
    else abouts.set(text, [nameOf(profile)]);
  }
  return [...abouts].flatMap(([text, about]) =>
    (about.length > most ? [someOf(about)] : about).map((who) => `${who}: ${text}`),
  );
}

/** Warnings; those about a profile wait for the others. */
export function warnings(
  say: Say,
  { quiet }: { quiet?: boolean | undefined },
): {
  warn: (message: string, about?: ClusterProfile) => void;
  after: <T>(work: () => T) => T;
} {
  const waiting: [text: string, about: ClusterProfile][] = [];
  const warn = (message: string): void => say(`warning: ${safeLine(message)}`);
  return {
    warn(message, about) {
      if (!about) warn(message);
      else if (!quiet) waiting.push([message, about]);
    },
    /** What a piece of work has to say, once it is done or has failed. */
    after(work) {
      try {
        return work();
      } finally {
        for (const text of perProfile(waiting.splice(0), few)) warn(text);
      }
    },
  };
}
