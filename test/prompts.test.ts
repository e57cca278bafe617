import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { programInShell, startProgram } from './support/program.ts';
import { environment, run } from './support/run.ts';
import { keys, startAtTerminal, type Terminal } from './support/terminal.ts';

const scratch = (): string => mkdtempSync(join(tmpdir(), 'clusterprofile-'));

const kubeconfig = (...names: string[]): string => {
  const file = join(scratch(), 'config');
  const clusters = names.map((name) => ({ name, cluster: { server: `https://${name}.example.com` } }));
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters }));
  return file;
};

let inventory: string;
const files = (): string[] => readdirSync(join(inventory, 'fleet')).toSorted();
const all = ['prod-eu.yaml', 'prod-us.yaml', 'staging.yaml'];

beforeEach(async () => {
  inventory = scratch();
  const source = kubeconfig('prod-us', 'prod-eu', 'staging');
  await run(['import', 'kubeconfig', source, '-n', 'fleet', '--apply', '--inventory', inventory]);
});

/** Each way to a prompt before something is deleted, and what its yes leaves. */
const deeds: [deed: string, words: () => string[], left: string[]][] = [
  ['delete', () => ['delete', '--all', '-n', 'fleet', '--inventory', inventory], []],
  [
    'prune',
    () => {
      const words = ['import', 'kubeconfig', kubeconfig('staging'), '-n', 'fleet', '--apply', '--prune'];
      return [...words, '--max-delete', '100%', '--inventory', inventory];
    },
    ['staging.yaml'],
  ],
];

const asked = async (words: string[]): Promise<Terminal> => {
  const terminal = startAtTerminal(words);
  await terminal.shows(/\? \[y\/N\] $/);
  return terminal;
};

describe.each(deeds)('the prompt of %s', (_deed, words, left) => {
  it('ends at once at Ctrl-C, with 130 and nothing deleted, whatever is typed behind it', async () => {
    const terminal = await asked(words());
    const before = Date.now();
    terminal.type(`${keys.ctrlC}y${keys.enter}`);
    expect(await terminal.ended).toBe(130);
    expect(Date.now() - before).toBeLessThan(2000);
    expect(terminal.screen()).toContain('\nerror: interrupted, nothing was written or deleted\n');
    expect(files()).toEqual(all);
  });

  it('takes Ctrl-D for a no, and goes on on a line of its own', async () => {
    const terminal = await asked(words());
    terminal.type(keys.ctrlD);
    expect(await terminal.ended).toBe(5);
    expect(terminal.screen()).toMatch(/\? \[y\/N\] \nerror: nothing was written or deleted: you said no\n/);
    expect(files()).toEqual(all);
  });

  it.each(['n', '', 'yesterday'])('takes %j for a no', async (answer) => {
    const terminal = await asked(words());
    terminal.type(answer + keys.enter);
    expect(await terminal.ended).toBe(5);
    expect(files()).toEqual(all);
  });

  it('takes yes for a yes', async () => {
    const terminal = await asked(words());
    terminal.type(`yes${keys.enter}`);
    expect(await terminal.ended).toBe(0);
    expect(files()).toEqual(left);
  });
});

/** Every command that may wait for somebody who writes. */
const readers: [string, ...string[]][] = [
  ['apply', '-n', 'fleet'],
  ['diff', '-n', 'fleet'],
  ['list'],
  ['validate'],
  ['import', 'kubeconfig'],
  ['import', 'auto'],
  ['export', 'argocd'],
];

const silentPipe = (): string => {
  const path = join(scratch(), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
};

describe.each(readers.map((words) => ({ title: words.join(' '), words })))(
  '$title waits for its input',
  ({ words }) => {
    const place = (): string[] => (['apply', 'diff'].includes(words[0]) ? ['--inventory', inventory] : []);

    it.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('until %s', async (signal, code) => {
      const child = startProgram([...words, ...place(), '-f', '-'], { env: environment(), stdio: 'pipe' });
      await sleep(600);
      const before = Date.now();
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([code, null]);
      expect(Date.now() - before).toBeLessThan(1500);
    });

    it.each(['-', 'a pipe that nobody writes to'])('until --timeout: %s', async (input) => {
      const file = input === '-' ? '-' : silentPipe();
      const argv = [...words, ...place(), '-f', file, '--timeout', '300ms'];
      const child = startProgram(argv, { env: environment(), stdio: 'pipe' });
      let err = '';
      child.stderr!.on('data', (part: Buffer) => (err += part.toString()));
      expect(await once(child, 'close')).toEqual([8, null]);
      expect(err).toBe('error: not done within 300ms\nhint: give it more time with --timeout\n');
    });

    it('until Ctrl-C at a terminal', async () => {
      const terminal = startAtTerminal([...words, ...place(), '-f', '-']);
      await sleep(600);
      terminal.type(keys.ctrlC);
      expect(await terminal.ended).toBe(130);
    });
  },
);

describe('a pipe for a file', () => {
  const profile = readFileSync(
    join(import.meta.dirname, '..', 'fixtures', 'kubeconfig', 'token-user-and-ca', 'clusterprofiles.yaml'),
    'utf8',
  );
  const inBash = (line: string): string =>
    execFileSync('bash', ['-c', line], { encoding: 'utf8', env: { ...environment(), PROFILE: profile }, input: '' });

  it.each([
    ['that a shell hands over', (words: string) => `${words} <(printf %s "$PROFILE")`],
    ['that a shell hands over late', (words: string) => `${words} <(sleep 0.5; printf %s "$PROFILE")`],
    ['by the name of standard input', (words: string) => `printf %s "$PROFILE" | ${words} /dev/stdin`],
    [
      'with a name',
      (words: string) => `mkfifo ${inventory}/p; (printf %s "$PROFILE" > ${inventory}/p) & ${words} ${inventory}/p`,
    ],
  ])('%s is read to its end', (_title, line) => {
    expect(inBash(line(`${programInShell()} list -o name -f`))).toBe('clusterprofile.multicluster.x-k8s.io/prod-us\n');
  });

  it('that nobody wrote to is empty', () => {
    expect(inBash(`${programInShell()} list --timeout 5s -o name -f <(true)`)).toBe('');
  });
});

describe('input that is empty', () => {
  it.each([
    ['apply', 3, 'error: no objects passed to apply\n'],
    ['diff', 3, 'error: no objects passed to diff\n'],
    ['validate', 3, 'error: no objects passed to validate\n'],
    ['import kubeconfig', 0, 'note: no cluster found\n'],
  ])('%s -f -', async (verb, code, said) => {
    const words = [...verb.split(' '), '-f', '-'];
    const target = code === 3 && verb !== 'validate' ? ['--inventory', inventory] : [];
    expect(await run([...words, ...target], { stdin: '' })).toEqual({ out: '', err: said, code });
    // A document that is empty is no object either.
    expect(await run([...words, ...target], { stdin: '---\n# nothing\n' })).toEqual({ out: '', err: said, code });
  });
});
