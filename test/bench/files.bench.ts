import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, expect, it } from 'vitest';
import { getClusterProfileSchema } from '../../src/profile/crd.ts';
import { createAuthority } from '../support/certificates.ts';
import { profileOf } from './data.ts';
import { compare } from './measure.ts';
import { add, both, command, printTable, ratios } from './table.ts';

afterAll(printTable);

const folder = mkdtempSync(join(tmpdir(), 'bench-files-'));

/** `go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0`; its path may be said. */
const kubeconform = process.env['KUBECONFORM'] ?? 'kubeconform';

function hasKubeconform(): boolean {
  try {
    execFileSync(kubeconform, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const ca = Buffer.from(createAuthority('bench').cert).toString('base64');

/** Profiles with nothing to warn of, or each with this as its version. */
function fleetOf(count: number, version = 'v1.33.2'): string {
  const texts = Array.from({ length: count }, (_, index) => {
    const { status, ...profile } = profileOf(index, 'fleet') as { status: object };
    const providers = [
      { name: 'x', cluster: { server: `https://${index}.example.com`, 'certificate-authority-data': ca } },
    ];
    const clean = { ...status, version: { kubernetes: version }, properties: [], accessProviders: providers };
    return stringify({ ...profile, status: clean }, { lineWidth: 0 });
  });
  const file = join(folder, `fleet-${count}-${version}.yaml`);
  // What stringify quotes is a text; unquoted it is a number.
  writeFileSync(file, texts.join('---\n').replaceAll('kubernetes: "1.33"', 'kubernetes: 1.33'));
  return file;
}

/** A directory with a file a profile, as `apply --inventory` writes it. */
function directoryOf(count: number): string {
  const directory = join(folder, `fleet-${count}`);
  mkdirSync(join(directory, 'fleet'), { recursive: true });
  for (let index = 0; index < count; index++)
    writeFileSync(
      join(directory, 'fleet', `prod-${index}.yaml`),
      stringify(profileOf(index, 'fleet'), { lineWidth: 0 }),
    );
  return directory;
}

it.skipIf(!hasKubeconform())('validate of 10,000', async () => {
  const schema = join(folder, 'clusterprofile-v1alpha1.json');
  writeFileSync(schema, JSON.stringify(getClusterProfileSchema()));
  for (const [what, file, codes] of [
    ['10,000 profiles', fleetOf(10_000), [0]],
    ['10,000 profiles, each with an error', fleetOf(10_000, '1.33'), [1]],
  ] as const) {
    const theirs = [kubeconform, '-n', '2', '-summary', '-schema-location', schema, file];
    const more = { codes: [...codes] };
    const [other, ...mine] = await compare(
      [command('kubeconform', theirs, more), ...both(['validate', '-f', file], more)],
      5,
      true,
    );
    add('validate', `${what} against kubeconform 0.7 -n 2`, 0.6, ratios(mine, other));
    add('validate', 'the same, CPU', 0.6, ratios(mine, other, 'cpu'));
    const [npm, binary] = mine;
    add('validate', 'the same, peak memory', 300, { npm: npm!.rss, binary: binary!.rss }, ' MiB');
  }
});

it('directories of 1,000 to 50,000', async () => {
  const costs = new Map<string, number>();
  for (const count of [1000, 5000, 10_000, 50_000]) {
    const directory = directoryOf(count);
    for (const words of [
      ['list', '-A', '--inventory', directory],
      ['diff', '-R', '-f', directory, '--inventory', directory],
    ]) {
      const [npm, binary] = await compare(both(words), count > 10_000 ? 1 : 3, true);
      const [verb = ''] = words;
      const each = { npm: npm!.cpu / count, binary: binary!.cpu / count };
      const title = `${verb} of a directory of ${count.toLocaleString('en')}`;
      if (count === 10_000) costs.set(verb, each.npm);
      add('growth', `${title}, CPU a profile`, {}, each, ' ms');
      if (count === 50_000) {
        add('growth', 'the same, against 10,000', { npm: 1.3 }, { npm: each.npm / costs.get(verb)! });
        add('growth', 'the same, peak memory', 350, { npm: npm!.rss, binary: binary!.rss }, ' MiB');
      }
    }
  }
  expect(costs.size).toBe(2);
});
