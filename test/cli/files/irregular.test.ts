import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { programInShell } from '../../support/program.ts';
import { environment, run, runBuilt } from '../../support/run.ts';
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

describe('a directory that may not be read', () => {
  const user = { isUnprivileged: true };
  const profile = JSON.stringify({
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: { name: 'tokyo', namespace: 'fleet', labels: { 'x-k8s.io/cluster-manager': 'me' } },
    spec: { displayName: 'tokyo', clusterManager: { name: 'me' } },
  });

  /** A folder that everybody may write into, with one in it that nobody may read. */
  function closedOf(text: string): { at: string; closed: string } {
    const at = scratch();
    const closed = join(at, 'closed');
    mkdirSync(closed);
    writeFileSync(join(at, 'a.yaml'), text);
    cpSync(join(at, 'a.yaml'), join(closed, 'b.yaml'));
    // The folder of all tests is its owner's only, and the program is run as somebody else where that is root.
    chmodSync(dirname(at), 0o711);
    chmodSync(at, 0o777);
    chmodSync(closed, 0o000);
    onTestFinished(() => chmodSync(closed, 0o700));
    return { at, closed };
  }

  it('is named inside of another one, which is read in part', async () => {
    const config1 = closedOf(config);
    const said = (closed: string): string => `error: ${closed}: permission denied\n`;
    const imported = await runBuilt(['import', 'kubeconfig', '-R', '-f', config1.at, '-o', 'name'], user);
    expect(imported).toEqual({ code: 4, out: tokyo, err: said(config1.closed) });
    const { at, closed } = closedOf(profile);
    const left = `note: left out, -R reads them: ${closed}\n`;
    expect(await runBuilt(['list', '-o', 'name', '-f', at], user)).toEqual({ code: 0, out: tokyo, err: left });
    for (const words of [
      ['list', '-o', 'name'],
      ['apply', '--inventory', join(at, 'out'), '-o', 'name'],
    ])
      expect(await runBuilt([...words, '-R', '-f', at], user), words[0]).toMatchObject({
        code: 4,
        out: tokyo,
        err: expect.stringContaining(said(closed)) as string,
      });
    const refused = {
      code: 3,
      err: expect.stringContaining(`error: cannot read ${closed}: permission denied\n`) as string,
    };
    for (const words of [
      ['validate', '-R', '-f'],
      ['list', '--inventory'],
      ['doctor', '--inventory'],
      ['migrate', '-f'],
    ])
      expect(await runBuilt([...words, at], user), words[0]).toMatchObject(refused);
  });

  it('is an error where it is named, read or written below', async () => {
    const { at, closed } = closedOf(profile);
    const below = join(closed, 'a', 'x');
    const file = join(at, 'a.yaml');
    const kubeconfig = join(at, 'config');
    writeFileSync(kubeconfig, config);
    const known = join(at, 'known');
    const providers = join(at, 'providers.json');
    const execConfig = { apiVersion: 'client.authentication.k8s.io/v1', command: '/p/login', interactiveMode: 'Never' };
    writeFileSync(providers, JSON.stringify({ providers: [{ name: 'kubeconfig', execConfig }] }));
    await run(['import', 'kubeconfig', '-f', kubeconfig, '--apply', '--inventory', known, '-n', 'fleet']);
    const reads = [
      'list -f',
      'summary -f',
      'tree -f',
      'validate -f',
      'import auto -f',
      'list --inventory',
      'doctor --inventory',
    ];
    for (const words of reads) {
      const ran = await runBuilt([...words.split(' '), closed], user);
      expect(ran, words).toEqual({ code: 3, out: '', err: `error: cannot read ${closed}: permission denied\n` });
    }
    for (const words of [
      ['apply', '-f', file, '--inventory', below],
      ['list', '--inventory', below],
      ['import', 'kubeconfig', '-f', kubeconfig, '--output-dir', below],
      ['export', 'kubeconfig', '--inventory', known, '--provider-file', providers, '--merge', below],
      ['docs', '--man', below],
      ['report', '-f', file, below],
    ]) {
      const { code, out, err } = await runBuilt(words, user);
      expect({ code, out }, err).toEqual({ code: 3, out: '' });
      expect(err, words[0]).toMatch(/^(?:note: .*\n)*error: cannot (?:read|write) \S*closed\S*: permission denied\n$/);
    }
  });

  it('may be the working directory, and the one with defaults', async () => {
    const { at, closed } = closedOf(profile);
    const options = { ...user, cwd: closed, env: { XDG_CONFIG_HOME: closed } };
    const ran = await runBuilt(['list', '-o', 'name', '-f', join(at, 'a.yaml')], options);
    expect(ran).toEqual({ code: 0, out: tokyo, err: '' });
  });

  it('is none where a file is to be written to a directory', async () => {
    const { at } = closedOf(profile);
    const folder = join(at, 'folder');
    mkdirSync(folder);
    const err = `error: cannot write ${folder}: is a directory\n`;
    expect(await run(['report', '-f', join(at, 'a.yaml'), folder])).toEqual({ code: 3, out: '', err });
  });
});

describe('what -f names and is no object', () => {
  const verbs: Record<string, string[]> = {
    list: [],
    summary: [],
    tree: [],
    report: [],
    describe: ['a'],
    wait: ['--all', '--for', 'condition=Joined'],
    diff: ['--inventory', scratch()],
    apply: ['--inventory', scratch()],
    export: ['argocd'],
    import: ['kubeconfig'],
  };

  it.each(Object.entries(verbs))('is an error for %s, and among other files of a directory too', async (verb, more) => {
    const text = join(folderOf(), 'text.txt');
    writeFileSync(text, 'hello world\n');
    const ran = (file: string): ReturnType<typeof run> => run([verb, ...more, '-f', file]);
    expect(await ran(text)).toEqual({ code: 3, out: '', err: `error: ${text}: no YAML object\n` });
    const stdin = 'starting\n{"apiVersion":"v1","kind":"ConfigMap"}\n';
    const err = 'error: standard input: no YAML object\n';
    expect(await run([verb, ...more, '-f', '-'], { stdin })).toEqual({ code: 3, out: '', err });
    const cut = join(folderOf(), 'cut.yaml');
    writeFileSync(cut, 'apiVersi');
    expect((await ran(dirname(cut))).err).toContain(`error: ${cut}: no YAML object\n`);
  });

  it('may be an empty name', async () => {
    const err = 'error: cannot read a file without a name: the name that is given is empty\n';
    for (const verb of ['list', 'validate', 'summary'])
      expect(await run([verb, '-f', '']), verb).toEqual({ code: 3, out: '', err });
  });
});
