import { fstatSync, writeSync } from 'node:fs';
import { codeOf, exit, messageOf, UserError } from '../errors.ts';

/** The reader of our output went away (`| head`): nobody is left to tell, so it ends quietly. */
export const isClosedPipe = (error: unknown): boolean => codeOf(error) === 'EPIPE';

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of it, also to a pipe that somebody else made non-blocking. */
export function writeAll(fd: number, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

/** What every pipe takes at once, so that a write of it does not have to wait for a reader. */
const pipeRoom = 32 * 1024;

const isPipe = (fd: number): boolean => {
  const about = fstatSync(fd);
  return about.isFIFO() || about.isSocket();
};

const describeOutputFailure = (error: unknown): unknown =>
  isClosedPipe(error)
    ? error
    : new UserError(`cannot write the output: ${messageOf(error)}`, { code: exit.input, cause: error });

/** Standard output. */
interface StandardOutput {
  write(text: string): void;
  /** Until a reader has taken it all; absent where there is nothing to wait for. */
  drained(): Promise<void> | undefined;
}

/**
 * Writes to a file or a terminal at once. What a pipe has no room for is written as its reader takes it: a write that
 * waits would keep signals and timers from being heard.
 */
export function createStandardOutput(): StandardOutput {
  let room: number | undefined;
  let stream: NodeJS.WriteStream | undefined;
  let failure: unknown;
  let last: Promise<void> | undefined;
  const openStream = (): NodeJS.WriteStream =>
    process.stdout.on('error', (error) => {
      failure ??= describeOutputFailure(error);
    });
  const writeTo = (to: NodeJS.WriteStream, text: string): Promise<void> => {
    const written = new Promise<void>((resolve, reject) => {
      to.write(text, (error) => (error ? reject(failure ?? describeOutputFailure(error)) : resolve()));
    });
    // Nobody may wait for it, and the next write says the same.
    written.catch(() => undefined);
    return written;
  };
  return {
    write(text) {
      if (failure !== undefined) throw failure as Error;
      try {
        room ??= isPipe(1) ? pipeRoom : Number.POSITIVE_INFINITY;
        // The stream object costs milliseconds, so a small output does without.
        room -= Buffer.byteLength(text);
        if (room >= 0) writeAll(1, text);
        else last = writeTo((stream ??= openStream()), text);
      } catch (error) {
        throw describeOutputFailure(error);
      }
    },
    // What is written last is written when everything before it is.
    drained: () => last,
  };
}
