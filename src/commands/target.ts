import { milliseconds, wholeNumber } from '../duration.ts';
import { exit, UserError, usageError } from '../errors.ts';
import type { Inventory } from '../inventory.ts';
import type { Io } from '../io.ts';
import type { TargetOptions } from './flags.ts';

export interface OpenOptions {
  /** Field manager of writes: `clusterprofile/<source>`. */
  fieldManager?: string;
  warn?: (message: string) => void;
}

const defaultTimeout = '120s';

/** Ends with SIGINT, and when `--timeout` is over. */
export function deadline(options: TargetOptions, io: Io): AbortSignal {
  const limit = milliseconds(options.timeout ?? defaultTimeout, '--timeout');
  return limit === 0 ? io.signal : AbortSignal.any([io.signal, AbortSignal.timeout(limit)]);
}

/** The error for a signal that ended something: an interruption, or the command's own limit. */
export function endedError(options: TargetOptions, io: Io): UserError {
  if (io.signal.aborted) return new UserError('interrupted', { code: exit.interrupted });
  const limit = options.timeout ?? defaultTimeout;
  return new UserError(`not done within ${limit}`, { code: exit.timeout, hint: 'give it more time with --timeout' });
}

export const concurrencyOf = ({ concurrency }: TargetOptions): number =>
  wholeNumber(concurrency ?? '8', '--concurrency');

/** The inventory that the flags name: a directory, else the hub that kubectl would use. */
export async function openInventory(options: TargetOptions, io: Io, open: OpenOptions = {}): Promise<Inventory> {
  if (options.inventory !== undefined) {
    if (options.context ?? options.kubeconfig ?? options.server)
      throw usageError('--inventory and the flags of a hub exclude each other');
    const { directory } = await import('../inventories/directory.ts');
    return directory(options.inventory);
  }
  const { hub } = await import('../inventories/hub.ts');
  return hub(options, {
    env: io.env,
    signal: deadline(options, io),
    fieldManager: open.fieldManager ?? 'clusterprofile',
    concurrency: concurrencyOf(options),
    warn: open.warn ?? ((message) => io.err(`warning: ${message}\n`)),
  });
}
