import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noReason, oslo, profile, yamlOf } from '../support/profiles.ts';
import { run, type Ran } from '../support/run.ts';
import { assertXml, lineOf, lines } from '../support/text.ts';
import { scratch } from '../support/paths.ts';

const folderWith = (files: Record<string, string>): string => {
  const directory = scratch();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
};

describe('clusterprofile validate', () => {
  it('says on stderr that all is well', async () => {
    const directory = folderWith({
      'a.yaml': yamlOf(profile()),
      'b.json': JSON.stringify(oslo()),
      'deep/c.yaml': yamlOf(noReason),
    });
    expect(await run(['validate', '-f', directory])).toEqual({
      code: 0,
      out: '',
      err: `note: left out, -R reads them: ${join(directory, 'deep')}\n2 ClusterProfiles valid\n`,
    });
    const { code } = await run(['validate', '-R', '-f', directory]);
    expect(code).toBe(1);
  });

  it.each([['hub', '--inventory'], ['--inventory'], ['-f', '--against', 'hub', '--inventory']])(
    '%s %s: what of an inventory is nearly a profile is named, and the answer is not whole',
    async (...words) => {
      const lost = yamlOf(oslo()).replace('kind: ClusterProfile', 'kind: clusterprofile');
      const directory = folderWith({ 'tokyo.yaml': yamlOf(profile()), 'oslo.yaml': lost });
      const whole = join(folderWith({ 'tokyo.yaml': yamlOf(profile()) }), 'tokyo.yaml');
      const given = words.flatMap((word) => (word === '-f' ? ['-f', whole] : [word]));
      const { code, err } = await run(['validate', ...given, directory]);
      expect(err).toContain('its kind clusterprofile is not read, ClusterProfile is');
      expect(code).toBe(4);
    },
  );

  it.each([
    ['lost.txt', yamlOf(oslo()), 'it is not read, its name does not end in .yaml, .yml or .json'],
    ['lost.yaml', '', 'it is empty'],
    ['lost.yaml', 'null\n', 'it has no object in it'],
    [
      'lost.yaml',
      'spec: {clusterManager: {name: shop}}\n',
      'it looks like a ClusterProfile, and has no kind and no apiVersion',
    ],
  ])('names what may have been a profile and is not read, %#: %s', async (name, text, reason) => {
    const directory = folderWith({ 'a.yaml': yamlOf(profile()), [name]: text });
    const ran = await run(['validate', '-f', directory]);
    expect(ran).toMatchObject({
      code: 4,
      err: expect.stringContaining(`${join(directory, name)}: ${reason}\n`) as string,
    });
    if (text.includes('spec: {')) return;
    const { code } = await run(['apply', '-f', directory, '--inventory', scratch()]);
    expect(code).toBe(4);
  });

  describe('--skip-others', () => {
    const among = {
      'web.yaml': 'apiVersion: apps/v1\nkind: Deployment\n---\nkind: nothing\n',
      'role.yaml': '{{- if .Values.on }}\nrules: [{ apiGroups: [multicluster.x-k8s.io] }]\n{{- end }}\n',
      'export.yaml':
        'apiVersion: multicluster.x-k8s.io/v1alpha1\nkind: ServiceExport\nmetadata:\n  name: {{ .Name }}\n',
      'stack.yaml': 'Resources: { A: !Ref B }\n',
      'empty.yaml': '',
      'list.json': '[1, 2]',
      'chart.tgz': 'packed',
      '.ci/job.yaml': 'apiVersion: v1\nkind: Pod\n',
    };
    const check = (files: Record<string, string>): Promise<Ran> => {
      const words = ['validate', '-R', '--skip-others', '-f', folderWith({ ...among, ...files })];
      return run(words);
    };

    it('checks the profiles of a whole repository, and nothing else', async () => {
      const { code } = await run(['validate', '-R', '-f', folderWith({ ...among, 'a.yaml': yamlOf(profile()) })]);
      expect(code).toBe(1);
      const valid = { code: 0, out: '', err: '1 ClusterProfile valid\n' };
      expect(await check({ 'a.yaml': yamlOf(profile()) })).toEqual(valid);
      expect(await check({})).toEqual({ code: 0, out: '', err: 'warning: no ClusterProfile found\n' });
    });

    it.each([
      [1, yamlOf(noReason)],
      [1, `${yamlOf(oslo())}  broken: [\n`],
      [1, '{"apiVersion":"multicluster.x-k8s.io\\/v1alpha1","kind":"ClusterProfile","metadata":{"name":"Oslo"}}'],
      [1, yamlOf(oslo()).replace('kind: ClusterProfile', 'kind: clusterprofile')],
      [4, 'spec: {clusterManager: {name: shop}}\n'],
    ])('ends with %i for one that is wrong, %#', async (code, text) => {
      expect(await check({ 'a.yaml': text })).toMatchObject({ code });
    });

    it('names a hidden directory with a profile, and reads a file that is named', async () => {
      const hidden = await check({ '.fleet/a.yaml': yamlOf(profile()) });
      expect([hidden.code, hidden.err]).toEqual([4, expect.stringMatching(/\.fleet: it is a hidden directory/)]);
      const file = join(folderWith(among), 'stack.yaml');
      expect(await run(['validate', '--skip-others', '-f', file])).toMatchObject({ code: 1 });
    });
  });

  it('prints one line a finding, and exits with 1 on errors', async () => {
    const directory = folderWith({ 'tokyo.yaml': yamlOf(noReason) });
    const file = join(directory, 'tokyo.yaml');
    const line = lineOf(yamlOf(noReason), 'reason: ""');
    expect(await run(['validate', '-f', file])).toEqual({
      code: 1,
      out: `${file}:${line}:5: error CP071: reason is empty (shop/tokyo .status.conditions[1].reason)\n`,
      err: '1 error in 1 ClusterProfile\n',
    });
  });

  it('reads standard input, and shows notes only when asked', async () => {
    const stdin = yamlOf(profile({ metadata: { name: 'shop.tokyo' } }));
    const quiet = await run(['validate', '-f', '-'], { stdin });
    expect(quiet).toEqual({ code: 0, out: '', err: '1 ClusterProfile valid (1 note not shown, -v shows them)\n' });
    const verbose = await run(['validate', '-f', '-', '-v'], { stdin });
    expect(verbose).toMatchObject({ code: 0, err: '1 ClusterProfile valid\n' });
    expect(verbose.out).toMatch(/^standard input:4:3: info CP016: /);
  });

  it('--strict makes errors of warnings', async () => {
    const stdin = yamlOf(profile({ metadata: { namespace: 'default' } }));
    expect(await run(['validate', '-f', '-'], { stdin })).toMatchObject({
      code: 0,
      err: '1 warning in 1 ClusterProfile\n',
    });
    const strict = await run(['validate', '-f', '-', '--strict'], { stdin });
    expect(strict).toMatchObject({ code: 1, err: '1 error in 1 ClusterProfile\n' });
    expect(strict.out).toContain(' error CP018: ');
  });

  it('--target judges by the rules of a version', async () => {
    const stdin = yamlOf(profile({ status: { accessProviders: [{ name: 'google', cluster: { server: '' } }] } }));
    expect(await run(['validate', '-f', '-'], { stdin })).toMatchObject({ code: 0 });
    expect(await run(['validate', '-f', '-', '--target', 'v1alpha2'], { stdin })).toMatchObject({ code: 1 });
  });

  it('--against finds what may not change, in files and in a directory inventory', async () => {
    const before = folderWith({ 'tokyo.yaml': yamlOf(profile()) });
    const stdin = yamlOf(
      profile({
        metadata: { labels: { 'x-k8s.io/cluster-manager': 'depot' } },
        spec: { clusterManager: { name: 'depot' } },
      }),
    );
    for (const words of [
      ['--against', before],
      ['--against', join(before, 'tokyo.yaml')],
      ['--against', 'hub', '--inventory', before],
    ]) {
      const { code, out } = await run(['validate', '-f', '-', ...words], { stdin });
      expect({ code, out }).toEqual({
        code: 1,
        out: expect.stringMatching(/^standard input:\d+:5: error CP029: /) as string,
      });
    }
  });

  it('checks an inventory, without positions', async () => {
    const directory = folderWith({ 'shop/tokyo.yaml': yamlOf(noReason), 'shop/oslo.yaml': yamlOf(oslo()) });
    const { code, out, err } = await run(['validate', '--inventory', directory]);
    expect({ code, err }).toEqual({ code: 1, err: '1 error in 2 ClusterProfiles\n' });
    expect(out).toMatch(/^inventory .*: error CP071: reason is empty \(shop\/tokyo /);
  });

  it('goes on when a file cannot be read, and exits with 3', async () => {
    const directory = folderWith({ 'tokyo.yaml': yamlOf(noReason) });
    const { code, out, err } = await run(['validate', '-f', join(directory, 'gone.yaml'), '-f', directory]);
    expect(code).toBe(3);
    expect(out).toContain('error CP071');
    expect(err).toBe(
      lines(
        `error: cannot read ${join(directory, 'gone.yaml')}: no such file or directory`,
        '1 error in 1 ClusterProfile',
      ),
    );
  });

  it('says what it skipped', async () => {
    const foreign = {
      apiVersion: 'config.projectsveltos.io/v1beta1',
      kind: 'ClusterProfile',
      metadata: { name: 'deploy\u001b[2J' },
    };
    const stdin = yamlOf([foreign, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }]);
    expect(await run(['validate', '-f', '-'], { stdin })).toEqual({
      code: 0,
      out: '',
      err: lines(
        'note: standard input: ClusterProfile deploy\\u001b[2J is a kind of another API group, skipped',
        'note: 1 object of other kinds skipped',
        'warning: no ClusterProfile found',
        'note: no ClusterProfile of multicluster.x-k8s.io is in the input, but 1 ClusterProfile of config.projectsveltos.io, 1 ConfigMap; clusterprofile import auto -f - prints profiles of lists of clusters',
      ),
    });
    expect(await run(['validate', '-f', '-', '-q'], { stdin })).toEqual({ code: 0, out: '', err: '' });
  });

  it.each([
    ['json', JSON.parse],
    ['sarif', JSON.parse],
    ['junit', assertXml],
  ])('-o %s prints nothing else on stdout', async (format, parse) => {
    const words = ['validate', '-f', '-', '-o', format];
    for (const [source, code] of [
      [noReason, 1],
      [profile(), 0],
    ] as const) {
      const ran = await run(words, { stdin: yamlOf(source) });
      expect(ran.code).toBe(code);
      parse(ran.out);
    }
  });

  it('-o json has the same keys each time', async () => {
    const { out } = await run(['validate', '-f', '-', '-o', 'json'], { stdin: yamlOf(noReason) });
    expect(JSON.parse(out)).toEqual([
      {
        id: 'CP071',
        severity: 'error',
        message: 'reason is empty',
        file: 'standard input',
        document: 1,
        line: lineOf(yamlOf(noReason), 'reason: ""'),
        column: 5,
        path: '.status.conditions[1].reason',
        object: 'ClusterProfile shop/tokyo',
      },
    ]);
  });

  it.each([
    [[], ['what is to be validated?', 'hint: clusterprofile validate -f FILE, or clusterprofile validate hub']],
    [['fleet'], ['validate takes -f FILE or the word hub, not "fleet"', 'hint: clusterprofile validate -f fleet']],
    [
      ['hub', '-f', 'x.yaml'],
      ['-f and an inventory exclude each other', 'hint: --against hub compares files with an inventory'],
    ],
    [['-f', 'x.yaml', '-o', 'xml'], ['-o takes text, json, junit, sarif, github or gitlab, not "xml"']],
    [['-f', 'x.yaml', '--target', 'v1'], ['--target takes v1alpha1 or v1alpha2, not "v1"']],
    [['-f', 'x.yaml', '--as-of', 'now'], ['--as-of takes an RFC 3339 time, not "now"']],
  ])('%j is a usage error', async (words, [error, ...more]) => {
    expect(await run(['validate', ...words])).toEqual({ code: 2, out: '', err: lines(`error: ${error}`, ...more) });
  });
});
