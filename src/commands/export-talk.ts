import { nameOf, type ClusterProfile } from '../clusterprofile.ts';
import type { Io } from '../io.ts';
import { safeLine } from '../renderers/safe.ts';

export type Say = (text: string, always?: boolean) => void;

/** Says each thing once; with `--quiet` only what has to be said always. */
export function talk(io: Io, { quiet }: { quiet?: boolean }): Say {
  const said = new Set<string>();
  return (text, always = false) => {
    if (said.has(text) || (quiet && !always)) return;
    said.add(text);
    io.err(`${text}\n`);
  };
}

const few = 3;

/** Some of many names: `a, b, c and 12 more`. */
export const someOf = (names: readonly string[]): string =>
  `${names.slice(0, few).join(', ')}${names.length > few ? ` and ${names.length - few} more` : ''}`;

/** Warnings, of which those about a profile (`namespace/name: …`) wait for the others: what is true of many is said once. */
export function warnings(
  say: Say,
  profiles: readonly ClusterProfile[],
): { warn: (message: string) => void; after: <T>(work: () => T) => T } {
  const names = new Set(profiles.map(nameOf));
  const waiting = new Map<string, string[]>();
  const warn = (message: string): void => say(`warning: ${safeLine(message)}`);
  return {
    warn(message) {
      const [name = '', ...rest] = message.split(': ');
      if (!names.has(name)) return warn(message);
      const text = rest.join(': ');
      const about = waiting.get(text);
      if (about) about.push(name);
      else waiting.set(text, [name]);
    },
    /** What a piece of work has to say, once it is done or has failed. */
    after(work) {
      try {
        return work();
      } finally {
        for (const [text, about] of waiting)
          for (const who of about.length > few ? [someOf(about)] : about) warn(`${who}: ${text}`);
        waiting.clear();
      }
    },
  };
}
