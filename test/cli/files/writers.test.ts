import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toYamlStream } from '../../../src/documents/yaml-out.ts';
import { parseDocuments } from '../../../src/documents/yaml-in.ts';
import { scratch } from '../../support/paths.ts';
import { program, programWords, startProgram } from '../../support/program.ts';
import { environment, runBuilt, type Ran } from '../../support/run.ts';
import { lines } from '../../support/text.ts';
import { vaulted, vaultFlags, writeScratch } from '../../support/written.ts';

type Read = { metadata: { name: string }; status: { version: { kubernetes: string } } };

const named = (names: readonly string[], version: string): object[] =>
  names.map((name) => vaulted(name, { status: { version: { kubernetes: version } } }));
const listNames = (count: number, prefix = 'c'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(4, '0')}`);

/** Every file below a folder, hidden ones too. */
const listAll = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
/** What a writer leaves only while it runs. */
const listTraces = (folder: string): string[] => listAll(folder).filter((file) => /\.lock|\.tmp$|-stale$/.test(file));

/** Names and versions of all profiles of a folder. */
const readVersions = (folder: string): Map<string, string> =>
  new Map(
    listAll(folder)
      .filter((file) => file.endsWith('.yaml'))
      .flatMap((file) => parseDocuments(readFileSync(join(folder, file), 'utf8'), file) as Read[])
      .map(({ metadata, status }) => [metadata.name, status.version.kubernetes]),
  );

/** The program as process 1 of a process space of its own, as in a container. */
const isolated = ['unshare', '--pid', '--fork', '--mount-proc'];
const canIsolate = spawnSync(isolated[0]!, [...isolated.slice(1), 'true']).status === 0;

function runIsolated(argv: readonly string[]): Promise<Ran> {
  const [file = '', ...words] = [...isolated, ...programWords(), ...argv];
  const child = spawn(file, words, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const ran = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (ran.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (ran.err += text.toString()));
  return new Promise((done) => child.on('close', (code) => done({ ...ran, code: code ?? -1 })));
}

/** A folder with profiles in one file, and a link to it. */
function oneFile(names: readonly string[]): { folder: string; link: string } {
  const at = scratch();
  const [folder, link] = [join(at, 'fleet'), join(at, 'link')];
  mkdirSync(folder);
  symlinkSync('fleet', link);
  writeFileSync(join(folder, 'all.yaml'), `# the fleet\n${toYamlStream(named(names, 'v1.30.0'))}`);
  return { folder, link };
}

const apply = (names: readonly string[], version = 'v1.35.0', prefix = 'profiles'): string[] => [
  'apply',
  '-f',
  writeScratch(`${prefix}.json`, named(names, version)),
  '-q',
];

const runs = 6;
const names = listNames(60);
const shareOf = (index: number): string[] => names.filter((_, at) => at % runs === index);
const all = new Map(names.map((name) => [name, 'v1.35.0']));

describe('several runs at once', () => {
  it('lose nothing in one file, by whatever path they know it', async () => {
    const { folder, link } = oneFile(names);
    const ended = await Promise.all(
      Array.from({ length: runs }, (_, index) =>
        runBuilt([...apply(shareOf(index)), '--inventory', index % 2 === 0 ? folder : link]),
      ),
    );
    expect(ended.map(({ code, err }) => ({ code, err }))).toEqual(ended.map(() => ({ code: 0, err: '' })));
    expect(readVersions(folder)).toEqual(all);
    expect(readFileSync(join(folder, 'all.yaml'), 'utf8')).toMatch(/^# the fleet\n/);
    expect(listTraces(folder)).toEqual([]);
  });

  it('lose nothing where one of them migrates the files', async () => {
    const { folder, link } = oneFile(names);
    const migrate = ['migrate', '-f', folder, '-f', link];
    const ended = await Promise.all([
      ...[1, 2, 3].map((index) => runBuilt([...apply(shareOf(index)), '--inventory', folder])),
      runBuilt(migrate),
      ...[4, 5, 0].map((index) => runBuilt([...apply(shareOf(index)), '--inventory', folder])),
    ]);
    expect(ended.map(({ code, err }) => ({ code, err }))).toEqual(ended.map(() => ({ code: 0, err: '' })));
    expect(readVersions(folder)).toEqual(all);
    expect(await runBuilt(migrate)).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'all.yaml'), 'utf8')).not.toContain('v1alpha1\n');
    expect(listTraces(folder)).toEqual([]);
  });

  it.skipIf(!canIsolate)('lose nothing where each of them is process 1', async () => {
    const { folder } = oneFile(names.slice(0, 30));
    const ended = await Promise.all(
      Array.from({ length: runs }, (_, index) => runIsolated([...apply(shareOf(index)), '--inventory', folder])),
    );
    expect(ended.map(({ code, err }) => ({ code, err }))).toEqual(ended.map(() => ({ code: 0, err: '' })));
    expect(readVersions(folder)).toEqual(all);
    expect(listTraces(folder)).toEqual([]);
  });

  it('make one file of one object, and end with one of what they write', async () => {
    const at = scratch();
    const ended = await Promise.all(
      [1, 2, 3, 4].map((index) => runBuilt([...apply(names, `v1.3${index}.0`), '--inventory', at])),
    );
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect([...readVersions(at).keys()]).toEqual(names);
    expect(listTraces(at)).toEqual([]);
  });

  it('merge into one kubeconfig, through a link too', async () => {
    const at = scratch();
    const [file, link] = [join(at, 'real', 'config'), join(at, 'config')];
    mkdirSync(join(at, 'real'));
    writeFileSync(file, '# mine\napiVersion: v1\nkind: Config\n');
    symlinkSync('real/config', link);
    const merge = (index: number): Promise<Ran> => {
      const source = writeScratch('profiles.json', named(shareOf(index), 'v1.35.0'));
      const target = index % 2 === 0 ? file : link;
      return runBuilt(['export', 'kubeconfig', '-f', source, ...vaultFlags(), '--merge', target, '-q']);
    };
    const ended = await Promise.all(Array.from({ length: runs }, (_, index) => merge(index)));
    expect(ended.map(({ code, err }) => ({ code, err }))).toEqual(ended.map(() => ({ code: 0, err: '' })));
    const [config] = parseDocuments(readFileSync(file, 'utf8'), file) as { clusters: { name: string }[] }[];
    expect(config!.clusters).toHaveLength(names.length);
    expect(listAll(at)).toEqual(['config', 'config.bak', 'real/config', 'real/config.bak']);
  });

  it('export into one directory, under one name and under several', async () => {
    const at = scratch();
    const folder = join(at, 'out');
    const exportTo = (index: number, ...more: string[]): Promise<Ran> => {
      const source = writeScratch('profiles.json', named(shareOf(index), 'v1.35.0'));
      return runBuilt(['export', 'argocd', '-f', source, ...vaultFlags(), '--output-dir', folder, '-q', ...more]);
    };
    const ended = await Promise.all(
      Array.from({ length: runs }, (_, index) =>
        exportTo(index, ...(index < 3 ? [] : ['--instance', `team-${index}`])),
      ),
    );
    expect(ended.map(({ code, err }) => ({ code, err }))).toEqual(ended.map(() => ({ code: 0, err: '' })));
    const lists = listAll(folder).filter((file) => file.startsWith('.clusterprofile-'));
    const listed = lists.flatMap((list) => readFileSync(join(folder, list), 'utf8').trim().split('\n'));
    expect(lists).toHaveLength(4);
    expect(listed.toSorted()).toEqual(listAll(folder).filter((file) => !lists.includes(file)));
    expect(listTraces(folder)).toEqual([]);
  });
});

/** Waits until something is so, or fails the test. */
async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 5) {
    if (waited > 20_000) throw new Error('it did not come to that');
    await sleep(5);
  }
}

const ending = (child: ChildProcess): Promise<unknown> => new Promise((done) => child.once('close', done));

describe('a run that was killed', () => {
  it.each([
    ['here', []],
    ['as process 1', canIsolate ? isolated : []],
  ])('leaves no lock that stops the next one, and no temporary file: %s', async (_title, before) => {
    const at = scratch();
    const many = listNames(400);
    const line = [...before, ...programWords(), ...apply(many), '--inventory', at];
    const child = spawn(line[0]!, line.slice(1), { env: environment(), stdio: 'ignore', detached: true });
    await until(() => existsSync(join(at, 'shop', 'c0020.yaml')));
    process.kill(-child.pid!, 'SIGKILL');
    await ending(child);
    expect(listTraces(at)).toContain('.clusterprofile.lock');
    // As a run of another container has left it, whose process is not seen from here.
    writeFileSync(join(at, 'shop', `.clusterprofile.00000000.1.${'0'.repeat(12)}.tmp`), 'half');
    utimesSync(join(at, 'shop', `.clusterprofile.00000000.1.${'0'.repeat(12)}.tmp`), 0, 0);
    const again = await runBuilt([...apply(many).filter((word) => word !== '-q'), '--inventory', at]);
    expect(again).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^note: took over \S+\.lock, which process \d+ on \S+ has left\n/) as string,
    });
    expect([...readVersions(at).keys()]).toEqual(many);
    expect(listTraces(at)).toEqual([]);
  });

  it('of kubectl leaves a lock beside a kubeconfig that is taken over and named', async () => {
    const at = scratch();
    const file = join(at, 'config');
    writeFileSync(`${file}.lock`, '');
    const source = writeScratch('profiles.json', named(['tokyo'], 'v1.35.0'));
    const ran = await runBuilt(['export', 'kubeconfig', '-f', source, ...vaultFlags(), '--merge', file]);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain(`note: took over ${file}.lock, which another program has left\n`);
    expect(listAll(at)).toEqual(['config']);
  });
});

describe('a run that is interrupted', () => {
  it('leaves whole files, and says of each whether it is done', async () => {
    const at = scratch();
    const many = listNames(2000);
    const child = startProgram([...apply(many), '--inventory', at], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ran = { out: '', err: '' };
    child.stdout!.on('data', (text: Buffer) => (ran.out += text.toString()));
    child.stderr!.on('data', (text: Buffer) => (ran.err += text.toString()));
    const ended = ending(child);
    await until(() => existsSync(join(at, 'shop', 'c0020.yaml')));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const done = [...readVersions(at).keys()];
    expect(done.length).toBeLessThan(many.length);
    expect(ran.out).toBe(done.map((name) => `clusterprofile.multicluster.x-k8s.io/${name} created\n`).join(''));
    expect(ran.err).toMatch(/^not done: shop\/c\d+, .*a second run does the rest\nerror: interrupted\n$/);
    expect(listTraces(at)).toEqual([]);
  });
});

describe('a lock that somebody holds', () => {
  /** A lock that shows that its holder lives. */
  function holdLock(): { folder: string; lock: string; line: string[] } {
    const folder = scratch();
    const lock = join(folder, '.clusterprofile.lock');
    writeFileSync(lock, JSON.stringify({ pid: 7, host: 'runner-2', boot: '', space: '', started: '', token: 't' }));
    const timer = setInterval(() => utimesSync(lock, new Date(), new Date()), 500);
    onTestFinished(() => clearInterval(timer));
    return { folder, lock, line: [...apply(['tokyo']), '--inventory', folder] };
  }
  const held = (lock: string): string => `${lock} is held by process 7 on runner-2, which is writing there`;

  it('is waited for no longer than some seconds', async () => {
    const { folder, lock, line } = holdLock();
    expect(await runBuilt(line)).toEqual({
      code: 5,
      out: '',
      err: lines(`error: ${held(lock)}`, `hint: try again when it has ended; if nothing is running, remove ${lock}`),
    });
    expect(listAll(folder)).toEqual(['.clusterprofile.lock']);
  });

  it('is waited for no longer than --timeout', async () => {
    const { lock, line } = holdLock();
    expect(await runBuilt([...line, '--timeout', '1s'])).toEqual({
      code: 8,
      out: '',
      err: lines(`error: not done within 1s: ${held(lock)}`, 'hint: give it more time with --timeout'),
    });
  });

  it('is waited for until SIGINT', async () => {
    const { line } = holdLock();
    const child = startProgram(line, { env: environment(), stdio: 'ignore' });
    const ended = ending(child);
    await sleep(1500);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  });

  it('is neither made nor waited for where nothing is written', async () => {
    const { folder, line } = holdLock();
    for (const word of ['--dry-run=client', '--dry-run=server'])
      expect(await runBuilt([...line, word])).toMatchObject({ code: 0 });
    expect(await runBuilt(['list', '--inventory', folder])).toMatchObject({ code: 0 });
  });
});

it.skipIf(program === 'binary')('leave no lock on a disk that has room for its name only', async () => {
  const at = scratch();
  const preload = join(at, 'full.cjs');
  writeFileSync(
    preload,
    `require('node:fs').writeSync = () => { throw Object.assign(new Error('full'), { code: 'ENOSPC' }); };`,
  );
  const source = writeScratch('profiles.json', named(['a'], 'v1.35.0'));
  const words = ['export', 'kubeconfig', '-f', source, ...vaultFlags(), '--merge', join(at, 'config'), '-q'];
  const { code, err } = await runBuilt(words, { env: { NODE_OPTIONS: `--require=${preload}` } });
  expect({ code, traces: listTraces(at) }, err).toEqual({ code: 3, traces: [] });
});
