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
  /** Waits until the screen shows it, or what came behind its first `from` characters does. */
  shows(pattern: RegExp, from?: number): Promise<void>;
  type(text: string): void;
  /** Its exit code. */
  ended: Promise<number>;
}

interface TerminalOptions {
  /** How wide it is; 100 where nothing else is said. */
  columns?: number;
  cwd?: string;
  env?: Record<string, string | undefined>;
}

/** Starts the built program at a terminal. */
export function startAtTerminal(argv: readonly string[], options?: TerminalOptions): Terminal {
  const [file, ...words] = programWords();
  return startInTerminal(file, [...words, ...argv], options);
}

/** Starts a shell with a script at such a terminal. */
export const startShellAtTerminal = (script: string): Terminal => startInTerminal('/bin/sh', ['-c', script]);

/** Starts any program at a terminal, for tests of shells. */
export function startInTerminal(
  file: string,
  argv: readonly string[],
  { columns = 100, cwd, env }: TerminalOptions = {},
): Terminal {
  const size = { cols: columns, env: environment({ COLUMNS: String(columns), ...env }) };
  const child = spawn(file, [...argv], { ...size, ...(cwd !== undefined && { cwd }) });
  let text = '';
  child.onData((part) => (text += part));
  const ended = new Promise<number>((resolve) =>
    child.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode)),
  );
  const screen = (): string => text.replaceAll('\r\n', '\n');
  return {
    screen,
    async shows(pattern, from = 0) {
      for (const deadline = Date.now() + 15_000; !pattern.test(screen().slice(from)); await sleep(10))
        if (Date.now() > deadline) throw new Error(`the screen never showed ${pattern}:\n${screen()}`);
    },
    type: (typed) => child.write(typed),
    ended,
  };
}
