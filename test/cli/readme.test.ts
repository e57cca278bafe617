import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exit } from '../../src/errors.ts';
import { run } from '../support/run.ts';
import { root } from '../support/paths.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The commands of a console block, each with the output below it. */
const transcripts = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block
    .split(/^\$ /m)
    .filter(Boolean)
    .map((part) => {
      const [command = '', ...output] = part.split('\n');
      return { command, output: output.join('\n') };
    }),
);

it.each(transcripts)('$command', async ({ command, output }) => {
  const [program, ...words] = command.split(' ');
  expect(program).toBe('clusterprofile');
  process.chdir(root);
  const { out, err } = await run(words);
  expect(`${out}${err}`).toBe(output);
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
