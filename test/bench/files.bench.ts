import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { getClusterProfileSchema } from '../../src/profile/crd.ts';
import { createAuthority } from '../support/certificates.ts';
import { copyOf, karmadaOf, profileOf, profilesOf, providersFile, specsOf, streamOf } from './data.ts';
import { compare, type Run } from './measure.ts';
import {
  add,
  addSize,
  both,
  builds,
  command,
  printTable,
  ratios,
  patient,
  ratiosOfBuilds,
  readGrowth,
  readSize,
} from './table.ts';

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
  const { status, ...profile } = profileOf(0, 'fleet') as { status: object };
  const providers = [
    { name: 'x', cluster: { server: 'https://prod-0.example.com', 'certificate-authority-data': ca } },
  ];
  const clean = { ...status, version: { kubernetes: version }, properties: [], accessProviders: providers };
  // What stringify quotes is a text; unquoted it is a number.
  const text = streamOf(count, { ...profile, status: clean }).replaceAll('kubernetes: "1.33"', 'kubernetes: 1.33');
  const file = join(folder, `fleet-${count}-${version}.yaml`);
  writeFileSync(file, text);
  return file;
}

/** What a profile of a run says, where a goal is missed. */
const reasons = {
  validate:
    'kubeconform checks the schema alone, on both processors; here one reads in a fifth of the CPU time and checks all rules in three fifths',
  import:
    'nothing stands out: reading takes a fifth of it, translating a fifth, collecting garbage a fifth, the rest is output',
  merge:
    'reading two files takes a seventh of it, YAML for the check that nobody else wrote the old one and for the new one a seventh, the export of 5,000 profiles a quarter, collecting garbage a seventh',
  memory:
    'all profiles of the input are held, 112 MiB as text: a diff by Node.js runs out of a heap of 240 MiB, has a peak of 377 MiB with one of 320 MiB, and grows further where nothing limits it',
};

/** A directory with a file a profile, as `apply --inventory` writes it. */
function directoryOf(count: number): string {
  const directory = join(folder, `fleet-${count}`);
  mkdirSync(join(directory, 'fleet'), { recursive: true });
  for (const [index, text] of streamOf(count, profileOf(0, 'fleet')).split('---\n').entries())
    writeFileSync(join(directory, 'fleet', `prod-${index}.yaml`), text);
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
      3,
      true,
    );
    add('validate', `${what} against kubeconform 0.7 -n 2`, 0.6, ratios(mine, other), { reason: reasons.validate });
    add('validate', 'the same, CPU', 0.6, ratios(mine, other, 'cpu'), { reason: reasons.validate });
    const [npm, binary] = mine;
    add('validate', 'the same, peak memory', 300, { npm: npm!.rss, binary: binary!.rss }, { unit: ' MiB' });
  }
});

it('import of 10,000 Karmada clusters', async () => {
  const clusters = karmadaOf(10_000);
  const wanted = statSync(clusters).size;
  // The same bytes as profiles: how many that are is known from a hundred.
  const hundred = statSync(fleetOf(100)).size;
  const profiles = fleetOf(Math.round(wanted / (hundred / 100)));
  const [npmValidate, binaryValidate, npm, binary] = await compare(
    [...both(['validate', '-f', profiles]), ...both(['import', 'karmada', '-f', clusters])],
    3,
  );
  const against = (figure: keyof Run): Record<'npm' | 'binary', number> =>
    ratiosOfBuilds([npm, binary], [npmValidate, binaryValidate], figure);
  add('import', 'import of 10,000 Karmada clusters against validate of the same bytes', 1, against('wall'), {
    reason: reasons.import,
  });
  add('import', 'the same, CPU', 1, against('cpu'), { reason: reasons.import });
});

it('export kubeconfig --merge of 5,000', async () => {
  const words = ['export', 'kubeconfig', '-q', '--provider-file', providersFile()];
  const [before, after] = [profilesOf(5000), profilesOf(5000, 'fleet', 10)];
  const target = join(folder, 'kubeconfig');
  const [first] = await compare(both([...words, '-f', before, '--merge', target]), 1);
  expect(first).toBeDefined();
  const merges = (['npm', 'binary'] as const).map((build) =>
    command(`${build}: merge`, [], {
      before: () => Promise.resolve([...builds[build], ...words, '-f', after, '--merge', copyOf(target)]),
    }),
  );
  const [npm, binary] = await compare(merges, 3);
  const seconds = { npm: npm!.wall / 1000, binary: binary!.wall / 1000 };
  add('merge', 'export kubeconfig --merge of 5,000 into 5,000, a tenth changed', 1, seconds, {
    unit: ' s',
    reason: reasons.merge,
  });
  add('merge', 'the same, CPU', {}, { npm: npm!.cpu / 1000, binary: binary!.cpu / 1000 }, { unit: ' s' });
});

it('updates of a directory', async () => {
  const [before, after] = [specsOf(2000, 'fleet'), specsOf(2000, 'fleet', 'Store')];
  let round = 0;
  const [npmFirst, npm, binaryFirst, binary] = await compare(
    (['npm', 'binary'] as const).flatMap((build) => {
      let directory = '';
      const apply = (file: string): string[] => [...builds[build], 'apply', '-f', file, '--inventory', directory];
      const first = (): Promise<string[]> => {
        directory = join(folder, `updates-${round++}`);
        return Promise.resolve(apply(before));
      };
      return [
        command(`${build}: first`, [], { before: first }),
        command(`${build}: update`, [], { before: () => Promise.resolve(apply(after)) }),
      ];
    }),
    3,
  );
  const against = (figure: keyof Run): Record<'npm' | 'binary', number> =>
    ratiosOfBuilds([npm, binary], [npmFirst, binaryFirst], figure);
  add('directory', 'update of 2,000 files against their first apply', 1.5, against('wall'));
  add('directory', 'the same, CPU', 1.5, against('cpu'));
});

it('directories of 1,000 to 50,000', async () => {
  for (const count of [1000, 5000, 10_000, 50_000]) {
    const directory = directoryOf(count);
    const rounds = count < 5000 ? 3 : 1;
    const memory = count >= 10_000;
    for (const [what, words] of [
      ['list', ['list', '-A', '--inventory', directory]],
      ['diff', ['diff', '-R', '-f', directory, '--inventory', directory]],
    ] as const)
      addSize(`directory: ${what}`, count, await compare(both([...words, ...patient]), rounds, memory));
    // Each run finds as many to change: what one run has written, the next one writes back.
    let turn = 0;
    const changed = [profilesOf(count, 'fleet', 100), profilesOf(count)];
    const words = (): string[] => ['apply', '-f', changed[turn++ % 2]!, '--inventory', directory, ...patient];
    const applies = (['npm', 'binary'] as const).map((build) =>
      command(`${build}: apply`, [], { before: () => Promise.resolve([...builds[build], ...words()]) }),
    );
    addSize('directory: apply, 1 % changed', count, await compare(applies, rounds, memory));
    const file = fleetOf(count);
    addSize('file: validate', count, await compare(both(['validate', '-f', file, ...patient]), rounds, memory));
  }
  for (const what of ['directory: list', 'directory: diff', 'directory: apply, 1 % changed', 'file: validate']) {
    add('growth', `${what}, CPU a profile of 50,000 against 10,000`, 1.3, readGrowth(what, 'cpu'));
    if (what.startsWith('directory'))
      add('growth', 'the same, peak memory of 50,000', 350, readSize(what, 50_000, 'rss'), {
        unit: ' MiB',
        reason: reasons.memory,
      });
  }
});
