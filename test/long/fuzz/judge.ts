import { isUserError, messageOf } from '../../../src/errors.ts';

/** What no message may show: an object as a text, a value that is missing, the words of the runtime for a bug. */
const broken = /\[object |is not a function|not iterable|this is a bug|\bundefined\b|Cannot read propert/;

/** The mark of the credentials of all fixtures, plain and in base64 at each of its three places. */
const canary = /LEAKCANARY|TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ/;

/** Refuses a text that shows what no text may show; `given` is the input, which may come out as it is. */
export function assertClean(text: string, given = ''): void {
  const [found] = broken.exec(text) ?? [];
  if (found !== undefined && !given.includes(found)) throw new Error(`it says ${found}: ${text.slice(0, 2000)}`);
}

/** Refuses a text with a credential of the fixtures in it. */
export function assertSecretFree(text: string): void {
  if (canary.test(text)) throw new Error(`it shows a credential: ${text.slice(0, 2000)}`);
}

/** What a read gives; `undefined` for one that is refused in words. Any other error is a fault. */
export async function readOrRefuse<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isUserError(error)) throw new Error(`uncaught: ${messageOf(error)}`, { cause: error });
    const said = `${error.message}\n${error.hint ?? ''}`;
    assertClean(said);
    assertSecretFree(said);
    return undefined;
  }
}

/** How many inputs a target took and how many it refused, for its line at the end. */
export class Counts {
  private readonly found = new Map<string, number>();

  add(what: string): void {
    this.found.set(what, (this.found.get(what) ?? 0) + 1);
  }

  describe(): string {
    return [...this.found]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, count]) => `${count} ${what}`)
      .join(', ');
  }
}
