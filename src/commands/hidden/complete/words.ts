import { join } from 'node:path';

const escapes = /\\([\s\S])|'([^']*)'?|"((?:\\[\s\S]|[^"\\])*)"?|([^\\'"]+)|\\$/g;

/** A word as it stands on the command line of a POSIX shell, without its quotes; the last of them may be open. */
export const unquoteTyped = (word: string): string =>
  word.replaceAll(
    escapes,
    (_all, escaped?: string, single?: string, double?: string, plain?: string) =>
      escaped ?? single ?? double?.replaceAll(/\\(["$`\\])/g, '$1') ?? plain ?? '',
  );

/** A path that was typed, with the home directory and variables as the shell would have put them in. */
export function expandPath(path: string, env: Readonly<Record<string, string | undefined>>): string {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const inHome = path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
  const read = (_all: string, braced?: string, plain?: string): string => env[braced ?? plain ?? ''] ?? '';
  return inHome.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, read);
}

/** The value of a flag among words that were typed, by any of its names: `-n fleet`, `--namespace=fleet`. */
export function readTypedFlag(words: readonly string[], ...names: string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    if (names.includes(word)) return words[index + 1];
    const name = names.find((each) => word.startsWith(`${each}=`));
    if (name !== undefined) return word.slice(name.length + 1);
  }
  return undefined;
}
