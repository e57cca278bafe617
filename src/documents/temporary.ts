import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasProcessEnded, identifyProcess, type ProcessIdentity } from '../util/process-identity.ts';

const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');

/** Where the number of this process is its own: two containers may both have a process 1. */
function hashPlace({ host, boot, space }: ProcessIdentity): string {
  return crypto().createHash('sha256').update([host, boot, space].join('\n')).digest('hex').slice(0, 8);
}

let place: string | undefined;
const findOwnPlace = (): string => (place ??= hashPlace(identifyProcess()));

/** A name that no other process takes, short enough beside a file name of any length. Readers pass it over. */
export const makeTemporaryName = (): string =>
  `.clusterprofile.${findOwnPlace()}.${process.pid}.${crypto().randomBytes(6).toString('hex')}.tmp`;

const temporaryName = /^\.clusterprofile\.([0-9a-f]{8})\.(\d+)\.[0-9a-f]{12}\.tmp$/;

/** A temporary file is there for milliseconds. */
const staleAfter = 60_000;

/** Processes of other places of which something else shows that they have ended. */
const ended = new Set<string>();
export const noteEnded = (identity: ProcessIdentity): unknown => ended.add(`${hashPlace(identity)}.${identity.pid}`);

function isStale(path: string, [, madeAt, pid]: RegExpExecArray): boolean {
  if (ended.has(`${madeAt}.${pid}`)) return true;
  if (madeAt === findOwnPlace())
    return hasProcessEnded({ ...identifyProcess(), pid: Number(pid), started: '' }) === true;
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > staleAfter;
}

const swept = new Set<string>();

/** Takes out the temporary files of processes that were killed, once for each directory that is written into. */
export function sweepTemporary(directory: string): void {
  if (swept.has(directory)) return;
  swept.add(directory);
  for (const name of readdirSync(directory)) {
    const found = temporaryName.exec(name);
    const path = join(directory, name);
    if (found && isStale(path, found)) rmSync(path, { force: true });
  }
}
