import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { oslo, profile, yamlOf, type Tree } from '../../support/profiles.ts';
import { listenTo, startProgram, type Working } from '../../support/program.ts';
import { environment, run } from '../../support/run.ts';
import { startAtTerminal, keys } from '../../support/terminal.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clusterprofile-watch-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function watchFolder(folder: string, ...more: string[]): Working {
  const words = ['list', '--inventory', folder, '--watch', '--output-watch-events', ...more];
  const child = startProgram(words, { env: environment() });
  onTestFinished(() => void child.kill('SIGKILL'));
  return listenTo(child);
}

const jsonpath = ['-o', 'jsonpath={.type} {.object.metadata.name} {.object.status.version.kubernetes}{"\\n"}'];
const ofVersion = (kubernetes: string): Tree => ({ status: { version: { kubernetes } } });

/** As an editor or a repository does it: the file is never there in part. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}

it('tells what becomes of the files of a directory', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'tokyo.yaml'), yamlOf(profile()));
  const watch = watchFolder(folder, ...jsonpath);
  await watch.shows(/ADDED tokyo v1\.34\.2\n/);
  replace(join(folder, 'tokyo.yaml'), yamlOf(profile(ofVersion('v1.35.0'))));
  await watch.shows(/MODIFIED tokyo v1\.35\.0\n/);
  writeFileSync(join(folder, 'oslo.yaml'), yamlOf(oslo()));
  await watch.shows(/ADDED oslo/);
  // A directory that comes with files, one in it that comes later, and files that come later still.
  mkdirSync(join(folder, 'eu', 'north'), { recursive: true });
  renameSync(join(folder, 'oslo.yaml'), join(folder, 'eu', 'north', 'oslo.yaml'));
  await sleep(300);
  replace(join(folder, 'eu', 'north', 'oslo.yaml'), yamlOf(oslo(ofVersion('v1.36.0'))));
  await watch.shows(/MODIFIED oslo v1\.36\.0\n/);
  rmSync(join(folder, 'eu'), { recursive: true });
  await watch.shows(/DELETED oslo v1\.36\.0\n/);
  mkdirSync(join(folder, 'eu'));
  writeFileSync(join(folder, 'eu', 'oslo.yaml'), yamlOf(oslo()));
  await watch.shows(/DELETED oslo v1\.36\.0\nADDED oslo/);
  rmSync(join(folder, 'tokyo.yaml'));
  await watch.shows(/DELETED tokyo v1\.35\.0\n$/);
  expect(watch.out().split('\n').length - 1).toBe(7);
  const { code, ms } = await watch.interrupt();
  expect({ code, err: watch.err() }).toEqual({ code: 130, err: '' });
  expect(ms).toBeLessThan(500);
});

/** What is there after all events: the versions of profiles, by name. */
function replay(text: string): Record<string, string> {
  const there = new Map<string, string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [type = '', name = '', version = ''] = line.split(' ');
    expect(type === 'ADDED', line).toBe(!there.has(name));
    if (type === 'DELETED') there.delete(name);
    else there.set(name, version);
  }
  return Object.fromEntries(there);
}

it("misses nothing where files and directories come, go and take each other's place", async () => {
  const folder = makeFolder();
  const watch = watchFolder(folder, ...jsonpath);
  const truth = new Map<string, { folder: string; version: string }>();
  let seed = 7;
  const choose = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
  const write = (name: string, place: string, version: string): void => {
    mkdirSync(join(folder, place), { recursive: true });
    const named = profile({ metadata: { name }, ...ofVersion(version) });
    replace(join(folder, place, `${name}.yaml`), yamlOf(named));
    truth.set(name, { folder: place, version });
  };
  for (let step = 0; step < 300; step++) {
    const [name, place] = [`cluster-${choose(12)}`, ['eu', 'us/east', 'us/west'][choose(3)]!];
    const there = truth.get(name);
    const action = choose(10);
    if (!there || action < 5) write(name, there?.folder ?? place, `v1.${choose(40)}.0`);
    else if (action < 7) {
      mkdirSync(join(folder, place), { recursive: true });
      renameSync(join(folder, there.folder, `${name}.yaml`), join(folder, place, `${name}.yaml`));
      there.folder = place;
    } else if (action < 9) {
      rmSync(join(folder, there.folder, `${name}.yaml`));
      truth.delete(name);
    } else {
      // The directory goes, and one of the same name comes at once.
      rmSync(join(folder, there.folder), { recursive: true });
      for (const [other, { folder: at }] of truth) if (at === there.folder) truth.delete(other);
      write(name, there.folder, 'v1.50.0');
    }
    if (choose(4) === 0) await sleep(choose(120));
  }
  const wanted = Object.fromEntries([...truth].map(([name, { version }]) => [name, version]));
  const isWhole = (out: string): boolean => isDeepStrictEqual(replay(out), wanted);
  for (let left = 2000; left > 0 && !isWhole(watch.out()); left--) await sleep(10);
  expect(replay(watch.out())).toEqual(wanted);
  expect(watch.err()).toBe('');
});

it('keeps what a file had that cannot be read for a while, and says so', async () => {
  const folder = makeFolder();
  const file = join(folder, 'tokyo.yaml');
  writeFileSync(file, yamlOf(profile()));
  writeFileSync(join(folder, 'oslo.yaml'), yamlOf(oslo()));
  const watch = watchFolder(folder, ...jsonpath);
  await watch.shows(/ADDED oslo.*\nADDED tokyo/);
  for (const [text, fault] of [
    ['kind: [', /tokyo\.yaml/],
    ['', /tokyo\.yaml: it is empty/],
  ] as const) {
    writeFileSync(file, text);
    for (let left = 300; left > 0 && !fault.test(watch.err()); left--) await sleep(10);
    expect(watch.err()).toMatch(fault);
  }
  renameSync(folder, `${folder}-away`);
  for (let left = 300; left > 0 && !/no such directory/.test(watch.err()); left--) await sleep(10);
  expect(watch.err()).toMatch(/cannot read .*: no such directory\n$/);
  renameSync(`${folder}-away`, folder);
  await sleep(1500);
  replace(file, yamlOf(profile(ofVersion('v1.35.0'))));
  await watch.shows(/MODIFIED tokyo v1\.35\.0\n/);
  expect(watch.out()).not.toContain('DELETED');
});

it('shows what fits the filters: what stops to fit is gone', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'tokyo.yaml'), yamlOf(profile()));
  writeFileSync(join(folder, 'oslo.yaml'), yamlOf(oslo(ofVersion('v1.30.0'))));
  const watch = watchFolder(folder, '--version', '<1.35', '--clusterset', 'retail', '-o', 'table');
  await watch.shows(/ADDED .*tokyo/);
  replace(join(folder, 'tokyo.yaml'), yamlOf(profile(ofVersion('v1.35.0'))));
  await watch.shows(/DELETED/);
  replace(join(folder, 'tokyo.yaml'), yamlOf(profile(ofVersion('v1.31.0'))));
  await watch.shows(/ADDED .*v1\.31\.0/);
  const columns = watch.out().split('\n').slice(0, -1);
  expect(columns.map((line) => line.split(/ {2,}/).slice(0, 3).join(' '))).toEqual([
    'EVENT NAMESPACE NAME',
    'ADDED shop oslo',
    'ADDED shop tokyo',
    'DELETED shop tokyo',
    'ADDED shop tokyo',
  ]);
});

it('is ended by Ctrl-C at a terminal, with nothing said, and by --timeout', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'tokyo.yaml'), yamlOf(profile()));
  const terminal = startAtTerminal(['list', '--inventory', folder, '-w', '-o', 'name']);
  await terminal.shows(/tokyo\n/);
  const before = performance.now();
  terminal.type(keys.ctrlC);
  expect(await terminal.ended).toBe(130);
  expect(performance.now() - before).toBeLessThan(500);
  expect(terminal.screen()).toBe('clusterprofile.multicluster.x-k8s.io/tokyo\n^C\n');
  expect(await run(['list', '--inventory', folder, '-w', '-o', 'name', '--timeout', '500ms'])).toEqual({
    out: 'clusterprofile.multicluster.x-k8s.io/tokyo\n',
    err: 'error: not done within 500ms\nhint: give it more time with --timeout\n',
    code: 8,
  });
});

it.each([
  [['-f', 'fleet.yaml', '-w'], 'the files of -f cannot be watched\nhint: --inventory DIR watches a directory of files'],
  [['--from', 'kubeconfig', '-w'], 'a system cannot be watched: --from reads it once'],
  [['--placement', 'web', '--watch-only'], 'a placement cannot be watched: --placement looks it up once'],
  [['--output-watch-events'], '--output-watch-events goes with --watch or --watch-only'],
])('refuses %j', async (words, message) => {
  expect(await run(['list', ...words])).toEqual({ out: '', err: `error: ${message}\n`, code: 2 });
});
