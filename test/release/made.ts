import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { root, scratch } from '../support/paths.ts';

/** Lays a folder somewhere else, by hard links where the file system can. */
function linkFolder(from: string, to: string): void {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' });
  } catch {
    execFileSync('cp', ['-a', from, to]);
  }
}

/**
 * A copy of the clone as git sees it, for what builds in its own folder: other tests run the build of this one. It shares
 * the history. The packages are in it by paths of their own, as in any clone.
 */
function copyClone(): { folder: string; env: NodeJS.ProcessEnv } {
  const folder = scratch();
  const options = { cwd: root, encoding: 'utf8' } as const;
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options);
  for (const file of files.split('\0').filter((each) => each !== '' && existsSync(join(root, each)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file), { verbatimSymlinks: true });
  }
  linkFolder(join(root, 'node_modules'), join(folder, 'node_modules'));
  const gitDir = execFileSync('git', ['rev-parse', '--absolute-git-dir'], options).trim();
  return { folder, env: { ...process.env, GIT_DIR: gitDir, GIT_WORK_TREE: root } };
}

/** Makes the release of this machine in a clone of its own, whose files will be at the address `base`; returns its folder. */
export async function makeRelease(base: string): Promise<string> {
  const { folder, env } = copyClone();
  const output = join(scratch(), 'release');
  const words = ['run', 'release:dry', '--', '--target', 'linux-x64', '--no-xz', '--url', base, '--output', output];
  const options = { cwd: folder, env: { ...env, GITHUB_REPOSITORY: 'example/clusterprofile' } };
  await promisify(execFile)('npm', words, options);
  return output;
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

/** A server on loopback with some files, by the paths of their addresses. */
export interface FileServer {
  /** `http://127.0.0.1:PORT`. */
  site: string;
  files: Map<string, Buffer | string>;
  close(): Promise<unknown>;
}

/** Starts such a server; its files may be set at any time. */
export async function serveFiles(): Promise<FileServer> {
  const files: FileServer['files'] = new Map();
  const server = createServer((request, response) => {
    const found = files.get(request.url ?? '');
    if (found === undefined) response.writeHead(404).end();
    else response.end(found);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { site, files, close: () => new Promise((done) => server.close(done)) };
}

/** The parts of the release's tool that tests call, with their types. */
interface ReleaseTools {
  checkManifests(folder: string): Record<string, string[]>;
  formatScoop(
    about: { version: string; homepage: string; url: (name: string) => string },
    files: { target: string; format: string; name: string; sha256: string }[],
  ): string | undefined;
  packZip(folder: string, file: string, time: number): string;
  sha256(file: string): string;
}

export async function loadReleaseTools(): Promise<ReleaseTools> {
  const load = (name: string): Promise<Partial<ReleaseTools>> =>
    import(pathToFileURL(join(root, '.build', 'release', name)).href) as Promise<Partial<ReleaseTools>>;
  const parts = await Promise.all(['check.mjs', 'manifests.mjs', 'archives.mjs'].map(load));
  return Object.assign({}, ...parts) as ReleaseTools;
}
