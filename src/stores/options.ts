import type { ConnectOptions } from '../kubernetes/connect.ts';
import type { LimitOptions } from '../util/limits.ts';

/** Options shared by every command that talks to a hub or a directory; kubectl's names and meanings. */
export interface TargetOptions extends ConnectOptions, LimitOptions {
  inventory?: string;
  concurrency?: string;
  verbose?: boolean;
  quiet?: boolean;
}

/** The value of `--dry-run`. */
export type DryRun = 'client' | 'server' | undefined;

/** The `source…` or `target…` options under the names of the plain ones. */
export function prefixedTarget(options: object, prefix: 'source' | 'target'): TargetOptions {
  const own = Object.entries(options).filter(([name]) => name.startsWith(prefix) && name !== prefix);
  const named = own.map(([name, value]) => [
    name.charAt(prefix.length).toLowerCase() + name.slice(prefix.length + 1),
    value,
  ]);
  return {
    ...(Object.fromEntries(named) as TargetOptions),
    ...('timeout' in options && { timeout: options.timeout as string }),
  };
}

/** A client dry run on a hub sends nothing, not even a list; a directory is read, which costs nothing. */
export const isOffline = ({ dryRun, inventory }: TargetOptions & { dryRun?: DryRun }): boolean =>
  dryRun === 'client' && inventory === undefined;
