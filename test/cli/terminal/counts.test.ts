import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { oslo, profile, yamlOf } from '../../support/profiles.ts';
import { runBuilt } from '../../support/run.ts';
import { startAtTerminal } from '../../support/terminal.ts';

it('a terminal shows what was done as a file does: a line an object, and a line of counts', async () => {
  const folder = scratch();
  writeFileSync(join(folder, 'fleet.yaml'), yamlOf([profile(), oslo()]));
  const words = (at: string): string[] => ['apply', '-f', join(folder, 'fleet.yaml'), '--inventory', join(folder, at)];
  for (const at of ['one', 'two']) mkdirSync(join(folder, at));
  const terminal = startAtTerminal(words('one'));
  expect(await terminal.ended).toBe(0);
  const { out, err } = await runBuilt(words('two'));
  expect(err).toBe('2 created, 0 configured, 0 unchanged, 0 deleted\n');
  expect(terminal.screen().replaceAll(/\r?\u001b\[K|\r/g, '')).toBe(out + err);
});
