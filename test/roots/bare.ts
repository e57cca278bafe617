import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { scratch } from '../support/paths.ts';

/** Where the root is kept from one run to the next. */
const kept = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'clusterprofile-test', 'roots');

/** Why there are no roots on this machine; `undefined` where there are. */
export function missesForRoots(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'roots are made for linux x64 only';
  if (process.getuid?.() !== 0) return 'a root of its own takes the rights of root';
  return spawnSync('debootstrap', ['--version']).error === undefined ? undefined : 'install debootstrap';
}

/** The smallest Debian 12 with these packages, made once from Debian's packages. */
function makeBookworm(packages: readonly string[]): string {
  const folder = join(kept, ['bookworm', ...packages].join('-'));
  if (existsSync(folder)) return folder;
  mkdirSync(kept, { recursive: true });
  const unfinished = `${folder}.${process.pid}`;
  const more = packages.length > 0 ? [`--include=${packages.join(',')}`] : [];
  execFileSync('debootstrap', ['--variant=minbase', ...more, 'bookworm', unfinished], { stdio: 'pipe' });
  renameSync(unfinished, folder);
  return folder;
}

/** A root of its own: nothing but the smallest Debian, with these packages. */
export function copyBookworm(...packages: string[]): string {
  const folder = join(scratch(), 'root');
  execFileSync('cp', ['-a', '--reflink=auto', makeBookworm(packages), folder]);
  return folder;
}

export interface Typed {
  code: number;
  out: string;
  err: string;
}

const enter = `
mount -t proc proc "$ROOT/proc"
mount --bind /dev "$ROOT/dev"
exec /usr/sbin/chroot $USERSPEC "$ROOT" "$@"
`;

/** Runs a program in a root, which has processes and devices of its own, and this machine's network. */
export function runInside(
  root: string,
  words: readonly string[],
  env: Record<string, string>,
  user?: string,
): Promise<Typed> {
  const userspec = user === undefined ? '' : `--userspec=${user}`;
  const options = { env: { ...env, ROOT: root, USERSPEC: userspec }, maxBuffer: 1 << 26 };
  const all = ['--mount', '--pid', '--fork', 'sh', '-ec', enter, 'sh', ...words];
  return new Promise((done) => {
    const child = execFile('unshare', all, options, (error, out, err) =>
      done({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    // krew reads names of plugins from it until it ends.
    child.stdin?.end();
  });
}

/** What other programs keep for themselves below the home of root: kubectl's answers of a server, npm's packages and logs, krew's index. */
const ofOthers = /^root\/(?:\.kube\/cache|\.npm|\.krew\/index)(?:\/|$)/;

/** Every file of a root with what is in it: its path, its kind, and a sum or where it points to. */
export function listRoot(root: string): Map<string, string> {
  const files = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const name of readdirSync(join(root, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (/^(?:proc|dev|sys)\//.test(path) || ofOthers.test(path)) continue;
      const stat = lstatSync(join(root, path));
      if (stat.isSymbolicLink()) files.set(path, `link to ${readlinkSync(join(root, path))}`);
      else if (stat.isDirectory()) {
        files.set(path, 'directory');
        visit(path);
      } else
        files.set(
          path,
          createHash('sha256')
            .update(readFileSync(join(root, path)))
            .digest('hex'),
        );
    }
  };
  visit('');
  return files;
}

/** What is in one list and not in the other, or is another file there. */
export const compareRoots = (before: Map<string, string>, after: Map<string, string>): string[] => [
  ...[...after].filter(([path, what]) => before.get(path) !== what).map(([path]) => `+ ${path}`),
  ...[...before.keys()].filter((path) => !after.has(path)).map((path) => `- ${path}`),
];
