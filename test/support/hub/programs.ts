import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../paths.ts';

const run = promisify(execFile);
const moduleDir = join(root, 'test', 'hub', 'programs');
const pluginsDir = join(root, 'test', 'upstream', 'programs');
const kubernetesVersion = '1.36.3';
const oldestGo = [1, 26] as const;

/** What a hub is started from: our own program, or the binaries that envtest downloads. */
type HubPrograms = { kubectl: string } & ({ hub: string } | { etcd: string; apiserver: string });

/** Why there is no hub, and what to do about it. */
export class HubUnavailable extends Error {}

function assets(folder: string): HubPrograms {
  const program = (name: string): string => {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
    } catch {
      throw new Error(`KUBEBUILDER_ASSETS=${folder} has no executable ${name}`);
    }
    return path;
  };
  return { kubectl: program('kubectl'), etcd: program('etcd'), apiserver: program('kube-apiserver') };
}

/** The Go version that builds the module, in `go1.26.8` form: the go command may switch to a newer toolchain by itself. */
async function goVersion(): Promise<string> {
  const { stdout } = await run('go', ['env', 'GOVERSION'], { cwd: moduleDir }).catch(() => ({ stdout: '' }));
  const version = stdout.trim();
  const [, major = 0, minor = 0] = (/^go(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  if (major < oldestGo[0] || (major === oldestGo[0] && minor < oldestGo[1])) {
    throw new HubUnavailable(
      `install Go ${oldestGo.join('.')} or newer, or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl`,
    );
  }
  return version;
}

const [kubernetesMajor, kubernetesMinor] = kubernetesVersion.split('.');
/** Without these, `kubectl version` fails. */
const linkerFlags = [
  '-s -w',
  ...[`gitVersion=v${kubernetesVersion}`, `gitMajor=${kubernetesMajor}`, `gitMinor=${kubernetesMinor}`].map(
    (setting) => `-X k8s.io/component-base/version.${setting}`,
  ),
].join(' ');

function sourceHash(go: string, dir: string): string {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(go|mod|sum)$/.test(file))
    .toSorted();
  const hash = createHash('sha256').update(`${go}\0${process.platform}\0${process.arch}\0${linkerFlags}`);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(dir, file)));
  return hash.digest('hex').slice(0, 16);
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Builds under a name of its own and renames, so that a run beside this one never starts half a program. */
async function build(dir: string, source: string, target: string): Promise<void> {
  if (isExecutable(target)) return;
  console.error(`building ${target} (minutes the first time, kept for the next ones)`);
  const unfinished = `${target}.${process.pid}`;
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
  const args = ['build', '-buildvcs=false', '-ldflags', linkerFlags, '-o', unfinished, source];
  await run('go', args, { cwd: dir, env });
  renameSync(unfinished, target);
}

/** Where the programs of a module are kept from one run to the next, as long as its sources stay what they are. */
async function cacheOf(dir: string): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(cache, 'clusterprofile-test', sourceHash(await goVersion(), dir));
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function built(): Promise<HubPrograms> {
  const folder = await cacheOf(moduleDir);
  const programs = { hub: join(folder, 'hub'), kubectl: join(folder, 'kubectl') };
  await build(moduleDir, './apiserver', programs.hub);
  await build(moduleDir, './kubectl', programs.kubectl);
  return programs;
}

const assertWanted = (): void => {
  if (process.env['CLUSTERPROFILE_TEST_HUB'] === 'off') throw new HubUnavailable('unset CLUSTERPROFILE_TEST_HUB');
};

/** The reference implementation of access providers (cluster-inventory-api) as programs. */
export interface AccessPrograms {
  /** Prints what its library makes of a provider file and a profile. */
  buildConfig: string;
  /** Its credential plugin that reads tokens from Secrets of the hub. */
  secretreader: string;
}

/** Builds them for the tests that need them, and for no others; throws HubUnavailable where there is no Go. */
export async function accessPrograms(): Promise<AccessPrograms> {
  assertWanted();
  const folder = await cacheOf(pluginsDir);
  const programs = { buildConfig: join(folder, 'build-config'), secretreader: join(folder, 'secretreader-plugin') };
  const upstream = 'sigs.k8s.io/cluster-inventory-api/plugins/secretreader/cmd/plugin';
  await build(pluginsDir, './build-config', programs.buildConfig);
  await build(pluginsDir, upstream, programs.secretreader);
  return programs;
}

/** The programs of a hub; throws HubUnavailable where this machine has no way to get them. */
export async function hubPrograms(): Promise<HubPrograms> {
  assertWanted();
  const folder = process.env['KUBEBUILDER_ASSETS'];
  return folder ? assets(folder) : built();
}
