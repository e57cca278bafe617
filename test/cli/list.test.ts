import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratch } from '../support/paths.ts';
import { oslo, profile, property, yamlOf } from '../support/profiles.ts';
import { run } from '../support/run.ts';
import { lines } from '../support/text.ts';

const file = (): string => {
  const path = join(scratch(), 'fleet.yaml');
  const region = [property('topology.kubernetes.io/region', 'eu-north')];
  writeFileSync(path, yamlOf([profile(), oslo({ status: { properties: region, version: { kubernetes: 'v1.9.1' } } })]));
  return path;
};

const headers = (text: string): string[] => (text.split('\n')[0] ?? '').split(/ {2,}/);

it('has columns for labels and properties that are asked for', async () => {
  const words = ['list', '-f', file(), '--sort-by', 'version', '--no-headers'];
  const columns = ['-L', 'x-k8s.io/cluster-manager,tier', '--property-columns', 'topology.kubernetes.io/region'];
  const { out } = await run([...words, ...columns]);
  expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(-3).join(' '))).toEqual([
    'eu-north shop-fleet <none>',
    '<none> shop-fleet <none>',
    '',
  ]);
  expect(headers((await run(['list', '-f', file(), ...columns])).out).slice(-3)).toEqual([
    'REGION',
    'CLUSTER-MANAGER',
    'TIER',
  ]);
});

it('fits a terminal: what says nothing goes first, then what says least, and -o wide has it all', async () => {
  const seen = async (columns: string, ...more: string[]): Promise<string> =>
    headers((await run(['list', '-f', file(), ...more], { terminal: true, env: { COLUMNS: columns } })).out).join(' ');
  const all = 'NAMESPACE NAME MANAGER CLUSTERSET HEALTHY JOINED VERSION LOCATION AGE';
  // Files have no age.
  const fitting = 'NAMESPACE NAME MANAGER CLUSTERSET HEALTHY JOINED VERSION LOCATION';
  expect(await seen('200')).toBe(fitting);
  expect(await seen('83')).toBe(fitting);
  expect(await seen('82')).toBe('NAMESPACE NAME MANAGER CLUSTERSET HEALTHY VERSION LOCATION');
  expect(await seen('40')).toBe('NAMESPACE NAME HEALTHY VERSION');
  // What tells more may be too wide where something else is not.
  expect(await seen('36')).toBe('NAMESPACE NAME HEALTHY JOINED');
  expect(await seen('30')).toBe('NAMESPACE NAME HEALTHY');
  expect(await seen('30', '-L', 'tier')).toBe('NAMESPACE NAME HEALTHY TIER');
  expect(await seen('30', '-o', 'wide')).toBe(`${all} ENDPOINT PROVIDER MEMBER-ID`);
  const piped = await run(['list', '-f', file()], { env: { COLUMNS: '30' } });
  expect(headers(piped.out).join(' ')).toBe(all);
});

it.each(['go-template={{.metadata.name}}', 'go-template-file=fleet.tmpl', 'template={{.}}'])(
  'has no %s',
  async (format) => {
    const { err, code } = await run(['list', '-f', file(), '-o', format]);
    expect(code).toBe(2);
    expect(err).toBe(
      lines(
        `error: -o ${format.split('=')[0]} is not supported`,
        "hint: kubectl's -o jsonpath=… and -o custom-columns=… are",
      ),
    );
  },
);

it.each([
  ['label', 'NAME KEY=VALUE'],
  ['annotate', 'NAME KEY=VALUE'],
  ['edit', 'NAME'],
])('leaves %s to kubectl', async (verb, words) => {
  expect(await run([verb, 'tokyo', 'tier=prod'])).toEqual({
    out: '',
    err: `error: ${verb} is left to kubectl\nhint: kubectl ${verb} clusterprofiles.multicluster.x-k8s.io ${words}\n`,
    code: 2,
  });
});

it('sorts by a path that is there', async () => {
  expect(await run(['list', '-f', file(), '--sort-by', '.spec.nothing'])).toEqual({
    out: '',
    err: 'error: couldn\'t find any field with path "{.spec.nothing}" in the list of objects\n',
    code: 3,
  });
  expect((await run(['list', '-f', file(), '--sort-by', '{.spec'])).code).toBe(2);
});
