import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root, scratch } from '../support/paths.ts';
import { written } from '../support/written.ts';
import type { Typed } from './bare.ts';

const place = scratch();
const tool = join(place, 'venv', 'bin', 'pre-commit');

/** Installs pre-commit from PyPI into a folder of its own; says why where that cannot be done. */
function installTool(): string | undefined {
  if (spawnSync('python3', ['-m', 'venv', join(place, 'venv')]).status !== 0) return 'there is no Python with venv';
  const installed = spawnSync(join(place, 'venv', 'bin', 'pip'), ['install', '--quiet', 'pre-commit']);
  return installed.status === 0 ? undefined : 'pre-commit cannot be installed';
}

/** What most repositories are full of, with the hook for the whole of one. */
const repositoryFiles = {
  'apps/web.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\n---\nkind: nothing\n',
  'chart/templates/role.yaml':
    '{{- if .Values.roles }}\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: {{ .Release.Name }}\n' +
    'rules:\n  - apiGroups: [multicluster.x-k8s.io]\n    resources: [clusterprofiles]\n    verbs: [list]\n{{- end }}\n',
  'chart/values.yaml': 'roles: true\n',
  'empty.yaml': '',
  'list.json': '[1, 2]\n',
};

const missing = installTool();
if (missing !== undefined) console.log(`the hook for pre-commit is skipped: ${missing}`);

describe.skipIf(missing !== undefined)('the hook for pre-commit', { timeout: 600_000 }, () => {
  const repository = scratch();
  const env = {
    PATH: process.env['PATH'],
    // npm is set up there.
    HOME: process.env['HOME'],
    PRE_COMMIT_HOME: join(place, 'kept'),
  };
  const start = (file: string, ...words: string[]): Promise<Typed> =>
    new Promise((done) =>
      execFile(file, words, { cwd: repository, env }, (error, out, err) =>
        done({ code: error === null ? 0 : Number(error.code), out, err }),
      ),
    );
  /** Stages a file, and runs the hooks as `git commit` does. */
  const stage = async (name: string, content: string): Promise<Typed> => {
    writeFileSync(join(repository, name), content);
    await start('git', 'add', '--all');
    return start(tool, 'run');
  };

  beforeAll(async () => {
    for (const name of ['fleet', 'chart/templates', 'apps']) mkdirSync(join(repository, name), { recursive: true });
    for (const [name, content] of Object.entries(repositoryFiles)) writeFileSync(join(repository, name), content);
    const { stdout: revision } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
    const clone = join(place, 'clone');
    const cloned = await start('git', 'clone', '--quiet', root, clone);
    if (cloned.code !== 0) throw new Error(cloned.err);
    await start('git', 'init', '--quiet');
    const hook = '{ id: clusterprofile-validate }';
    const lines = ['repos:', `  - repo: ${clone}`, `    rev: ${revision.trim()}`, `    hooks: [${hook}]`, ''];
    writeFileSync(join(repository, '.pre-commit-config.yaml'), lines.join('\n'));
  });

  it('is installed from a clone, and lets pass what is valid', async () => {
    const passed = await stage('fleet/oslo.yaml', JSON.stringify(written('oslo', 'fleet')));
    expect([passed.code, passed.out.trim().split('\n').at(-1)], passed.out).toEqual([
      0,
      expect.stringMatching(/^ClusterProfiles are valid\.+Passed$/),
    ]);
  });

  it('stops what is not', async () => {
    const stopped = await stage('fleet/oslo.yaml', JSON.stringify(written('Oslo', 'fleet')));
    expect(stopped.code).toBe(1);
    expect(stopped.out).toMatch(/^fleet\/oslo\.yaml:1:\d+: error CP010: the name must be a DNS subdomain/m);
  });

  it('does not run where no file that it reads has changed', async () => {
    await start(
      'git',
      '-c',
      'user.name=test',
      '-c',
      'user.email=test@example.com',
      'commit',
      '--quiet',
      '--message=fleet',
    );
    expect((await stage('notes.txt', 'note')).out).toMatch(
      /^ClusterProfiles are valid\.*\(no files to check\)Skipped\n$/,
    );
  });
});
