import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { columns, draw, record } from './picture.ts';
import { root } from '../../support/paths.ts';
import { assertXml } from '../../support/text.ts';

const file = join(root, 'docs', 'terminal.svg');

let recorded: Awaited<ReturnType<typeof record>>;
beforeAll(async () => {
  recorded = await record();
}, 60_000);

it('is what the program prints: npm run docs draws it anew', async () => {
  await expect(draw(recorded), 'docs/terminal.svg is not what the program prints: npm run docs').toMatchFileSnapshot(
    file,
  );
});

it('fits its terminal, and has nothing that steers it', () => {
  const rows = recorded.flatMap(({ command, screen }) => [`$ ${command}`, ...screen.split('\n')]);
  expect(rows.filter((row) => row.length > columns)).toEqual([]);
  // eslint-disable-next-line no-control-regex
  expect(rows.filter((row) => /[\u0000-\u001f]/.test(row))).toEqual([]);
});

it('needs nothing from elsewhere, and is well-formed', () => {
  const picture = draw(recorded);
  assertXml(picture);
  expect(picture.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
    /https?:|url\(|@import|@font-face|<script|<image|href/,
  );
  expect(picture).toMatch(/@media \(prefers-color-scheme: dark\)/);
});
