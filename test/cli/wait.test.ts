import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { condition, oslo, profile, yamlOf } from '../support/profiles.ts';
import { listenTo, startProgram, type Working } from '../support/program.ts';
import { environment, run } from '../support/run.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clusterprofile-wait-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const met = (name: string): string => `clusterprofile.multicluster.x-k8s.io/${name} condition met\n`;
const unwell = oslo({
  status: { conditions: [condition('ControlPlaneHealthy', { status: 'False', reason: 'Down' })] },
});

it('waits for the files of a directory', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'tokyo.yaml'), yamlOf(profile()));
  writeFileSync(join(folder, 'oslo.yaml'), yamlOf(unwell));
  const wait = (...words: string[]): Working =>
    listenTo(startProgram(['wait', '--inventory', folder, '--timeout', '20s', ...words], { env: environment() }));
  const healthy = wait('--clusterset', 'retail', '--for', 'condition=ControlPlaneHealthy');
  const gone = wait('tokyo', '--for', 'create', '--for', 'delete');
  for (const each of [healthy, gone]) await each.shows(/tokyo condition met\n/);
  writeFileSync(join(folder, 'part'), yamlOf(oslo()));
  renameSync(join(folder, 'part'), join(folder, 'oslo.yaml'));
  expect(await healthy.ended).toBe(0);
  expect(healthy.out()).toBe(met('tokyo') + met('oslo'));
  rmSync(join(folder, 'tokyo.yaml'));
  expect(await gone.ended).toBe(0);
  expect(gone.out()).toBe(met('tokyo') + met('tokyo'));
});

it('checks files once', async () => {
  const file = join(makeFolder(), 'fleet.yaml');
  writeFileSync(file, yamlOf([profile(), unwell]));
  expect(await run(['wait', '-f', file, 'tokyo', '--for', 'condition=Joined'])).toEqual({
    out: met('tokyo'),
    err: '',
    code: 0,
  });
  expect(await run(['wait', '-f', file, '--for', 'condition=ControlPlaneHealthy'])).toEqual({
    out: met('tokyo'),
    err:
      'not yet: shop/oslo: condition=ControlPlaneHealthy: ControlPlaneHealthy is False (Down)\n' +
      'error: checked once for condition=ControlPlaneHealthy: not met by 1\n',
    code: 8,
  });
});

it.each([
  [['oslo'], 'say what for with --for', '\nhint: clusterprofile wait NAME --for condition=ControlPlaneHealthy'],
  [['--for', 'delete'], 'say which: names, a filter such as -l or --clusterset, or --all', ''],
  [['oslo', '-l', 'tier', '--for', 'delete'], 'names and filters exclude each other', ''],
  [
    ['oslo', '--for', 'ready'],
    'unrecognized condition: "ready"',
    "\nhint: --for takes condition=TYPE[=STATUS], create, delete or jsonpath='{…}'[=VALUE]",
  ],
  [
    ['oslo', '--for', 'delete', '--timeout', 'long'],
    '--timeout takes a duration such as 30s, 5m or 1h, not "long"',
    '',
  ],
])('refuses %j', async (words, message, hint) => {
  expect(await run(['wait', ...words])).toEqual({ out: '', err: `error: ${message}${hint}\n`, code: 2 });
});
