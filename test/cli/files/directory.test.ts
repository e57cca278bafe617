import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toYaml, toYamlStream } from '../../../src/documents/yaml-out.ts';
import { parseDocuments } from '../../../src/documents/yaml-in.ts';
import { scratch } from '../../support/paths.ts';
import { run, type Ran } from '../../support/run.ts';
import { vaulted, vaultFlags, writeScratch, written } from '../../support/written.ts';

/** A profile as `import kubeconfig` has made it, with comments of people. */
const stored = (name: string): string => `apiVersion: multicluster.x-k8s.io/v1alpha1
kind: ClusterProfile
metadata:
  name: ${name}
  namespace: shop
  labels:
    app.kubernetes.io/managed-by: clusterprofile
    x-k8s.io/cluster-manager: kubeconfig
spec:
  displayName: ${name}
  clusterManager:
    name: kubeconfig
status:
  accessProviders:
  - name: kubeconfig
    cluster:
      server: https://${name}.old.example.com # moves in June
`;

/** A kubeconfig with clusters of these names. */
const kubeconfig = (...names: string[]): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.example.com` } })),
    users: [{ name: 'shop', user: {} }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: 'shop' } })),
  });

const listFolder = (folder: string): string[] => (readdirSync(folder, { recursive: true }) as string[]).toSorted();

/** A link in the place of an empty folder. */
function moveLink(target: string, at: string, folder: string): string {
  rmSync(join(at, folder), { recursive: true });
  symlinkSync(target, join(at, folder));
  return folder;
}

const many = (version: string): object[] =>
  Array.from({ length: 400 }, (_, index) =>
    written(`c${index}`, 'shop', { status: { version: { kubernetes: version } } }),
  );

describe('a directory of profiles', () => {
  it('says what it holds and nobody reads, as the files of -f', async () => {
    const at = scratch();
    mkdirSync(join(at, '.old'));
    writeFileSync(join(at, 'fleet.yaml'), stored('tokyo'));
    writeFileSync(join(at, 'oslo.yaml.gz'), gzipSync(stored('oslo')));
    writeFileSync(join(at, 'lima.yml.bak'), stored('lima'));
    writeFileSync(join(at, '.old', 'paris.yaml'), stored('paris'));
    writeFileSync(join(at, 'README.md'), 'Our clusters.');
    const kept = await run(['list', '--inventory', at, '-A', '-o', 'name']);
    expect(kept).toMatchObject({ code: 4, out: 'clusterprofile.multicluster.x-k8s.io/tokyo\n' });
    const given = await run(['list', '-R', '-f', at, '-o', 'name']);
    const errors = given.err.split('\n').filter((line) => !line.startsWith('note: '));
    expect(kept.err.split('\n').toSorted()).toEqual(errors.toSorted());
    expect(kept.err.match(/oslo\.yaml\.gz|lima\.yml\.bak|\.old/g)).toHaveLength(3);
    expect(kept.err).not.toContain('README');
  });

  it('keeps a file readable that has empty documents in it', async () => {
    const at = scratch();
    const file = join(at, 'fleet.yaml');
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\n---\n---\n${stored('tokyo')}`;
    writeFileSync(file, text);
    writeFileSync(join(at, '.kubeconfig'), kubeconfig('tokyo'));
    const applied = await run([
      'import',
      'kubeconfig',
      '-f',
      join(at, '.kubeconfig'),
      '-n',
      'shop',
      '--apply',
      '--inventory',
      at,
    ]);
    expect(applied).toMatchObject({ code: 0, out: 'clusterprofile.multicluster.x-k8s.io/tokyo configured\n' });
    const written = readFileSync(file, 'utf8');
    expect(written).toContain('name: cm\n---\n---\napiVersion:');
    expect(written).toContain('https://tokyo.example.com # moves in June\n');
    expect(parseDocuments(written, file)).toHaveLength(2);
    expect(await run(['list', '-A', '-o', 'name', '--inventory', at])).toMatchObject({
      code: 0,
      out: 'clusterprofile.multicluster.x-k8s.io/tokyo\n',
    });
  });

  it.each([
    ['a file each', (_at: string): undefined => undefined],
    [
      'one file',
      (at: string): void => {
        writeFileSync(join(at, 'all.yaml'), toYamlStream(many('v1.30.0')));
        rmSync(join(at, 'shop'), { recursive: true });
      },
    ],
  ])('takes about as long to change as to make, with %s', async (_title, arrange) => {
    const at = scratch();
    const apply = async (version: string): Promise<number> => {
      const start = performance.now();
      const ran = await run(['apply', '-f', writeScratch('profiles.json', many(version)), '--inventory', at, '-q']);
      expect(ran).toMatchObject({ code: 0, err: '' });
      return performance.now() - start;
    };
    const first = await apply('v1.30.0');
    arrange(at);
    const second = await apply('v1.35.0');
    expect(await run(['list', '-A', '--version', '<1.35', '--inventory', at, '-o', 'name'])).toMatchObject({ out: '' });
    // Where each change reads the directory again it takes thirty times as long.
    expect(second).toBeLessThan(4 * first + 1000);
  });

  describe.each([
    [
      'profiles',
      ['apply', '--inventory'],
      join('shop', 'tokyo.yaml'),
      toYaml(vaulted('tokyo', { spec: { displayName: 'Old' } })),
    ],
    ['Secrets', ['export', 'argocd', ...vaultFlags(), '--output-dir'], join('argocd', 'secret-cluster-tokyo.yaml'), ''],
  ])('of %s', (_title, words, path, there) => {
    it.each([
      [
        'a file that is a link to nothing',
        (at: string, out: string): string => {
          symlinkSync(join(out, 'new.yaml'), join(at, path));
          return path;
        },
        'nothing',
      ],
      [
        'a folder that is a link to nothing',
        (at: string, out: string) => moveLink(join(out, 'new'), at, dirname(path)),
        'nothing',
      ],
      ['a folder that is a link', (at: string, out: string) => moveLink(out, at, dirname(path)), 'OUT'],
      [
        'a file that is a link to another place',
        (at: string, out: string): string => {
          writeFileSync(join(out, 'theirs.yaml'), there);
          symlinkSync(join(out, 'theirs.yaml'), join(at, path));
          return path;
        },
        'OUT/theirs.yaml',
      ],
    ])('writes nothing outside of it: %s', async (_case, arrange, leadsTo) => {
      const [at, out] = [scratch(), scratch()];
      mkdirSync(join(at, dirname(path)));
      const link = arrange(at, out);
      const before = listFolder(out);
      const ran = await run([...words, at, '-f', writeScratch('profiles.json', [vaulted('tokyo')]), '-q']);
      expect(ran).toMatchObject({ code: 3, out: '' });
      const error = ran.err.split('\n').find((line) => !line.endsWith(': it is a link to a directory'));
      const isUnreadable = words[0] === 'apply' && link === path && leadsTo === 'nothing';
      expect(error).toBe(
        isUnreadable
          ? `error: cannot read ${at}/${path}: it is a link to nothing`
          : `error: ${at}/${path} leads out of ${at}: ${at}/${link} is a link to ${leadsTo.replace('OUT', out)}`,
      );
      expect(listFolder(out)).toEqual(before);
      expect(listFolder(at).filter((name) => /tmp$|lock/.test(name))).toEqual([]);
    });
  });

  it('is read in part where a file has nothing in it, whatever is done with it', async () => {
    const at = scratch();
    const empty = join(at, 'lost.yaml');
    writeFileSync(empty, '');
    const source = writeScratch('profiles.json', [written('oslo', 'shop')]);
    const apply = ['apply', '-f', source, '--inventory', at, '-q'];
    const err = `error: ${empty}: it is empty\n`;
    const diff = await run(['diff', '-f', source, '--inventory', at]);
    expect({ code: diff.code, err: diff.err }).toEqual({ code: 4, err: `${err}1 to create\n` });
    const name = 'clusterprofile.multicluster.x-k8s.io/oslo';
    expect(await run(apply)).toEqual({ code: 4, out: `${name} created\n`, err });
    expect(await run(apply)).toEqual({ code: 4, out: `${name} unchanged\n`, err });
    const clusters = writeScratch('config.json', kubeconfig('a'));
    for (const way of ['--apply', '--diff'])
      expect(await run(['import', 'kubeconfig', '-f', clusters, way, '--inventory', at, '-q'])).toMatchObject({
        code: 4,
        err: expect.stringContaining(err) as string,
      });
    expect((await run(['delete', 'oslo', '-n', 'shop', '--any-manager', '--inventory', at])).code).toBe(4);
  });

  it('does not follow a link to nothing that is given for it', async () => {
    const link = join(scratch(), 'fleet');
    symlinkSync(join(scratch(), 'new'), link);
    const file = writeScratch('profiles.json', [written('tokyo', 'shop')]);
    expect(await run(['apply', '-f', file, '--inventory', link])).toEqual({
      code: 3,
      out: '',
      err: `error: ${link} is a link to nothing\n`,
    });
  });

  it.each([1, 200, 246, 250, 251, 253])('keeps a name of %i characters', async (length) => {
    const at = scratch();
    const name = 'n'.repeat(length);
    const apply = (version: string): Promise<Ran> => {
      const profile = vaulted(name, { status: { version: { kubernetes: version } } });
      return run(['apply', '-f', writeScratch('profiles.json', [profile]), '--inventory', at, '-q']);
    };
    expect(await apply('v1.34.0')).toMatchObject({ code: 0, err: '' });
    expect(await apply('v1.35.0')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining(' configured') as string,
    });
    expect(readdirSync(join(at, 'shop'))).toHaveLength(1);
    const out = scratch();
    const exported = await run([
      'export',
      'argocd',
      '--inventory',
      at,
      '-A',
      '--output-dir',
      out,
      '-q',
      ...vaultFlags(),
    ]);
    expect(exported).toMatchObject({ code: 0 });
    expect(readdirSync(join(out, 'argocd'))).toHaveLength(1);
  });
});
