import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { programInShell, programWords, startProgram } from '../support/program.ts';
import { untilIdle } from '../support/cpu.ts';
import { environment, run } from '../support/run.ts';
import { keys, startAtTerminal, startShellAtTerminal, type Terminal } from '../support/terminal.ts';
import { fixtures, scratch } from '../support/paths.ts';
import { lines } from '../support/text.ts';

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
    expect(Date.now() - before).toBeLessThan(6000);
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

  it.each(['y', 'yes'])('takes %j and Ctrl-D, without Enter, for a no', async (answer) => {
    const terminal = await asked(words());
    terminal.type(answer + keys.ctrlD);
    expect(await terminal.ended).toBe(5);
    expect(terminal.screen()).toMatch(/\[y\/N\] y(es)?\nerror: nothing was written or deleted: you said no\n/);
    expect(files()).toEqual(all);
  });

  it('takes as long as a person does: --timeout is for the rest', async () => {
    const terminal = await asked([...words(), '--timeout', '4s']);
    await sleep(6000);
    terminal.type(`yes${keys.enter}`);
    expect(await terminal.ended, terminal.screen()).toBe(0);
    expect(files()).toEqual(left);
  });

  it('takes yes for a yes', async () => {
    const terminal = await asked(words());
    terminal.type(`yes${keys.enter}`);
    expect(await terminal.ended).toBe(0);
    expect(files()).toEqual(left);
  });
});

describe('two prompts in one run', () => {
  const karmada = (name: string): object => ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, uid: name },
    spec: { apiEndpoint: `https://${name}.example.com`, syncMode: 'Push' },
  });
  const ocm = (name: string): object => ({
    apiVersion: 'cluster.open-cluster-management.io/v1',
    kind: 'ManagedCluster',
    metadata: { name },
    spec: { hubAcceptsClient: true },
  });
  const source = (...objects: object[]): string => {
    const file = join(scratch(), 'dump.yaml');
    writeFileSync(file, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    return file;
  };
  const importing = (file: string): string[] => {
    const place = ['-n', 'both', '--inventory', inventory];
    return ['import', 'auto', '-f', file, '--apply', '--prune', '--max-delete', '100%', ...place];
  };
  const left = (): string[] => readdirSync(join(inventory, 'both')).toSorted();

  beforeEach(async () => {
    const all = source(karmada('member1'), karmada('member2'), ocm('prod-eu'), ocm('prod-us'));
    await run([...importing(all), '--yes']);
  });

  it.each([
    ['one after the other', ['y\r', 'y\r'], 0, ['member1.yaml', 'prod-eu.yaml']],
    ['in one go', ['y\ry\r'], 0, ['member1.yaml', 'prod-eu.yaml']],
    ['with a no', ['y\r', 'n\r'], 5, ['member1.yaml', 'prod-eu.yaml', 'prod-us.yaml']],
    ['with Ctrl-D', ['y\r', keys.ctrlD], 5, ['member1.yaml', 'prod-eu.yaml', 'prod-us.yaml']],
    ['with Ctrl-C', ['y\r', keys.ctrlC], 130, ['member1.yaml', 'prod-eu.yaml', 'prod-us.yaml']],
  ] as const)('are both answered: %s', async (_how, answers, code, stays) => {
    const terminal = startAtTerminal(importing(source(karmada('member1'), ocm('prod-eu'))));
    for (const [index, answer] of answers.entries()) {
      await terminal.shows(new RegExp(`(?:\\? \\[y/N\\] [^]*){${index + 1}}`));
      terminal.type(answer);
    }
    expect(await terminal.ended).toBe(code);
    expect(left()).toEqual(stays);
  });

  it('leave what is behind the answer to the next program', async () => {
    const words = [...programWords(), 'delete', '--all', '-n', 'fleet', '--inventory', inventory];
    const script = `${words.map((word) => `'${word}'`).join(' ')}; read next; echo "next is $next"`;
    const terminal = startShellAtTerminal(script);
    await terminal.shows(/\? \[y\/N\] $/);
    terminal.type('n\r');
    await terminal.shows(/you said no/);
    terminal.type('more\r');
    await terminal.shows(/next is more/);
    expect(await terminal.ended).toBe(0);
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
      await untilIdle(child.pid);
      const before = Date.now();
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([code, null]);
      expect(Date.now() - before).toBeLessThan(5000);
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
  const profile = readFileSync(join(fixtures, 'kubeconfig', 'token-user-and-ca', 'clusterprofiles.yaml'), 'utf8');
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

describe('standard input that cannot be read', () => {
  it.each([['apply'], ['list'], ['validate'], ['import', 'kubeconfig'], ['import', 'auto'], ['export', 'argocd']])(
    'is an error: a directory for %s %s',
    (...words) => {
      const line = `${programInShell()} ${words.join(' ')} -f - < ${inventory}`;
      const ran = spawnSync('sh', ['-c', line], { encoding: 'utf8', env: environment() });
      expect({ code: ran.status, out: ran.stdout, err: ran.stderr }).toEqual({
        code: 3,
        out: '',
        err: 'error: cannot read standard input: is a directory\n',
      });
    },
  );

  it.each(['head -c 300000000 /dev/zero | CLUSTERPROFILE', 'CLUSTERPROFILE < /dev/zero'])(
    'has a limit, which is kept while it is read: %s',
    (line) => {
      const words = `${programInShell()} apply -f - --inventory ${inventory}`;
      const ran = spawnSync('sh', ['-c', line.replace('CLUSTERPROFILE', () => words)], {
        encoding: 'utf8',
        env: environment(),
      });
      expect({ code: ran.status, err: ran.stderr }).toEqual({
        code: 3,
        err: lines('error: standard input: larger than 64 MiB (limit of one file)', 'hint: --max-input allows more'),
      });
    },
  );
});

describe('input that is empty', () => {
  it.each([
    ['apply', 3, 'error: no objects passed to apply\n'],
    ['diff', 3, 'error: no objects passed to diff\n'],
    ['validate', 3, 'error: no objects passed to validate\n'],
    ['export argocd', 3, 'error: no objects passed to export\n'],
    ['import kubeconfig', 0, 'note: no cluster found\n'],
  ])('%s -f -', async (verb, code, said) => {
    const words = [...verb.split(' '), '-f', '-'];
    const target = ['apply', 'diff'].includes(verb) ? ['--inventory', inventory] : [];
    expect(await run([...words, ...target], { stdin: '' })).toEqual({ out: '', err: said, code });
    // A document that is empty is no object either.
    expect(await run([...words, ...target], { stdin: '---\n# nothing\n' })).toEqual({ out: '', err: said, code });
  });
});
