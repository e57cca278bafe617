import { isUserError, type ExitCode } from '../../src/errors.ts';
import type { Io } from '../../src/io.ts';
import { createClock } from '../../src/io/clock.ts';

/** An Io for a unit test: it keeps what is printed, and answers a prompt as a person at a terminal would. */
export interface TestIo extends Io {
  printed: { out: string; err: string };
}

export function testIo({
  answer,
  argv = [],
  signal = new AbortController().signal,
}: { answer?: string; argv?: string[]; signal?: AbortSignal } = {}): TestIo {
  const printed = { out: '', err: '' };
  return {
    printed,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    async *stdin() {},
    line: () => Promise.resolve(answer),
    screen: () => ({ input: process.stdin, output: process.stderr }),
    env: {},
    argv,
    program: 'clusterprofile',
    terminal: { in: answer !== undefined, out: false, err: false },
    columns: 100,
    signal,
    drained: () => undefined,
    clock: createClock(),
    handSignals: () => () => {},
  };
}

/** What a UserError says: its message, hint and exit code. Any other error is passed on. */
export interface Said {
  message: string;
  hint: string | undefined;
  code: ExitCode;
}

/** The UserError that something ends with; `undefined` where it ends well. */
export async function errorOf(run: () => unknown): Promise<Said | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return { message: error.message, hint: error.hint, code: error.code };
  }
}
