import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { noReason, oslo, yamlOf } from '../../support/profiles.ts';
import { run } from '../../support/run.ts';

const paint = (code: number, text: string): string => `\u001b[${code}m${text}\u001b[39m`;
const [red, yellow, cyan] = [31, 33, 36] as const;
const colour = /\u001b\[\d+m/g;
const place = (name = 'fleet.yaml'): string => {
  const folder = scratch();
  writeFileSync(
    join(folder, name),
    yamlOf([noReason, oslo({ metadata: { labels: { 'x-k8s.io/cluster-manager': undefined } } })]),
  );
  return folder;
};

const commands: [title: string, words: (folder: string) => string[], painted: RegExp][] = [
  [
    'validate',
    (folder) => ['validate', '-f', folder],
    new RegExp(`fleet\\.yaml:\\d+:\\d+: ${escape(paint(red, 'error'))} CP\\d+: `),
  ],
  ['doctor', (folder) => ['doctor', '--inventory', folder], new RegExp(`^${escape(paint(cyan, 'note'))} +DR0`, 'm')],
];

function escape(text: string): string {
  return text.replaceAll(/[[\]\\]/g, String.raw`\$&`);
}

describe.each(commands)('the colours of %s', (_title, words, painted) => {
  it('are there for a person, and change no other character', async () => {
    const argv = words(place());
    const [shown, plain] = [await run(argv, { terminal: true }), await run(argv)];
    expect(shown.out).toMatch(painted);
    expect(plain.out).not.toMatch(colour);
    expect(shown.out.replaceAll(colour, '')).toBe(plain.out);
  });

  it.each<[env: Record<string, string>, terminal: boolean, isPainted: boolean]>([
    [{ NO_COLOR: '1' }, true, false],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false, false],
  ])('follow %j, terminal: %s', async (env, terminal, isPainted) => {
    const { out } = await run(words(place()), { env, terminal });
    expect(painted.test(out)).toBe(isPainted);
    expect(colour.test(out)).toBe(isPainted);
    colour.lastIndex = 0;
  });

  it('are in no other format', async () => {
    const { out } = await run([...words(place()), '-o', 'json'], { terminal: true, env: { FORCE_COLOR: '1' } });
    expect(out).not.toMatch(colour);
  });
});

it('tells warnings from errors', async () => {
  const { out } = await run(['validate', '-f', place()], { terminal: true });
  expect(out).toContain(`: ${paint(yellow, 'warning')} CP`);
});

it('colours nothing that is written by somebody else', async () => {
  const folder = place(`${paint(red, 'x')}: error CP071: y.yaml`);
  for (const terminal of [true, false]) {
    const { out } = await run(['validate', '-f', folder], { terminal, env: { FORCE_COLOR: '1' } });
    expect(out).toContain(String.raw`\u{1b}[31mx\u{1b}[39m: error CP071: y.yaml`);
  }
});
