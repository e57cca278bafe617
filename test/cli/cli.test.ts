import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nowhere, run, runBuilt } from '../support/run.ts';
import { programInShell } from '../support/program.ts';
import { fixtures, root, scratch } from '../support/paths.ts';
import { lines } from '../support/text.ts';

const fixture = (name: string): string => join(fixtures, 'kubeconfig', name, 'import.yaml');

const file = (text: string, name = 'input.yaml'): string => {
  const path = join(scratch(), name);
  writeFileSync(path, text);
  return path;
};

const profile = (name: string, more: object = {}): object => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name, namespace: 'fleet' },
  spec: { displayName: name, clusterManager: { name: 'kubeconfig' } },
  ...more,
});

describe('help and usage', () => {
  it('tells a system from what a flag takes, though they have one name', async () => {
    const kubeconfig = file('{kind: Config, clusters: [{name: oslo, cluster: {server: https://oslo.example.test}}]}');
    const flags = ['-n', 'fleet', '-f', kubeconfig, '-o', 'name'];
    for (const system of ['auto', 'kubeconfig'])
      for (const words of [
        [system, ...flags],
        [...flags, system],
      ])
        expect(await run(['import', ...words])).toMatchObject({
          code: 0,
          out: 'clusterprofile.multicluster.x-k8s.io/oslo\n',
        });
  });

  it('lists a profile whose lists are none', async () => {
    const misshapen = file(
      JSON.stringify({ ...profile('oslo'), status: { properties: { location: 'eu' }, conditions: 'none' } }),
    );
    for (const flags of [[], ['--property', 'location'], ['--clusterset', 'shop'], ['--health', 'True']])
      expect(await run(['list', '-f', misshapen, ...flags])).toMatchObject({ code: 0, err: '' });
  });

  it('shows examples first', async () => {
    for (const words of [['--help'], ['import', '--help'], ['help', 'import', 'kubeconfig'], ['list', '--help']]) {
      const { out, err, code } = await run(words);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^Examples:\n(?: {2}# .*\n)? {2}clusterprofile /);
    }
  });

  it('fits the terminal, however narrow', async () => {
    for (const words of [['--help'], ['import', 'gke', '--help'], ['list', '--help'], ['doctor', '--help']])
      for (const COLUMNS of ['80', '130', '200']) {
        const { out } = await run(words, { env: { COLUMNS } });
        const tooWide = out.split('\n').filter((line) => line.length > Number(COLUMNS));
        expect(tooWide, `${words.join(' ')} at ${COLUMNS}`).toEqual([]);
      }
    expect((await run(['list', '--help'], { env: { COLUMNS: '80' } })).out).toMatch(
      /^Examples:\n {2}# the profiles of the current namespace\n {2}clusterprofile list\n\n {2}# /,
    );
    expect((await run(['list', '--help'], { env: { COLUMNS: '200' } })).out).toMatch(
      /^Examples:\n {2}clusterprofile list {2,}# the profiles of the current namespace\n {2}clusterprofile /,
    );
  });

  it('shows short help on stderr without any word', async () => {
    const { out, err, code } = await run([]);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(
      /^Examples:\n(?: {2}# .*\n)? {2}clusterprofile import kubeconfig\b[^]*\nUsage: clusterprofile \[options\] \[command\]\n/,
    );
  });

  it.each([
    [
      ['imprt', 'gke'],
      ["unknown command 'imprt'", 'hint: did you mean import?'],
    ],
    [
      ['import', 'kubeconfg'],
      ['import knows no system "kubeconfg"', 'hint: did you mean kubeconfig?'],
    ],
    [
      ['list', '--outptu', 'json'],
      ["unknown option '--outptu'", 'hint: did you mean --output?'],
    ],
    [
      ['list', '-o', 'nope', '--inventory', '.'],
      [
        'unknown output format "nope"',
        'hint: formats: table wide name json yaml ndjson csv jsonpath=… jsonpath-as-json=… jsonpath-file=… custom-columns=… custom-columns-file=…',
      ],
    ],
    [['import'], ['which system?', 'hint: clusterprofile import --help lists them']],
    [['import', 'kubeconfig', '--prune'], ['--prune goes with --apply or --diff']],
    [['import', 'kubeconfig', '--as-of', 'now'], ['--as-of takes an RFC 3339 time, not "now"']],
    [['import', 'kubeconfig', '-n', 'Not_A_Namespace'], ['"Not_A_Namespace" is not a namespace name']],
    [['list', '--health', 'maybe', '--inventory', '.'], ['--health takes True, False or Unknown, not "maybe"']],
    [['delete', '--inventory', '.'], ['say which: names, a filter such as -l or --manager, or --all']],
    [
      ['import', 'backstage'],
      ['import knows no system "backstage"', 'hint: clusterprofile import --help lists them'],
    ],
    [['import', 'gke', '--reach', 'dsn'], ['--reach takes connect-gateway, dns, ip or private, not "dsn"']],
    [['import', 'kubeconfig', '--source-context', 'prod'], ["unknown option '--source-context'"]],
    [['crd', 'install', '--inventory', '.'], ["unknown option '--inventory'"]],
    [['apply', '-f', '.', '-o', 'yaml'], ['-o takes name or json, not "yaml"']],
    [['diff', '-f', '.', '-o', 'yaml'], ['-o takes diff, json or name, not "yaml"']],
    [['diff', '-f', '.', '--color', 'yes'], ['--color takes auto, always or never, not "yes"']],
    [['delete', 'tokyo', '-o', 'yaml'], ['-o takes name or json, not "yaml"']],
    [['summary', '-o', 'yaml'], ['-o takes json, not "yaml"']],
    [['apply'], ['say which files with -f', 'hint: clusterprofile apply -f fleet/']],
    [['diff'], ['say which files with -f', 'hint: clusterprofile diff -f fleet/']],
    [
      ['list', '--from', 'gek'],
      ['import knows no system "gek"', 'hint: did you mean gke?'],
    ],
    [
      ['completion', 'tcsh'],
      ['no completion for "tcsh"', 'hint: shells: bash zsh fish powershell'],
    ],
  ])('%j is a usage error', async (words, [error, ...more]) => {
    expect(await run(words)).toEqual({ code: 2, out: '', err: lines(`error: ${error}`, ...more) });
  });

  it('has a --version, which is what version prints', async () => {
    const printed = await run(['version']);
    expect(printed).toMatchObject({ code: 0, err: '' });
    expect(printed.out).toMatch(
      /^clusterprofile 0\.1\.0 \((?:commit \w{12}, )?(Node\.js|Bun) \d+\.\d+\.\d+, multicluster\.x-k8s\.io\/v1alpha1\)\n$/,
    );
    expect(await run(['--version'])).toEqual(printed);
  });

  it.each(['/dev/null', 'an empty file'])(
    'takes %s for a kubeconfig without clusters, as kubectl does',
    async (kind) => {
      const KUBECONFIG = kind === '/dev/null' ? kind : file('', 'config');
      const none = {
        out: '',
        err:
          'error: the kubeconfig names no cluster, so no hub\n' +
          'hint: name a hub with --kubeconfig or --context, or use a directory with --inventory DIR\n',
        code: 3,
      };
      expect(await run(['list'], { env: { KUBECONFIG } })).toEqual(none);
      expect(await run(['list', '--kubeconfig', KUBECONFIG])).toEqual(none);
      expect(await run(['crd', 'install'], { env: { KUBECONFIG } })).toEqual(none);
      expect(await run(['import', 'karmada', '--apply'], { env: { KUBECONFIG } })).toEqual({
        out: '',
        err:
          'error: the kubeconfig names no cluster, so no cluster to import from\n' +
          'hint: name a cluster with --source-kubeconfig or --source-context, or give its objects with -f FILE\n',
        code: 3,
      });
      expect(await run(['import', 'kubeconfig'], { env: { KUBECONFIG } })).toEqual({
        out: '',
        err: 'note: no cluster found\n',
        code: 0,
      });
    },
  );

  it('goes by the name it was called', async () => {
    const { out } = await run(['list', '--help'], { asPlugin: true });
    expect(out).toContain('  kubectl clusterprofile list -A');
    const { err } = await run(['diff'], { asPlugin: true });
    expect(err).toContain('hint: kubectl clusterprofile diff -f fleet/\n');
  });

  it('names every filter that a list without profiles was for', async () => {
    const { err } = await run([
      'list',
      '-A',
      '--inventory',
      scratch(),
      '-l',
      'a=b',
      '--manager',
      'gke',
      '--health',
      'True',
    ]);
    expect(err).toMatch(/ that fit --[a-z]+, --[a-z]+ and --[a-z]+\.\n$/);
    for (const flag of ['--selector', '--manager', '--health']) expect(err).toContain(flag);
  });
});

describe('a directory inventory', () => {
  it('behaves like a hub: created, unchanged, configured, pruned, listed', async () => {
    const inventory = join(scratch(), 'fleet');
    const source = (name: string, ...flags: string[]): Promise<{ out: string; err: string; code: number }> =>
      run(['import', 'kubeconfig', '-f', fixture(name), '-n', 'fleet', '--inventory', inventory, ...flags]);
    const said = readFileSync(
      join(fixtures, 'kubeconfig', 'known-plugins-name-the-access-provider', 'stderr.txt'),
      'utf8',
    );
    expect(await source('known-plugins-name-the-access-provider', '--apply')).toMatchObject({
      code: 0,
      err: said + '3 created, 0 configured, 0 unchanged, 0 deleted\n',
    });
    expect(await source('known-plugins-name-the-access-provider', '--apply')).toMatchObject({
      err: said + '0 created, 0 configured, 3 unchanged, 0 deleted\n',
    });
    expect(await source('known-plugins-name-the-access-provider', '--diff')).toEqual({ code: 0, out: '', err: said });
    expect(
      await source('known-plugins-name-the-access-provider', '--diff', '--clusterset', 'prod-fleet'),
    ).toMatchObject({ code: 1 });
    expect(
      await source('known-plugins-name-the-access-provider', '--apply', '--clusterset', 'prod-fleet'),
    ).toMatchObject({ err: said + '0 created, 3 configured, 0 unchanged, 0 deleted\n' });
    const listed = await run(['list', '--inventory', inventory, '--clusterset', 'prod-fleet', '-o', 'name']);
    expect(listed.out.trim().split('\n')).toHaveLength(3);
    expect(
      await source('clusterset-and-access-provider-given', '--apply', '--prune', '--yes', '--max-delete', '100%'),
    ).toMatchObject({ code: 0, err: '1 created, 0 configured, 0 unchanged, 3 deleted\n' });
  });

  it('keeps comments, other documents and other files', async () => {
    const inventory = scratch();
    const path = join(inventory, 'shop.yaml');
    const text = `# Who to ask: team shop.\n${JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'notes' } })}\n---\n# The shop in the US.\napiVersion: multicluster.x-k8s.io/v1alpha1\nkind: ClusterProfile\nmetadata:\n  name: prod-us # never rename\n  namespace: fleet\nspec:\n  displayName: US\n  clusterManager:\n    name: kubeconfig\n`;
    writeFileSync(path, text);
    const desired = file(JSON.stringify(profile('prod-us')));
    expect(await run(['apply', '-f', desired, '--inventory', inventory])).toMatchObject({
      code: 0,
      err: '0 created, 1 configured, 0 unchanged, 0 deleted\n',
    });
    expect(readFileSync(path, 'utf8')).toBe(text.replace('displayName: US', 'displayName: prod-us'));
    expect(await run(['delete', 'prod-us', '-n', 'fleet', '--any-manager', '--inventory', inventory])).toMatchObject({
      code: 0,
    });
    expect(readFileSync(path, 'utf8')).toContain('Who to ask');
  });

  it('edits the right document of a stream with empty ones', async () => {
    const inventory = scratch();
    const path = join(inventory, 'shop.yaml');
    const body =
      'apiVersion: multicluster.x-k8s.io/v1alpha1\nkind: ClusterProfile\nmetadata:\n  name: prod-us\n  namespace: fleet\nspec:\n  displayName: US\n  clusterManager:\n    name: kubeconfig\n';
    writeFileSync(path, `---\n# nothing here\n---\n${body}`);
    const desired = file(JSON.stringify(profile('prod-us')));
    expect(await run(['apply', '-f', desired, '--inventory', inventory])).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8')).toBe(`---\n# nothing here\n---\n${body.replace('US', 'prod-us')}`);
  });

  it.each(['../evil', 'a/../../evil', '..', '/etc/evil'])('refuses the name %s', async (name) => {
    const inventory = join(scratch(), 'fleet');
    const input = file(JSON.stringify(profile('x', { metadata: { name, namespace: 'fleet' } })));
    expect(await run(['apply', '-f', input, '--inventory', inventory])).toEqual({
      code: 3,
      out: '',
      err: lines(
        `error: ${input}: metadata.name "${name}" is not a DNS-1123 subdomain`,
        'hint: clusterprofile validate -f shows everything that is wrong',
      ),
    });
  });

  it('does not follow a symlink out of the directory', async () => {
    const inventory = scratch();
    const outside = scratch();
    symlinkSync(outside, join(inventory, 'fleet'));
    expect(await run(['apply', '-f', file(JSON.stringify(profile('prod-us'))), '--inventory', inventory])).toEqual({
      code: 3,
      out: '',
      err: lines(
        `error: ${inventory}/fleet: it is a link to a directory`,
        `error: ${inventory}/fleet/prod-us.yaml leads out of ${inventory}: ${inventory}/fleet is a link to ${outside}`,
        '0 created, 0 configured, 0 unchanged, 0 deleted, 1 failed',
      ),
    });
    expect(readdirSync(outside)).toEqual([]);
  });

  it('leaves the old file when the new one cannot be written', async () => {
    const inventory = scratch();
    mkdirSync(join(inventory, 'fleet'));
    await run(['apply', '-f', file(JSON.stringify(profile('prod-us'))), '--inventory', inventory]);
    expect(readdirSync(join(inventory, 'fleet'))).toEqual(['prod-us.yaml']);
  });
});

describe('bad input', () => {
  it.each([
    ['broken YAML', 'a: [', ['error: FILE:2:1: not valid YAML: unexpected end of the stream within a flow collection']],
    [
      'a Secret',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: admin, namespace: shop}\nstringData: {token: LEAKCANARY}',
      ['error: FILE: Secret shop/admin is not a ClusterProfile of multicluster.x-k8s.io'],
    ],
    [
      'a ClusterProfile of another project',
      'apiVersion: config.projectsveltos.io/v1beta1\nkind: ClusterProfile\nmetadata: {name: a}',
      [
        'error: FILE: ClusterProfile a of config.projectsveltos.io/v1beta1 is not a ClusterProfile of multicluster.x-k8s.io',
      ],
    ],
    [
      'no name',
      'apiVersion: multicluster.x-k8s.io/v1alpha1\nkind: ClusterProfile\nmetadata: {generateName: a-}\nspec: {clusterManager: {name: b}}',
      [
        'error: FILE: metadata.name is missing (generateName cannot be applied: a second run would make a second profile)',
        'hint: clusterprofile validate -f shows everything that is wrong',
      ],
    ],
    [
      'the same twice',
      `${JSON.stringify(profile('a'))}\n---\n${JSON.stringify(profile('a'))}`,
      ['error: a is given twice: FILE and FILE, document 2'],
    ],
  ])('%s is one error, exit 3, nothing written', async (_title, text, said) => {
    const inventory = join(scratch(), 'fleet');
    const input = file(text);
    const { out, err, code } = await run(['apply', '-f', input, '--inventory', inventory]);
    expect({ code, out, err: err.replaceAll(input, 'FILE') }).toEqual({ code: 3, out: '', err: lines(...said) });
    expect(() => readdirSync(inventory)).toThrow(/ENOENT/);
  });

  it('names a missing file and a missing kubeconfig', async () => {
    expect(await run(['apply', '-f', nowhere, '--inventory', '.'])).toMatchObject({
      code: 3,
      err: `error: cannot read ${nowhere}: no such file or directory\n`,
    });
    expect(await run(['list', '--kubeconfig', nowhere])).toEqual({
      code: 3,
      out: '',
      err: `error: kubeconfig ${nowhere} does not exist\n`,
    });
    expect(await run(['list', '--kubeconfig', fixture('token-user-and-ca'), '--context', 'nope'])).toEqual({
      code: 9,
      out: '',
      err: lines('error: context "nope" does not exist in the kubeconfig', 'hint: contexts: "prod-us"'),
    });
  });

  it('shows control characters instead of sending them', async () => {
    const evil = JSON.stringify(
      profile('prod-us', { spec: { displayName: 'x', clusterManager: { name: 'a\u001b[31m\u009b\u202e' } } }),
    );
    const { out } = await run(['list', '-f', file(evil)]);
    expect(out).toContain(String.raw`a\u{1b}[31m\u{9b}\u{202e}`);
  });
});

describe('the installed program', () => {
  const inShell = (line: string): { code: number | null; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8', cwd: root });
    return { code: status, out: stdout, err: stderr };
  };
  const importing = `${programInShell()} import kubeconfig -f fixtures/kubeconfig/gateway-of-gitlab/import.yaml`;

  it('ends quietly when nobody reads on, and says when a disk is full', () => {
    expect(inShell(`${importing} | head -1`)).toEqual({
      code: 0,
      out: 'apiVersion: multicluster.x-k8s.io/v1alpha1\n',
      err: '',
    });
    expect(inShell(`${importing} > /dev/full`)).toEqual({
      code: 3,
      out: '',
      err: 'error: cannot write the output: ENOSPC: no space left on device, write\n',
    });
  });

  it('writes all of a large output to a pipe', () => {
    const many = file(
      Array.from({ length: 3000 }, (_, index) =>
        JSON.stringify(
          profile(`c${index}`, {
            metadata: { name: `c${index}`, namespace: 'fleet', annotations: { pad: 'x'.repeat(1000) } },
          }),
        ),
      ).join('\n---\n'),
    );
    expect(Number(inShell(`${programInShell()} list -f ${many} -o yaml | wc -c`).out)).toBeGreaterThan(3_000_000);
  });

  it('aligns what is wider or narrower than its characters', async () => {
    const names = file(
      ['東京', 'e\u0301', 'x']
        .map((manager, index) => JSON.stringify(profile(`c${index}`, { spec: { clusterManager: { name: manager } } })))
        .join('\n---\n'),
    );
    const { out, err } = await runBuilt(['list', '-f', names]);
    expect(err).toBe('');
    expect(out.split('\n').slice(1, 4)).toEqual(
      ['fleet       c0     東京', 'fleet       c1     e\u0301', 'fleet       c2     x'].map(
        (start) => expect.stringMatching(new RegExp(`^${start} +<none>`)) as unknown,
      ),
    );
  });
});
