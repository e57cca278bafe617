import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { programInShell } from '../../support/program.ts';
import { environment, run } from '../../support/run.ts';
import { lines } from '../../support/text.ts';

const config = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'tokyo', cluster: { server: 'https://tokyo.example.com' } }],
  users: [{ name: 'shop', user: {} }],
  contexts: [{ name: 'tokyo', context: { cluster: 'tokyo', user: 'shop' } }],
});
const tokyo = 'clusterprofile.multicluster.x-k8s.io/tokyo\n';

/** A folder with a kubeconfig in it. */
function folderOf(): string {
  const at = scratch();
  writeFileSync(join(at, 'a.yaml'), config);
  return at;
}

describe('what stands in the place of a file in a directory', () => {
  const kinds: [name: string, problem: string, make: (path: string) => unknown][] = [
    ['circle', 'its links lead in a circle', (path) => symlinkSync(path, path)],
    ['device', 'it is a device', (path) => symlinkSync('/dev/zero', path)],
    ['folder', 'it is a link to a directory', (path) => symlinkSync(scratch(), path)],
    ['nothing', 'it is a link to nothing', (path) => symlinkSync('gone.yaml', path)],
    ['pipe', 'it is a named pipe', (path) => execFileSync('mkfifo', [path])],
  ];

  it.each(kinds)('is not read and said where it would hide objects: %s', async (name, problem, make) => {
    const at = folderOf();
    const path = join(at, `${name}.yaml`);
    make(path);
    const hub = ['--apply', '--prune', '--yes', '--max-delete=100%', '--inventory', join(scratch(), 'fleet'), '-q'];
    expect(await run(['import', 'kubeconfig', '-f', at, '-o', 'name'])).toEqual({
      code: 4,
      out: tokyo,
      err: `error: ${path}: ${problem}\n`,
    });
    expect(await run(['import', 'kubeconfig', '-f', at, ...hub])).toMatchObject({ code: 4 });
    const unreadable = { code: 3, out: '', err: `error: cannot read ${path}: ${problem}\n` };
    expect(await run(['list', '--inventory', at])).toEqual(unreadable);
    const partial = { code: 4, err: expect.stringContaining(`error: ${path}: ${problem}\n`) as string };
    expect(await run(['apply', '-f', at, '--inventory', scratch()])).toMatchObject({ err: partial.err });
    expect(await run(['list', '-f', at])).toMatchObject(partial);
    expect(await run(['migrate', '-f', at])).toEqual(unreadable);
    expect((await run(['validate', '-f', at])).err).toContain(unreadable.err);
  });

  it('may be a socket', async () => {
    const at = folderOf();
    // The path of a socket is short, so it is made from where it is to be; a process that is killed leaves it.
    const listen = "require('net').createServer().listen('s.yaml', () => process.kill(process.pid, 'SIGKILL'))";
    spawnSync(process.execPath, ['-e', listen], { cwd: at });
    expect(await run(['import', 'kubeconfig', '-f', at, '-o', 'name'])).toEqual({
      code: 4,
      out: tokyo,
      err: `error: ${join(at, 's.yaml')}: it is a socket\n`,
    });
  });

  it('is named whatever its name is where it leads to a directory', async () => {
    const at = folderOf();
    symlinkSync(scratch(), join(at, 'folder'));
    const said = { code: 4, err: expect.stringContaining('folder: it is a link to a directory\n') as string };
    expect(await run(['import', 'kubeconfig', '-f', at, '-o', 'name'])).toMatchObject({ ...said, out: tokyo });
  });

  const others = kinds.filter(([name]) => name !== 'folder');
  it.each(others)('is passed over where it has another name: %s', async (name, _problem, make) => {
    const at = folderOf();
    make(join(at, name));
    expect(await run(['import', 'kubeconfig', '-f', at, '-o', 'name'])).toMatchObject({ code: 0, out: tokyo });
    expect(await run(['list', '-f', at, '-q'])).toMatchObject({ code: 0 });
  });

  it('may be a link to a file, as in a mounted ConfigMap', async () => {
    const at = scratch();
    mkdirSync(join(at, '..2026'));
    writeFileSync(join(at, '..2026', 'a.yaml'), config);
    symlinkSync('..2026', join(at, '..data'));
    symlinkSync(join('..data', 'a.yaml'), join(at, 'a.yaml'));
    expect(await run(['import', 'kubeconfig', '-f', at, '-o', 'name'])).toEqual({ code: 0, out: tokyo, err: '' });
  });
});

describe('a pipe that -f names', () => {
  let file: string;
  beforeAll(() => {
    file = join(folderOf(), 'a.yaml');
  });
  const shell = (line: string): string =>
    execFileSync('bash', ['-c', line], { env: environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  it('is read to its end', () => {
    const pipe = join(scratch(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const read = `${programInShell()} import kubeconfig -o name -f`;
    expect(shell(`cat '${file}' > '${pipe}' & ${read} '${pipe}'`)).toBe(tokyo);
    expect(shell(`${read} <(cat '${file}')`)).toBe(tokyo);
  });

  it('ends with --timeout where nobody writes', async () => {
    const pipe = join(scratch(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await run(['import', 'kubeconfig', '-f', pipe, '--timeout', '1s'])).toEqual({
      code: 8,
      out: '',
      err: lines('error: not done within 1s', 'hint: give it more time with --timeout'),
    });
  });
});
