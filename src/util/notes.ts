import type { Io } from '../io.ts';

/** Notes and warnings, unless `--quiet`. */
export const notes =
  (io: Io, { quiet }: { quiet?: boolean | undefined }) =>
  (text: string): void => {
    if (!quiet) io.err(`${text}\n`);
  };
