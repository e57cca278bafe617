import { spawn } from '@lydell/node-pty';
import { setTimeout as sleep } from 'node:timers/promises';
import { programWords } from './program.ts';
import { environment } from './run.ts';

/** What a person types with the control key. */
export const keys = { ctrlC: '\u0003', ctrlD: '\u0004', enter: '\r' } as const;

/** The built program at a real terminal, all three of its streams. */
export interface Terminal {
  /** Everything on the screen so far, with plain line ends. */
  screen(): string;
  /** Waits until the screen shows it. */
  shows(pattern: RegExp): Promise<void>;
  type(text: string): void;
  /** Its exit code. */
  ended: Promise<number>;
}

/** Starts the built program at a terminal of 100 columns. */
export function startAtTerminal(argv: readonly string[]): Terminal {
  const [file, ...words] = programWords();
  return start(file, [...words, ...argv]);
}

/** Starts a shell with a script at such a terminal. */
export const startShellAtTerminal = (script: string): Terminal => start('/bin/sh', ['-c', script]);

function start(file: string, argv: string[]): Terminal {
  const child = spawn(file, argv, { cols: 100, env: environment() });
  let text = '';
  child.onData((part) => (text += part));
  const ended = new Promise<number>((resolve) =>
    child.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode)),
  );
  const screen = (): string => text.replaceAll('\r\n', '\n');
  return {
    screen,
    async shows(pattern) {
      for (const deadline = Date.now() + 15_000; !pattern.test(screen()); await sleep(10))
        if (Date.now() > deadline) throw new Error(`the screen never showed ${pattern}:\n${screen()}`);
    },
    type: (typed) => child.write(typed),
    ended,
  };
}
