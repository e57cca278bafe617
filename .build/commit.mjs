// The commit that a build is made of, for `version`; `undefined` where there is no git or no history.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export function readCommit() {
  try {
    const options = { cwd: join(import.meta.dirname, '..'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', ['rev-parse', 'HEAD'], options).trim();
  } catch {
    return undefined;
  }
}

/** The definition that bundlers put in for the name in `src/commands/version.ts`. */
export const commitDefinition = JSON.stringify(readCommit()) ?? 'undefined';
