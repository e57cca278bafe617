import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import { lines } from '../../support/text.ts';

const name = 'kubectl_complete-clusterprofile';
const byKubectl =
  'note: kubectl completes its plugins where its own completion is loaded, by kubectl completion --help';

it('completion install writes a program for kubectl, and says what is left to do', async () => {
  const home = scratch();
  const bin = join(home, '.local', 'bin');
  const env = { HOME: home, PATH: '/nowhere' };
  const left = lines(
    `note: ${bin} is not on PATH, where kubectl looks for it`,
    'note: there is no kubectl-clusterprofile on PATH: link it to clusterprofile',
    byKubectl,
  );
  expect(await run(['completion', 'install'], { env })).toEqual({
    code: 0,
    out: lines(`${bin}/${name} created`),
    err: left,
  });
  expect(await run(['completion', 'install'], { env })).toEqual({
    code: 0,
    out: lines(`${bin}/${name} unchanged`),
    err: left,
  });
  const written = readFileSync(join(bin, name), 'utf8');
  expect(written).toMatch(/^#!\/bin\/sh\n[^]*\nexec kubectl-clusterprofile __complete -- "\$@"\n$/);
  expect(statSync(join(bin, name)).mode & 0o777).toBe(0o755);
  writeFileSync(join(bin, name), written.replace('exec', '# An older one.\nexec'), { mode: 0o644 });
  writeFileSync(join(bin, 'kubectl-clusterprofile'), '');
  expect(await run(['completion', 'install'], { env: { ...env, PATH: bin } })).toEqual({
    code: 0,
    out: lines(`${bin}/${name} configured`),
    err: lines(byKubectl),
  });
  expect(readFileSync(join(bin, name), 'utf8')).toBe(written);
});

it('goes beside the plugin, or where --dir says', async () => {
  const [bin, other] = [scratch(), scratch()];
  writeFileSync(join(bin, 'kubectl-clusterprofile'), '');
  const env = { PATH: `/nowhere:${bin}` };
  expect((await run(['completion', 'install'], { env })).out).toBe(lines(`${bin}/${name} created`));
  expect((await run(['completion', 'install', '--dir', other], { env })).out).toBe(lines(`${other}/${name} created`));
  expect(await run(['completion', 'install'], { env: { HOME: undefined, PATH: '' } })).toEqual({
    code: 2,
    out: '',
    err: lines(
      'error: which directory? There is no home directory',
      'hint: clusterprofile completion install --dir DIR',
    ),
  });
});

it.each(['a file', 'a link', 'a folder'])('never overwrites %s of somebody else', async (kind) => {
  const bin = scratch();
  const path = join(bin, name);
  if (kind === 'a file') writeFileSync(path, '#!/bin/sh\n# Mine.\n');
  else if (kind === 'a link') symlinkSync(join(bin, 'elsewhere'), path);
  else mkdirSync(path);
  expect(await run(['completion', 'install', '--dir', bin], { env: { PATH: bin } })).toEqual({
    code: 5,
    out: '',
    err: lines(`error: ${path} is not written by this command`, 'hint: clusterprofile completion install --dir DIR'),
  });
  expect(existsSync(join(bin, 'elsewhere'))).toBe(false);
});
