import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { oslo, profile, yamlOf, type Tree } from '../../support/profiles.ts';
import { startAtTerminal } from '../../support/terminal.ts';

/** Clusters of which much is to be said: long names, without health, version or a way to them. */
function place(): string {
  const folder = scratch();
  mkdirSync(join(folder, 'fleet'));
  const unknown = (name: string): Tree => oslo({ metadata: { name, uid: name, labels: {} }, status: undefined });
  const names = Array.from({ length: 30 }, (_each, index) => `prod-europe-west4-of-the-shop-${index}`);
  writeFileSync(join(folder, 'fleet', 'all.yaml'), yamlOf([profile(), ...names.map(unknown)]));
  return join(folder, 'fleet');
}

const screenOf = async (columns: number, words: readonly string[]): Promise<string[]> => {
  const terminal = startAtTerminal(words, { columns, env: { NO_COLOR: '1' } });
  await terminal.ended;
  return terminal.screen().split('\n');
};

describe.each([80, 200])('at a terminal of %s columns', (columns) => {
  it.each([
    ['summary', ['summary']],
    ['tree', ['tree']],
    ['list', ['list']],
    ['explain of a check', ['explain', 'DR011']],
    ['explain of a rule', ['explain', 'CP013']],
  ])('%s has no line that is longer', async (_title, words) => {
    const lines = await screenOf(columns, words[0] === 'explain' ? words : [...words, '-f', place()]);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  });

  it('describe ends no line of a table with blanks', async () => {
    const words = [
      'describe',
      'tokyo',
      '-f',
      place(),
      '--for',
      'argocd',
      '--argocd-builtin',
      '--allow-host',
      'tokyo.example.com',
    ];
    const lines = await screenOf(columns, words);
    expect(lines.join('\n')).toMatch(/^ {2}argocd +yes$/m);
  });
});
