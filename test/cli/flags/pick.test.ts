import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { condition, oslo, profile, type Tree } from '../../support/profiles.ts';
import { run } from '../../support/run.ts';
import { keys, startAtTerminal } from '../../support/terminal.ts';

const escape = '\u001b';
const [down, question] = [`${escape}[B`, /Which ClusterProfile\?[^]*❯/];
const twins: Tree[] = [profile(), oslo(), profile({ metadata: { namespace: 'depot' } })];

function place(objects: readonly unknown[]): string {
  const folder = scratch();
  writeFileSync(join(folder, 'fleet.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  return folder;
}

function kubeconfig(): string {
  const file = join(scratch(), 'config');
  const named = (name: string): object => ({ name, cluster: { server: `https://${name}.example.com` } });
  writeFileSync(
    file,
    JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: ['tokyo', 'oslo'].map(named), contexts: [] }),
  );
  return file;
}

const providers = (): string => {
  const file = join(scratch(), 'providers.json');
  const execConfig = { apiVersion: 'client.authentication.k8s.io/v1', command: 'plugin', interactiveMode: 'Never' };
  writeFileSync(file, JSON.stringify({ providers: [{ name: 'google', execConfig }] }));
  return file;
};

/** What is printed behind the prompt. */
async function pick(words: readonly string[], ...typed: string[]): Promise<{ code: number; said: string }> {
  const terminal = startAtTerminal(words);
  await terminal.shows(question);
  for (const [index, each] of typed.entries()) {
    const before = terminal.screen().length;
    terminal.type(each);
    // The library has drawn again when it has taken a key.
    if (index < typed.length - 1) await terminal.shows(/↑↓/, before);
  }
  const code = await terminal.ended;
  return { code, said: terminal.screen().split('\u001b[?25h').at(-1) ?? '' };
}

describe('without a name, at a terminal', () => {
  it.each<[title: string, words: () => string[]]>([
    ['a directory', () => ['--inventory', place(twins)]],
    ['files', () => ['-f', place(twins)]],
  ])('describe offers the profiles of %s', async (_title, words) => {
    expect(await pick(['describe', ...words()], keys.enter)).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^chosen: depot\/tokyo\nName: +tokyo\nNamespace: +depot\n/) as string,
    });
    const second = await pick(['describe', ...words()], down, down, keys.enter);
    expect(second.said).toMatch(/^chosen: shop\/tokyo\nName: +tokyo\nNamespace: +shop\n/);
    // One of a name that two namespaces have.
    expect(second.said.match(/^Name: /gm)).toHaveLength(1);
  });

  it('describe offers those of a system', async () => {
    const picked = await pick(
      ['describe', '--from', 'kubeconfig'].concat('--kubeconfig', kubeconfig()),
      'OS',
      keys.enter,
    );
    expect(picked.said).toMatch(/^chosen: oslo\n/);
  });

  it('access offers them, and what it runs has the terminal for itself', async () => {
    const script = 'read line; echo "$line from $KUBECONFIG"';
    const words = ['access', '--inventory', place(twins), '--provider-file', providers(), '--', 'sh', '-c', script];
    const terminal = startAtTerminal(words);
    await terminal.shows(question);
    terminal.type('shop/ TOK');
    await terminal.shows(/❯ shop\/tokyo/);
    terminal.type(keys.enter);
    await terminal.shows(/chosen: shop\/tokyo/);
    terminal.type(`hello${keys.enter}`);
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).toMatch(/hello from \/.*\n$/);
  });

  it.each([
    ['Ctrl-C', keys.ctrlC],
    ['Ctrl-D', keys.ctrlD],
    ['Esc', escape],
  ])('%s ends it with 130, and nothing is run', async (_key, key) => {
    const words = ['access', '--inventory', place(twins), '--provider-file', providers(), '--', 'echo', 'ran'];
    const { code, said } = await pick(words, key);
    expect(code).toBe(130);
    expect(said.trim()).toBe('error: interrupted, nothing was chosen');
  });

  it('takes as long as a person does', async () => {
    const words = ['describe', '--inventory', place(twins), '--timeout', '2s'];
    const terminal = startAtTerminal(words);
    await terminal.shows(question);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    terminal.type(keys.enter);
    expect(await terminal.ended).toBe(0);
  });

  it('says that there is none', async () => {
    const folder = place([]);
    const terminal = startAtTerminal(['describe', '--inventory', folder]);
    expect(await terminal.ended).toBe(9);
    expect(terminal.screen()).toBe(
      `error: there is no ClusterProfile to choose (in inventory ${relative('', folder)})\nhint: clusterprofile list -A shows all there are\n`,
    );
  });
});

describe('ten thousand profiles', () => {
  let folder: string | undefined;
  const many = (): string =>
    (folder ??= place(
      Array.from({ length: 10_000 }, (_, index) => oslo({ metadata: { name: `prod-${10_000 + index}` } })),
    ));

  it('are offered at once, and an Enter in one piece with a name is about that name', async () => {
    const terminal = startAtTerminal(['describe', '--inventory', many()]);
    await terminal.shows(question);
    const before = performance.now();
    terminal.type('19998');
    await terminal.shows(/❯ shop\/prod-19998/);
    expect(performance.now() - before).toBeLessThan(2000);
    terminal.type(keys.enter);
    expect(await terminal.ended).toBe(0);
    expect((await pick(['describe', '--inventory', many()], `17777${keys.enter}`)).said).toMatch(
      /^chosen: shop\/prod-17777\n/,
    );
  });

  it('are not all drawn: the last line says how many more there are', async () => {
    const terminal = startAtTerminal(['describe', '--inventory', many()]);
    await terminal.shows(question);
    // The library goes no further up from the first line.
    for (let index = 0; index < 200; index++) terminal.type(down);
    await terminal.shows(/9,800 others: type a part of a name/);
    terminal.type(keys.ctrlC);
    expect(await terminal.ended).toBe(130);
  });

  it('of which none is meant end with 9', async () => {
    const { code, said } = await pick(['describe', '--inventory', many()], `no such${keys.enter}`);
    expect({ code, said }).toEqual({ code: 9, said: 'error: no ClusterProfile has what was typed\n' });
  });
});

describe('names of somebody else', () => {
  it('steer no terminal and show no credential', async () => {
    const hostile = 'x\u001b]0;owned\u0007\u009b2Jy\u202e';
    const token = `ghp_${'LEAKCANARY'.padEnd(36, 'x')}`;
    const objects = [profile({ metadata: { name: hostile } }), profile({ spec: { clusterManager: { name: token } } })];
    const terminal = startAtTerminal(['describe', '-f', place(objects)]);
    await terminal.shows(question);
    terminal.type(keys.enter);
    await terminal.ended;
    const screen = terminal.screen();
    expect(screen).toContain(String.raw`x\u{1b}]0;owned\u{7}\u{9b}2Jy\u{202e}`);
    for (const part of [']0;owned\u0007', '\u009b', '\u202e', '\u001b]']) expect(screen).not.toContain(part);
    expect(screen.split('chosen:')[0]).not.toContain('LEAKCANARY');
  });

  it('that are broken stand among the others', async () => {
    const broken = { ...profile({ metadata: { name: 'broken' } }), spec: { clusterManager: { name: 7 } } };
    const { said } = await pick(
      ['describe', '-f', place([broken, profile({ status: { conditions: [condition('Joined')] } })])],
      'tokyo',
      keys.enter,
    );
    expect(said).toMatch(/^chosen: shop\/tokyo\n/);
  });
});

describe('without a name and without a terminal', () => {
  const missing = { out: '', err: "error: missing required argument 'name'\n", code: 2 };
  it.each([
    ['describe', () => []],
    ['access', () => ['--provider-file', providers()]],
  ] as const)('%s is an error', async (verb, words) => {
    expect(await run([verb, '--inventory', place(twins), ...words()])).toEqual(missing);
  });

  it('a terminal that cannot be typed at is none', async () => {
    expect(await run(['describe', '--inventory', place(twins)], { terminal: true })).toEqual(missing);
  });
});
