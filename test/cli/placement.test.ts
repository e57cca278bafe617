import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toYamlStream } from '../../src/documents/yaml-out.ts';
import { clusterOf, decision, ocmDecision, slice } from '../support/placements.ts';
import { run, type Ran } from '../support/run.ts';
import { fixtures, scratch } from '../support/paths.ts';
import { lines } from '../support/text.ts';

describe('list --placement', () => {
  const file = (objects: object[]): string => {
    const path = join(scratch(), 'fleet.yaml');
    writeFileSync(path, toYamlStream(objects));
    return path;
  };
  const fleet = [
    clusterOf('oslo'),
    clusterOf('tokyo', { member: 'm-1' }),
    clusterOf('kyoto', { namespace: 'depot', health: 'False' }),
    clusterOf('nara', { namespace: 'depot', member: 'm-1' }),
  ];
  const web = [slice('web', 1, ['oslo']), slice('web', 0, ['tokyo', 'depot/kyoto'])];
  const list = async (objects: object[], name: string, ...flags: string[]): Promise<Ran> => {
    const path = file(objects);
    const { err, ...ran } = await run(['list', '-f', path, '-o', 'name', '--placement', name, ...flags]);
    return { ...ran, err: err.replaceAll(path, 'FILE') };
  };
  const shown = (out: string): string[] =>
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => line.replace('clusterprofile.multicluster.x-k8s.io/', ''));

  it('prints what was chosen, in the order of the decisions, from wherever it is', async () => {
    for (const [name, ...flags] of [['web'], ['web-0'], ['shop/web'], ['web', '-n', 'shop'], ['web', '-A']] as const) {
      const { out, err, code } = await list([...web, ...fleet], name, ...flags);
      expect({ shown: shown(out), err, code }).toEqual({ shown: ['tokyo', 'kyoto', 'oslo'], err: '', code: 0 });
    }
  });

  it('is the same from a directory, and for get with names', async () => {
    const directory = scratch();
    mkdirSync(join(directory, 'decisions'));
    writeFileSync(join(directory, 'decisions', 'web.yaml'), toYamlStream(web));
    writeFileSync(join(directory, 'fleet.yaml'), toYamlStream(fleet));
    const words = ['--inventory', directory, '--placement', 'web', '--no-headers'];
    const { out, code } = await run(['list', ...words]);
    const rows = out.split('\n').map((line) => line.split(/ +/).slice(0, 2).join('/'));
    expect({ rows, code }).toEqual({ rows: ['shop/tokyo', 'depot/kyoto', 'shop/oslo', ''], code: 0 });
    expect(shown((await run(['get', 'kyoto', '-o', 'name', ...words])).out)).toEqual(['kyoto']);
    expect(await run(['get', 'nara', ...words])).toMatchObject({ code: 9 });
    const diff = await run(['diff', '-f', directory, '-R', '--inventory', directory]);
    expect(diff).toEqual({ code: 0, out: '', err: '' });
  });

  // A machine that is busy may not have an answer in time.
  it('is completed', { retry: 5 }, async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'web.yaml'), toYamlStream(web));
    const typed = ['__complete', '--', 'list', '--inventory', directory];
    expect((await run([...typed, '-n', 'shop', '--placement', 'w'])).out).toBe('web\n:4\n');
    expect((await run([...typed, '--placement', 's'])).out).toBe('shop/web\n:4\n');
  });

  it('takes the other filters on top', async () => {
    const objects = [...web, ...fleet];
    expect(shown((await list(objects, 'web', '--health', 'False')).out)).toEqual(['kyoto']);
    expect(shown((await list(objects, 'web', '-l', 'multicluster.x-k8s.io/inventory-member-id')).out)).toEqual([
      'tokyo',
    ]);
    expect(shown((await list(objects, 'web', '--field-selector', 'metadata.namespace=shop')).out)).toEqual([
      'tokyo',
      'oslo',
    ]);
    expect(await list(objects, 'web', '--manager', 'nobody')).toMatchObject({
      code: 0,
      err: 'No ClusterProfiles found in placement shop/web of FILE that fit --manager.\n',
    });
  });

  it('says which references lead nowhere, prints the rest, and is partial', async () => {
    const objects = [decision('web', ['oslo', 'bergen', 'depot/tokyo', 'tokyo']), ...fleet];
    const { out, err, code } = await list(objects, 'web');
    expect({ shown: shown(out), code }).toEqual({ shown: ['oslo', 'tokyo'], code: 4 });
    expect(err).toBe(
      'warning: placement shop/web: there is no ClusterProfile shop/bergen\n' +
        'warning: placement shop/web: there is no ClusterProfile depot/tokyo\n',
    );
    expect(await list(objects, 'web', '-q')).toMatchObject({ code: 4, err: '' });
  });

  it('is partial while slices are missing, and warns of a cluster that was chosen twice', async () => {
    const gap = await list([slice('web', 0, ['oslo']), slice('web', 2, ['tokyo']), ...fleet], 'web');
    expect(gap).toMatchObject({ code: 4, err: 'warning: placement shop/web: slice 1 is missing\n' });
    const twice = await list([decision('web', ['tokyo', 'depot/nara']), ...fleet], 'web');
    expect(twice).toMatchObject({
      code: 0,
      err: 'warning: placement shop/web: shop/tokyo and depot/nara are one cluster (m-1), it was chosen twice\n',
    });
  });

  it('says which placements there are when there is none of the name, and does not guess', async () => {
    const objects = [...web, decision('api', []), ocmDecision('ocm'), ...fleet];
    expect(await list(objects, 'ocm')).toEqual({
      code: 9,
      out: '',
      err: lines('error: no placement "ocm" in FILE', 'hint: there are shop/api, shop/web'),
    });
    expect(await list(fleet, 'web', '-n', 'depot')).toEqual({
      code: 9,
      out: '',
      err: lines(
        'error: no placement "web" in the depot namespace',
        'hint: no PlacementDecision of multicluster.x-k8s.io is there; -n, -A or NAMESPACE/NAME look elsewhere',
      ),
    });
    const twin = { ...decision('web', []), metadata: { name: 'web', namespace: 'depot' } };
    expect(await list([...objects, twin], 'web')).toEqual({
      code: 2,
      out: '',
      err: lines(
        'error: --placement web may mean depot/web (web) or shop/web (web-0, web-1)',
        'hint: name one as NAMESPACE/NAME, by its decision-key, or by the name of one of its objects',
      ),
    });
    expect(await list([...objects, twin], 'depot/web')).toMatchObject({ code: 0 });
  });

  it.each(['', '/web', 'shop/', 'a/b/c'])('%j is no placement', async (name) => {
    expect(await list(fleet, name)).toEqual({
      code: 2,
      out: '',
      err: `error: --placement takes NAME or NAMESPACE/NAME, not ${JSON.stringify(name)}\n`,
    });
  });

  it('is not for what is read from systems, nor for delete', async () => {
    const words = ['--placement', 'web'];
    expect(await run(['list', '--from', 'karmada', ...words])).toEqual({
      code: 2,
      out: '',
      err: lines('error: --placement and --from exclude each other', 'hint: systems have no PlacementDecisions'),
    });
    expect(await run(['delete', '--all', '--inventory', '.', ...words])).toEqual({
      code: 2,
      out: '',
      err: "error: unknown option '--placement'\n",
    });
  });

  it('chooses what is exported, in the order of the decisions', async () => {
    const exported = async (...objects: object[]): Promise<{ names: string[]; code: number }> => {
      const words = ['export', 'argocd', '--list-generator', '-f', file([...objects, ...fleet]), '-q', '-o', 'json'];
      const { out, code } = await run([...words, '--placement', 'web']);
      const [{ list }] = JSON.parse(out) as [{ list: { elements: Record<string, string>[] } }];
      return { names: list.elements.map(({ profileNamespace, profile }) => `${profileNamespace}/${profile}`), code };
    };
    expect(await exported(...web)).toEqual({ names: ['shop/tokyo', 'depot/kyoto', 'shop/oslo'], code: 0 });
    expect(await exported(slice('web', 0, ['oslo', 'bergen']))).toMatchObject({ names: ['shop/oslo'], code: 4 });
  });
});

describe('export argocd --list-generator', () => {
  it.each([[[]], [['--name-template', '{namespace}-{name}']]])(
    'names clusters as their Secrets do, with %j',
    async (flags) => {
      const folder = join(fixtures, 'argocd', 'export-three-clouds');
      const providers = ['--provider-file', join(folder, 'providers.json')];
      const words = ['export', 'argocd', '-f', join(folder, 'export-input.yaml'), '-q', '-o', 'json', ...flags];
      const secrets = JSON.parse((await run([...words, ...providers])).out) as {
        items: { stringData: { name: string; server: string } }[];
      };
      const wanted = secrets.items.map(({ stringData }) => [stringData.name, stringData.server]);
      expect(wanted).toHaveLength(3);
      for (const more of [[], providers]) {
        const { out, code } = await run([...words, '--list-generator', ...more]);
        const [{ list }] = JSON.parse(out) as [{ list: { elements: Record<string, unknown>[] } }];
        expect(code).toBe(0);
        expect(list.elements.map(({ cluster, url }) => [cluster, url])).toEqual(wanted);
        for (const value of list.elements.flatMap(Object.values)) expect(value).toBeTypeOf('string');
      }
    },
  );

  it('takes the server of the provider that the provider file chooses', async () => {
    const profile = clusterOf('tokyo') as { status: { accessProviders: object[] } };
    profile.status.accessProviders.push({ name: 'eks', cluster: { server: 'https://eks.example.com' } });
    const providers = join(scratch(), 'providers.json');
    const execConfig = { command: 'argocd-k8s-auth', apiVersion: 'client.authentication.k8s.io/v1beta1' };
    writeFileSync(providers, JSON.stringify({ providers: [{ name: 'eks', execConfig }] }));
    const words = ['export', 'argocd', '--list-generator', '-f', '-'];
    const options = { stdin: JSON.stringify(profile) };
    const chosen = await run([...words, '--provider-file', providers], options);
    expect(chosen.out).toContain('url: https://eks.example.com\n');
    expect(chosen.err).not.toContain('several servers');
    const first = await run(words, options);
    expect(first.out).toContain('url: https://tokyo.example.com\n');
    expect(first.err).toContain(
      'warning: shop/tokyo: it has several servers; --provider-file says which one its Secret has\n',
    );
  });
});

describe('validate of PlacementDecisions', () => {
  const broken = `# What the scheduler chose.
apiVersion: multicluster.x-k8s.io/v1alpha1
kind: PlacementDecision
metadata:
  name: web
  namespace: shop
  labels:
    multicluster.x-k8s.io/decision-key: web
    multicluster.x-k8s.io/decision-index: 0
decisions:
- clusterProfileRef:
    name: tokyo
- clusterProfileRef:
    kind: ClusterProfile
    name: oslo
`;
  const profiles = toYamlStream([clusterOf('tokyo', { member: 'm-1' })]);
  const folder = (): string => {
    const path = scratch();
    writeFileSync(join(path, 'a.yaml'), profiles);
    writeFileSync(join(path, 'web.yaml'), broken);
    return path;
  };
  const found = (text: string): string[] =>
    [...text.matchAll(/web\.yaml:(\d+:\d+): (\w+ PD\d+):/g)].map(([, place, id]) => `${place} ${id}`);

  it('gives lines, and counts them beside profiles', async () => {
    const { out, err, code } = await run(['validate', '-f', folder()]);
    expect(found(out)).toEqual(['9:5 error PD006', '13:3 warning PD005', '14:5 warning PD002']);
    expect(out).toContain('(PlacementDecision shop/web .decisions[1].clusterProfileRef.kind)');
    expect(err).toBe(
      '1 error, 3 warnings in 1 ClusterProfile, 1 PlacementDecision (2 notes not shown, -v shows them)\n',
    );
    expect(code).toBe(1);
  });

  it('is in JUnit and SARIF, with its rules', async () => {
    const junit = await run(['validate', '-f', folder(), '-o', 'junit']);
    expect(junit.out).toMatch(/<testcase [^>]*name="PlacementDecision shop\/web"/);
    expect(junit.out).toContain('PD006');
    const { out } = await run(['validate', '-f', folder(), '-o', 'sarif']);
    const { runs } = JSON.parse(out) as {
      runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string }[] }[];
    };
    expect(runs[0]?.tool.driver.rules.map(({ id }) => id)).toContain('PD011');
    expect(runs[0]?.results.map(({ ruleId }) => ruleId)).toContain('PD006');
    const json = JSON.parse((await run(['validate', '-f', folder(), '-o', 'json'])).out) as { id: string }[];
    expect(json.map(({ id }) => id)).toContain('PD006');
  });

  it('is done for those in an inventory, and for them alone', async () => {
    const { out, code } = await run(['validate', '--inventory', folder()]);
    expect([...out.matchAll(/PD\d+/g)].map(String)).toEqual(['PD006', 'PD005', 'PD002'].toSorted());
    expect(code).toBe(1);
    const alone = await run(['validate', '-f', '-'], { stdin: toYamlStream([slice('web', 0, ['tokyo'])]) });
    expect(alone).toEqual({ code: 0, out: '', err: '1 PlacementDecision valid\n' });
  });

  it('is not done for the kind of Open Cluster Management, which is named', async () => {
    const stdin = toYamlStream([ocmDecision('web'), slice('web', 0, ['tokyo'])]);
    const { err } = await run(['validate', '-f', '-'], { stdin });
    expect(err).toBe(
      lines(
        'note: standard input: PlacementDecision shop/web is a kind of another API group, skipped',
        '1 PlacementDecision valid',
      ),
    );
  });
});
