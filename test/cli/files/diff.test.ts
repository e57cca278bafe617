import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAuthority } from '../../support/certificates.ts';
import { scratch } from '../../support/paths.ts';
import { base64, ca, oslo, profile, property, provider, yamlOf } from '../../support/profiles.ts';
import { program } from '../../support/program.ts';
import { run, type Ran } from '../../support/run.ts';
import { startAtTerminal } from '../../support/terminal.ts';

const renewed = base64(
  createAuthority('shop-ca', {
    notBefore: new Date('2025-01-01T00:00:00Z'),
    notAfter: new Date('2047-01-01T00:00:00Z'),
  }).cert,
);

async function diff(...words: string[]): Promise<Ran> {
  const folder = scratch();
  const kept = join(folder, 'kept');
  mkdirSync(kept);
  writeFileSync(join(kept, 'tokyo.yaml'), yamlOf(profile()));
  const wanted = join(folder, 'wanted.yaml');
  const note = property('note.clusterprofile.dev', 'long '.repeat(100).trim());
  const status = { accessProviders: [provider('google', { 'certificate-authority-data': renewed })] };
  writeFileSync(wanted, yamlOf([profile({ status: { ...status, properties: [note] } }), oslo()]));
  return run(['diff', '-f', wanted, '--inventory', kept, ...words]);
}

it('folds certificates and long values, and counts on standard error', async () => {
  const { out, err, code } = await diff();
  expect({ err, code }).toEqual({ err: '1 to create, 1 to change\n', code: 1 });
  expect(
    out.match(/^[-+].*certificate-authority-data: .*$/gm)?.map((line) => line.replace(/[0-9a-f]{12}/, '…')),
  ).toEqual([
    '+      certificate-authority-data: "<certificate until 2049-01-01, sha256 …>"',
    '-      certificate-authority-data: "<certificate until 2049-01-01, sha256 …>"',
    '+      certificate-authority-data: "<certificate until 2047-01-01, sha256 …>"',
  ]);
  expect(out).toMatch(/^\+ {4}value: "<499 characters, sha256 [0-9a-f]{12}>"$/m);
  expect(out.split('\n').filter((line) => !/^(---|\+\+\+|@@|[-+ ]|$)/.test(line))).toEqual([]);
});

it('has them whole with --full and for programs, and nothing to count with --quiet', async () => {
  const { out, err } = await diff('--full', '--quiet');
  expect(err).toBe('');
  for (const whole of [ca, renewed, 'long long']) expect(out).toContain(whole);
  const json = await diff('-o', 'json');
  expect(json.err).toBe('');
  expect(json.out).toContain(renewed);
});

it.skipIf(program === 'source')('has its colours at a terminal, and nothing else that steers it', async () => {
  const folder = scratch();
  const wanted = join(folder, 'wanted.yaml');
  writeFileSync(wanted, yamlOf(profile({ spec: { displayName: 'To\u001b[31mkyo' } })));
  const terminal = startAtTerminal(['diff', '-f', wanted, '--inventory', join(folder, 'fleet')], {
    env: { TERM: 'xterm' },
  });
  expect(await terminal.ended).toBe(1);
  const screen = terminal.screen();
  expect(screen).toContain('\u001b[1m+++ new/shop/tokyo\u001b[22m\n\u001b[36m@@ -0,0 +1,');
  expect(screen).toContain('\u001b[32m+kind: ClusterProfile\u001b[39m\n');
  expect(screen).not.toContain('\\u{1b}[3');
});
