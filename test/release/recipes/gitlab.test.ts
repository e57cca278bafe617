import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programInShell } from '../../support/program.ts';
import { scratch } from '../../support/paths.ts';
import { serveFiles, type FileServer } from '../made.ts';
import { writeScratch, written } from '../../support/written.ts';
import { documentsOf } from './recipes.ts';

interface Job {
  extends?: string;
  image?: string;
  variables?: Record<string, string>;
  before_script?: string[];
  script?: string[];
  after_script?: string[];
  allow_failure?: { exit_codes: number[] };
  artifacts?: { paths?: string[]; reports?: Record<string, string> };
}

const [jobs] = documentsOf('gitlab/clusterprofile.gitlab-ci.yml') as [Record<string, Job>];

/** A job with what it extends, as GitLab merges them: tables by their keys, lists not at all. */
function jobOf(name: string): Job {
  const { extends: base, ...own } = jobs[name] ?? {};
  const below = base === undefined ? {} : jobOf(base);
  return { ...below, ...own, variables: { ...below.variables, ...own.variables } };
}

/** What is served, by its path. */
let server: FileServer;

/** Serves a release whose program is that of this run, for each processor. */
function serveRelease(sumOf = (packed: Buffer): string => createHash('sha256').update(packed).digest('hex')): void {
  const folder = scratch();
  writeFileSync(join(folder, 'clusterprofile'), `#!/bin/sh\nexec ${programInShell()} "$@"\n`, { mode: 0o755 });
  const packed = execFileSync('tar', ['-cz', '-C', folder, 'clusterprofile']);
  const names = ['x64', 'arm64'].map((processor) => `clusterprofile-0.1.0-linux-${processor}.tar.gz`);
  for (const name of names) server.files.set(`/v0.1.0/${name}`, packed);
  server.files.set('/v0.1.0/SHA256SUMS', names.map((name) => `${sumOf(packed)}  ${name}\n`).join(''));
}

beforeAll(async () => {
  server = await serveFiles();
  serveRelease();
});

afterAll(() => server.close());

interface Ran {
  code: number;
  out: string;
}

/** Runs a job in a clone as GitLab's runner does: both scripts in one shell that ends with the first failure, the last in its own. */
async function runJob(name: string, clone: string, more: Record<string, string> = {}): Promise<Ran> {
  const { variables = {}, before_script: before = [], script = [], after_script: after = [] } = jobOf(name);
  const env = {
    PATH: process.env['PATH'],
    HOME: scratch(),
    ...variables,
    FLEET_TOOL_RELEASES: server.site,
    CI_DEFAULT_BRANCH: 'main',
    CI_SERVER_HOST: 'git.example.com',
    ...more,
  };
  const start = (lines: readonly string[]): Promise<Ran> =>
    new Promise((done) =>
      execFile('bash', ['-eo', 'pipefail', '-c', lines.join('\n')], { cwd: clone, env }, (error, out, err) =>
        done({ code: error === null ? 0 : Number(error.code), out: `${out}${err}` }),
      ),
    );
  const ran = await start([...before, ...script]);
  return { ...ran, out: `${ran.out}${(await start(after)).out}` };
}

const git = (cwd: string, ...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...words], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();

/** A repository with these profiles in `fleet/fleet/`, pushed to a bare one at `address`. */
function makeClone(...profiles: object[]): { clone: string; address: string } {
  const [clone, address] = [scratch(), join(scratch(), 'fleet')];
  mkdirSync(join(clone, 'fleet', 'fleet'), { recursive: true });
  for (const [index, each] of profiles.entries())
    writeFileSync(join(clone, 'fleet', 'fleet', `${index}.yaml`), JSON.stringify(each));
  git(clone, 'init', '--quiet', '--initial-branch', 'main');
  git(clone, 'add', '.');
  git(clone, 'commit', '--quiet', '--allow-empty', '--message', 'fleet');
  git(clone, 'init', '--quiet', '--bare', `${address}.git`);
  git(`${address}.git`, 'config', 'receive.advertisePushOptions', 'true');
  return { clone, address };
}

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

describe('the jobs for GitLab', () => {
  it('check a directory, and give GitLab both reports whether it is valid or not', async () => {
    const reports = jobOf('.clusterprofile-validate').artifacts?.reports ?? {};
    expect(Object.keys(reports)).toEqual(['codequality', 'junit']);
    const { clone: good } = makeClone(written('oslo', 'fleet'));
    expect(await runJob('.clusterprofile-validate', good)).toMatchObject({ code: 0 });
    expect(read(good, reports['codequality'] ?? '')).toBe('[]\n');
    const { clone: bad } = makeClone(written('Oslo', 'fleet'));
    const found = await runJob('.clusterprofile-validate', bad);
    expect(found.code).toBe(1);
    expect(found.out).toMatch(/^fleet\/fleet\/0\.yaml:1:\d+: error CP\d+: /m);
    const issues = JSON.parse(read(bad, reports['codequality'] ?? '')) as object[];
    expect(issues[0]).toMatchObject({
      severity: 'major',
      location: { path: 'fleet/fleet/0.yaml', lines: { begin: 1 } },
    });
    expect(read(bad, reports['junit'] ?? '')).toContain('<failure type="CP');
  });

  it('say that a directory cannot be read, instead of writing an empty report of it', async () => {
    const { clone } = makeClone();
    const failed = await runJob('.clusterprofile-validate', clone, { FLEET_DIRECTORY: 'nowhere' });
    expect(failed).toEqual({ code: 1, out: 'error: cannot read nowhere: no such file or directory\n' });
  });

  it('show a difference, which is a warning', async () => {
    const { clone } = makeClone(written('oslo', 'fleet'));
    const differs = await runJob('.clusterprofile-diff', clone, { CLUSTERPROFILE_INVENTORY: scratch() });
    const { allow_failure: allowed, artifacts } = jobOf('.clusterprofile-diff');
    expect(allowed?.exit_codes).toContain(differs.code);
    expect(differs.out).toContain('+++ new/fleet/oslo');
    expect(read(clone, artifacts?.paths?.[0] ?? '')).toContain('+++ new/fleet/oslo');
    const same = await runJob('.clusterprofile-diff', clone, { CLUSTERPROFILE_INVENTORY: join(clone, 'fleet') });
    expect(same).toEqual({ code: 0, out: '' });
  });

  it('import into a branch that asks to be merged, without the token in what is said, and only where something changed', async () => {
    const { clone, address } = makeClone();
    const sourceOf = (...names: string[]): Record<string, string> => {
      const clusters = names.map((name) => ({ name, cluster: { server: `https://${name}.example.com` } }));
      const contexts = names.map((name) => ({ name, context: { cluster: name } }));
      const file = writeScratch('config.json', [{ apiVersion: 'v1', kind: 'Config', clusters, contexts }]);
      const hook = join(`${address}.git`, 'hooks', 'pre-receive');
      writeFileSync(hook, '#!/bin/sh\nenv | grep ^GIT_PUSH_OPTION_ | sort > options\n', { mode: 0o755 });
      return { FLEET_SOURCE: `kubeconfig -f ${file} -n fleet`, FLEET_TOKEN: 'LEAKCANARY', CI_PROJECT_URL: address };
    };
    const first = await runJob('.clusterprofile-import', clone, sourceOf('oslo', 'lima'));
    expect([first.code, first.out.includes('LEAKCANARY')]).toEqual([0, false]);
    const pushed = (): string => git(`${address}.git`, 'ls-tree', '-r', '--name-only', 'clusterprofile/import');
    expect(pushed()).toBe('fleet/fleet/lima.yaml\nfleet/fleet/oslo.yaml');
    expect(read(`${address}.git`, 'options').split('\n')).toEqual([
      'GIT_PUSH_OPTION_0=merge_request.create',
      'GIT_PUSH_OPTION_1=merge_request.target=main',
      'GIT_PUSH_OPTION_COUNT=2',
      '',
    ]);
    const again = await runJob('.clusterprofile-import', clone, sourceOf('oslo', 'lima'));
    expect([again.code, again.out.split('\n').at(-2)]).toEqual([
      0,
      expect.stringMatching(/The directory has the clusters|0 created/),
    ]);
    expect((await runJob('.clusterprofile-import', clone, sourceOf('oslo'))).code).toBe(0);
    expect(pushed()).toBe('fleet/fleet/oslo.yaml');
  });

  it('run no program whose sum is another', async () => {
    serveRelease(() => '0'.repeat(64));
    const { clone } = makeClone(written('oslo', 'fleet'));
    const refused = await runJob('.clusterprofile-validate', clone);
    serveRelease();
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(/^clusterprofile-0\.1\.0-linux-\w+\.tar\.gz: FAILED\n/);
    expect(existsSync(join(clone, 'gl-code-quality-report.json'))).toBe(false);
    const absent = await runJob('.clusterprofile-validate', clone, { FLEET_TOOL_VERSION: '9.9.9' });
    expect([absent.code, absent.out]).toEqual([1, 'curl: (22) The requested URL returned error: 404\n']);
  });
});
