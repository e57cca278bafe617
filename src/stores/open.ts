import type { TargetOptions } from './options.ts';
import { existsSync } from 'node:fs';
import { exit, UserError, usageError } from '../errors.ts';
import type { Inventory } from './store.ts';
import type { ConnectContext } from '../kubernetes/connect.ts';
import type { Io } from '../io.ts';
import { startDeadline, startTimeLimit } from '../util/limits.ts';
import { makeSafeLine } from '../util/safe-text.ts';

interface OpenOptions {
  /** Field manager of writes: `clusterprofile/<source>`. */
  fieldManager?: string;
  warn?: (message: string) => void;
  /** Lines of comment that a new file of a directory begins with. */
  head?: string | undefined;
  /** See HubContext. */
  takesOver?: boolean;
}

/** What every connection of a command has in common. */
export const connectContext = (options: TargetOptions, io: Io, warn?: (message: string) => void): ConnectContext => ({
  env: io.env,
  signal: startTimeLimit(options, io),
  interrupt: io.signal,
  concurrency: parseConcurrency(options),
  warn: warn ?? ((message) => io.err(`warning: ${makeSafeLine(message)}\n`)),
  // In kubectl's way, who prints these too.
  warnFromServer: (message) => {
    if (!options.quiet) io.err(`Warning: ${makeSafeLine(message)}\n`);
  },
});

/** What an API server takes from one client at once: with less it waits for us, with more it is no faster. */
const defaultConcurrency = 16;

export const parseConcurrency = ({ concurrency = defaultConcurrency }: TargetOptions): number => concurrency;

/** The inventory that the flags name: a directory, else the hub that kubectl would use. */
export async function openInventory(options: TargetOptions, io: Io, open: OpenOptions = {}): Promise<Inventory> {
  if (options.inventory !== undefined) {
    if (options.context ?? options.kubeconfig ?? options.server)
      throw usageError('--inventory and the flags of a hub exclude each other');
    const { assertDirectory } = await import('../documents/files.ts');
    assertDirectory(options.inventory);
    // A command that only reads was given a wrong path; one that writes makes the directory.
    if (open.fieldManager === undefined && !existsSync(options.inventory))
      throw new UserError(`cannot read ${options.inventory}: no such directory`, { code: exit.input });
    const { openDirectoryInventory } = await import('./directory.ts');
    return openDirectoryInventory(
      options.inventory,
      (fault) => io.err(`error: ${makeSafeLine(fault)}\n`),
      () => startDeadline(options, io),
      open.head,
    );
  }
  const { openHub } = await import('./hub.ts');
  return openHub(options, {
    ...connectContext(options, io, open.warn),
    fieldManager: open.fieldManager ?? 'clusterprofile',
    takesOver: open.takesOver,
  });
}
