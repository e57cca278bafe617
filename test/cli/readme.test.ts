import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exit } from '../../src/errors.ts';
import { run } from '../support/run.ts';
import { root } from '../support/paths.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('is read in a few minutes', () => {
  expect(readme.split('\n').length).toBeLessThan(150);
});

it('has the systems that there are, as the tool prints them', async () => {
  const { out } = await run(['explain', '-o', 'markdown']);
  // npm run build && node bin/clusterprofile.js explain -o markdown
  expect(readme.includes(out), out).toBe(true);
});

it('has the exit codes that there are', () => {
  const named = [...readme.matchAll(/(?:^\| | \| )(\d+(?:, \d+)?) \|/gm)].flatMap(([, codes = '']) =>
    codes.split(', ').map(Number),
  );
  expect(named.toSorted((a, b) => a - b)).toEqual(Object.values(exit).toSorted((a, b) => a - b));
});
