import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, scratch } from '../support/paths.ts';

/**
 * A copy of the clone as git sees it, for what builds in its own folder: other tests run the build of this one. It shares
 * the packages and the history.
 */
export function copyClone(): { folder: string; env: NodeJS.ProcessEnv } {
  const folder = scratch();
  const options = { cwd: root, encoding: 'utf8' } as const;
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options);
  for (const file of files.split('\0').filter((each) => each !== '' && existsSync(join(root, each)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file), { verbatimSymlinks: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const gitDir = execFileSync('git', ['rev-parse', '--absolute-git-dir'], options).trim();
  return { folder, env: { ...process.env, GIT_DIR: gitDir, GIT_WORK_TREE: root } };
}

/** Go programs of these pinned versions, built once and kept; `undefined` without Go. */
export function buildGoTools(...packages: string[]): string | undefined {
  const folder = join(root, 'node_modules', '.cache', 'go-tools');
  const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '-mod=mod' };
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  for (const each of packages) {
    const name = /([^/]+)@/.exec(each)?.[1] ?? '';
    if (!existsSync(join(folder, name))) execFileSync('go', ['install', each], { env, stdio: 'pipe' });
  }
  return folder;
}
