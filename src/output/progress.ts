import type { Io } from '../io.ts';

interface Progress {
  step(): void;
  end(): void;
}

const progressPatience = 1000;
const interval = 200;

/** Shows on a terminal how far something is that takes more than a second; silent anywhere else. */
export function startProgress(io: Io, what: string, total?: number): Progress {
  if (!io.terminal.err) return { step() {}, end() {} };
  let done = 0;
  let shown = false;
  const show = (): void => {
    shown = true;
    io.err(`\r${what} ${total === undefined ? done || '…' : `${done} of ${total}`}`);
  };
  const begin = setTimeout(() => {
    show();
    timer = setInterval(show, interval);
    timer.unref();
  }, progressPatience);
  begin.unref();
  let timer: NodeJS.Timeout | undefined;
  return {
    step() {
      done += 1;
    },
    end() {
      clearTimeout(begin);
      clearInterval(timer);
      // The line is wiped: what is said next stands alone.
      if (shown) io.err('\r\u001b[K');
    },
  };
}
