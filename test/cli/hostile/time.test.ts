import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  kubeconfigOf,
  listOfProfiles,
  profileNamed,
  startFakeHub,
  startSilentServer,
  type HostileServer,
} from './servers.ts';
import { scratch } from '../../support/paths.ts';
import { program, startProgram } from '../../support/program.ts';
import { environment, runBuilt, type Ran } from '../../support/run.ts';
import { lines } from '../../support/text.ts';
import { vaulted, writeScratch } from '../../support/written.ts';

async function open(server: Promise<HostileServer>): Promise<HostileServer> {
  onTestFinished((await server).close);
  return server;
}

/** Runs a command line, sends it SIGINT after some time, and says how long it took. */
async function timed(
  argv: string[],
  interruptAfter?: number,
): Promise<{ code: number | null; err: string; ms: number }> {
  const before = Date.now();
  const child = startProgram(argv, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  child.stdout?.resume();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  if (interruptAfter !== undefined) void sleep(interruptAfter).then(() => child.kill('SIGINT'));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, err, ms: Date.now() - before };
}

const hub = 'https://127.0.0.1:1';
/** What a busy machine may take over the limit of a second. */
const soon = 9000;
/** When it has surely started. */
const started = 4000;

describe('a proxy that accepts and stays silent', () => {
  it.each([
    ['--request-timeout', ['--request-timeout', '1s'], undefined, 8],
    ['--timeout', ['--timeout', '1s'], undefined, 8],
    ['SIGINT', [], started, 130],
  ])('ends by %s', async (_by, flags, interruptAfter, code) => {
    const { port } = await open(startSilentServer());
    const kubeconfigs = ['http', 'https', 'socks5'].map((scheme) =>
      kubeconfigOf(hub, {}, { 'proxy-url': `${scheme}://127.0.0.1:${port}` }),
    );
    const verbs = [['list'], ['delete', 'x', '--yes']];
    const all = kubeconfigs.flatMap((kubeconfig) =>
      verbs.map((verb) => timed([...verb, '--kubeconfig', kubeconfig, ...flags], interruptAfter)),
    );
    for (const ran of await Promise.all(all)) {
      expect(ran, ran.err).toMatchObject({ code });
      expect(ran.ms).toBeLessThan(soon);
    }
  });
});

it('ends a proxy that makes a tunnel to nowhere', async () => {
  const { port } = await open(startSilentServer((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')));
  const kubeconfig = kubeconfigOf(hub, {}, { 'proxy-url': `http://127.0.0.1:${port}` });
  expect(await timed(['list', '--kubeconfig', kubeconfig, '--request-timeout', '1s'])).toMatchObject({ code: 8 });
});

/** A kubeconfig whose credential plugin is a script, and the file in which it says its process id. */
function pluginOf(script: string, url = hub): { kubeconfig: string; folder: string } {
  const folder = scratch();
  const command = join(folder, 'plugin.sh');
  writeFileSync(command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' };
  return { kubeconfig: kubeconfigOf(url, { exec }), folder };
}

const answer = `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"LEAKCANARY"}}'`;

/** The processes that were started from a folder. */
const processesOf = (folder: string): string =>
  execFileSync('/bin/sh', ['-c', 'ps -eo args | grep -F "$FOLDER" | grep -v grep || true'], {
    env: { ...process.env, FOLDER: folder },
    encoding: 'utf8',
  });

describe('a credential plugin', () => {
  it('is done when it has ended, whoever else has its standard output open', async () => {
    const failing = pluginOf('sleep 30 &\nexit 3');
    const ran = await timed(['list', '--kubeconfig', failing.kubeconfig]);
    expect(ran).toMatchObject({ code: 6, err: 'error: credential plugin plugin.sh failed (exit 3)\n' });
    expect(ran.ms).toBeLessThan(soon);
    const silent = await open(startSilentServer());
    const answering = pluginOf(`sleep 30 &\n${answer}`, `https://127.0.0.1:${silent.port}`);
    const after = await timed(['list', '--kubeconfig', answering.kubeconfig, '--request-timeout', '1s']);
    expect(after).toMatchObject({ code: 8 });
    expect(after.ms).toBeLessThan(soon);
  });

  it.each([
    ['--timeout', ['--timeout', '1s'], undefined, 8],
    ['--request-timeout', ['--request-timeout', '1s'], undefined, 8],
    ['SIGINT', [], started, 130],
  ])('that ignores SIGTERM ends by %s, with all that it has started', async (_by, flags, interruptAfter, code) => {
    const { kubeconfig, folder } = pluginOf(
      `trap '' TERM INT HUP\n/bin/sh -c "while :; do sleep 0.1; done # $0" &\nwhile :; do sleep 0.1; done`,
    );
    const ran = await timed(['list', '--kubeconfig', kubeconfig, ...flags], interruptAfter);
    expect(ran, ran.err).toMatchObject({ code });
    expect(ran.ms).toBeLessThan(soon);
    // A process that is killed is there until the system has taken it away.
    await expect.poll(() => processesOf(folder)).toBe('');
  });

  it('that floods its output is ended, and named with the limit', async () => {
    const { kubeconfig, folder } = pluginOf(`trap '' TERM PIPE\ncat /dev/zero\nwhile :; do sleep 0.1; done`);
    expect(await timed(['list', '--kubeconfig', kubeconfig])).toMatchObject({
      code: 6,
      err: 'error: credential plugin plugin.sh printed more than 1 MiB (limit)\n',
    });
    await expect.poll(() => processesOf(folder)).toBe('');
  });
});

/** Lists a hub that answers as it is told to, and counts the requests for profiles. */
async function listFrom(
  respond: Parameters<typeof startFakeHub>[0],
  ...flags: string[]
): Promise<Ran & { requests: number; ms: number }> {
  let requests = 0;
  const { url } = await open(
    startFakeHub((request, response) => {
      requests++;
      respond(request, response);
    }),
  );
  const before = Date.now();
  const ran = await runBuilt(['list', '--kubeconfig', kubeconfigOf(url), ...flags]);
  return { ...ran, requests, ms: Date.now() - before };
}

const throttled = { kind: 'Status', apiVersion: 'v1', message: 'slow down', code: 429 };

describe('throttling', () => {
  it('to the end is exit 8, after pauses, whatever Retry-After says', async () => {
    const headers = [undefined, '0', '-5', '', 'Wed, 21 Oct 2015 07:28:00 GMT'];
    const answers = headers.map((header): Record<string, string> =>
      header === undefined ? {} : { 'retry-after': header },
    );
    const all = answers.map((each) => listFrom((_request, response) => response.json(throttled, 429, each)));
    for (const ran of await Promise.all(all)) {
      expect(ran).toMatchObject({ code: 8, err: 'error: cannot list clusterprofiles: slow down\n', requests: 7 });
      // Half of 100 + 200 + … + 3200 ms at least.
      expect(ran.ms).toBeGreaterThan(3000);
    }
  });

  it('ends with --timeout while a long pause is asked for', async () => {
    const respond: Parameters<typeof startFakeHub>[0] = (_request, response) =>
      response.json({ ...throttled, code: 503 }, 503, { 'retry-after': '3600' });
    expect(await listFrom(respond, '--timeout', '1s')).toMatchObject({ code: 8, requests: 1 });
  });
});

it.each(['--request-timeout', '--timeout'])('%s may be longer than a timer can wait', async (flag) => {
  const ran = await listFrom(
    (_request, response) => setTimeout(() => response.json(listOfProfiles([profileNamed('a')])), 200),
    flag,
    '720h',
    '-o',
    'name',
  );
  expect(ran).toMatchObject({ code: 0, out: 'clusterprofile.multicluster.x-k8s.io/a\n', err: '' });
});

it('ends at once when the same page comes again', async () => {
  const { url } = await open(
    startFakeHub((_request, response) => response.json(listOfProfiles([profileNamed('a')], 'again'))),
  );
  expect(await runBuilt(['list', '-o', 'name', '--kubeconfig', kubeconfigOf(url)])).toEqual({
    code: 7,
    out: 'clusterprofile.multicluster.x-k8s.io/a\n',
    err: `error: cannot list clusterprofiles: ${new URL(url).host} answers the same page again\n`,
  });
});

it.skipIf(program === 'binary')('says that everything was done where SIGINT came with the last write', async () => {
  const at = scratch();
  const preload = join(at, 'interrupt.cjs');
  // The signal is heard with the file that a write puts in its place.
  writeFileSync(
    preload,
    `const fs = require('node:fs');
     const { renameSync } = fs;
     fs.renameSync = (...names) => { renameSync(...names); process.emit('SIGINT'); };`,
  );
  const inventory = join(at, 'fleet');
  const words = ['apply', '-f', writeScratch('a.json', [vaulted('a')]), '--inventory', inventory, '-q'];
  expect(await runBuilt(words, { env: { NODE_OPTIONS: `--require=${preload}` } })).toEqual({
    code: 130,
    out: 'clusterprofile.multicluster.x-k8s.io/a created\n',
    err: 'error: interrupted, when everything was done\n',
  });
  expect(await runBuilt(words)).toMatchObject({ code: 0, err: '' });
});

describe('a reader of standard output that takes nothing', () => {
  /** Lists more than a pipe holds into one that nobody reads. */
  async function listUnread(flags: string[], interruptAfter?: number): Promise<{ code: number | null; err: string }> {
    const many = Array.from({ length: 3000 }, (_, index) => profileNamed(`a-profile-with-a-long-name-${index}`));
    const { url } = await open(startFakeHub((_request, response) => response.json(listOfProfiles(many))));
    const child = startProgram(['list', '-o', 'json', '--kubeconfig', kubeconfigOf(url), ...flags], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stdout?.pause();
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
    if (interruptAfter !== undefined) void sleep(interruptAfter).then(() => child.kill('SIGINT'));
    const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
    child.stdout?.destroy();
    return { code, err };
  }

  it('ends by --timeout', async () => {
    expect(await listUnread(['--timeout', '5s'])).toEqual({
      code: 8,
      err: lines('error: not done within 5s', 'hint: give it more time with --timeout'),
    });
  });

  it('ends by SIGINT', async () => {
    expect(await listUnread([], started)).toEqual({ code: 130, err: 'error: interrupted\n' });
  });

  it('may be as slow as it likes, and gets everything', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => profileNamed(`a-profile-with-a-long-name-${index}`));
    const { url } = await open(startFakeHub((_request, response) => response.json(listOfProfiles(many))));
    const child = startProgram(['list', '-o', 'json', '--kubeconfig', kubeconfigOf(url)], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout?.pause();
    child.stderr?.resume();
    await sleep(1500);
    child.stdout
      ?.setEncoding('utf8')
      .on('data', (text: string) => (out += text))
      .resume();
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    const { items } = JSON.parse(out) as { items: unknown[] };
    expect({ code, items: items.length }).toEqual({ code: 0, items: 3000 });
  });
});

it.skipIf(process.platform === 'win32')('ends at once where it only reads, however long it reads', async () => {
  const text = writeScratch(
    'fleet.json',
    Array.from({ length: 20_000 }, (_, index) => profileNamed(`c${index}`)),
  );
  for (const words of [
    ['validate', '-f', text],
    ['summary', '-f', text],
  ])
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const child = startProgram(words, { env: environment(), stdio: 'ignore' });
      void sleep(300).then(() => child.kill(signal));
      const ended = await new Promise((resolve) => child.on('exit', (code, by) => resolve({ code, by })));
      expect(ended).toEqual({ code: null, by: signal });
    }
});
