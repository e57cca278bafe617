import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPlacementDecisionCrd } from '../../src/profile/crd.ts';
import { lint } from '../../src/lint/index.ts';
import { startFaultProxy } from '../support/hub/fault-proxy.ts';
import { describeHub } from '../support/hub/hub.ts';
import { hubRequest, type HubAnswer } from '../support/hub/request.ts';
import { startHub, type Hub } from '../support/hub/server.ts';
import { kubeconfig, type KubeconfigOptions } from '../support/hub/kubeconfig.ts';
import { runKubectl } from '../support/hub/kubectl.ts';
import { clusterOf, decision, slice } from '../support/placements.ts';
import { ruleCases } from '../lint/cases.ts';
import { now, type Tree } from '../support/profiles.ts';
import { run } from '../support/run.ts';
import { scratch } from '../support/paths.ts';

const resource = '/apis/multicluster.x-k8s.io/v1alpha1';

/** A hub of its own: whether the CRD is there matters to everybody. `test/upstream/crd.test.ts` compares it with upstream's. */
describeHub('placements on a real hub', () => {
  let hub: Hub;
  let stop: () => Promise<void>;

  const request = (path: string, method = 'GET', body?: object): Promise<HubAnswer> =>
    hubRequest(hub, path, { token: hub.tokens.admin, method, ...(body && { body: JSON.stringify(body) }) });

  async function create(...objects: object[]): Promise<void> {
    for (const object of objects) {
      const input = JSON.stringify(object);
      const words = ['apply', '--server-side', '--validate=false', '-f', '-'];
      const applied = await runKubectl(hub, words, { input });
      if (applied.code !== 0) throw new Error(applied.stderr);
      if ('status' in object) await runKubectl(hub, [...words, '--subresource=status'], { input });
    }
  }

  const namespaceOf = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

  function target(options: KubeconfigOptions = {}): string[] {
    const path = join(hub.dir, `kubeconfig-${randomUUID()}.json`);
    writeFileSync(path, kubeconfig(hub, { namespace: 'shop', ...options }), { mode: 0o600 });
    return ['--kubeconfig', path];
  }

  const listed = (...words: string[]): ReturnType<typeof run> => run(['list', '-o', 'name', '--placement', ...words]);
  const names = (out: string): string[] => [...out.matchAll(/\/(\S+)/g)].map(([, name]) => name!);

  beforeAll(async () => {
    ({ hub, stop } = await startHub());
    await create(namespaceOf('shop'), namespaceOf('depot'), namespaceOf('lab'), clusterOf('tokyo'), clusterOf('oslo'));
    await create(clusterOf('kyoto', { namespace: 'depot' }), clusterOf('nara', { namespace: 'lab' }));
  });
  afterAll(() => stop());

  it('says that the CRD is missing where one is asked for, and validates without', async () => {
    expect(await listed('web', ...target())).toMatchObject({
      code: 7,
      err: expect.stringContaining('the hub does not have the PlacementDecision CRD') as string,
    });
    const checked = await run(['validate', 'hub', ...target()]);
    expect(checked.err).not.toContain('PlacementDecision');
    expect(checked.err).toContain('2 ClusterProfiles');
  });

  describeHub('with the CRD', () => {
    beforeAll(async () => {
      await create(buildPlacementDecisionCrd());
      for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50))
        if ((await request(`${resource}/namespaces/shop/placementdecisions`)).status === 200) break;
      await create(
        slice('web', 10, ['oslo']),
        ...Array.from({ length: 10 }, (_, index) => slice('web', index, index === 0 ? ['tokyo', 'depot/kyoto'] : [])),
        decision('dangling', ['bergen', 'tokyo', 'lab/narvik']),
        decision('lab-only', ['lab/nara']),
      );
    }, 60_000);

    it('lists what was chosen in order, reading exactly the namespaces that are named', async () => {
      const proxy = await startFaultProxy(hub);
      const words = target({ cluster: { server: proxy.url } });
      for (const name of ['web', 'web-3', 'shop/web']) {
        const { out, err, code } = await listed(name, ...words);
        expect({ names: names(out), err, code }).toEqual({ names: ['tokyo', 'kyoto', 'oslo'], err: '', code: 0 });
      }
      expect(proxy.requests.every(({ method }) => method === 'GET')).toBe(true);
      const paths = proxy.requests.map(({ path }) => path.replace(/\?.*/, '').replace(`${resource}/`, ''));
      expect([...new Set(paths)]).toEqual([
        '/apis/multicluster.x-k8s.io',
        'namespaces/shop/placementdecisions',
        'namespaces/shop/clusterprofiles',
        'namespaces/depot/clusterprofiles',
      ]);
      const other = await listed('shop/web', '-n', 'lab', '--field-selector', 'metadata.namespace=depot', ...words);
      expect(names(other.out)).toEqual(['kyoto']);
      await proxy.close();
    });

    it('prints the rest beside references that lead nowhere', async () => {
      const { out, err, code } = await listed('dangling', ...target());
      expect({ names: names(out), code }).toEqual({ names: ['tokyo'], code: 4 });
      expect(err).toBe(
        'warning: placement shop/dangling: there is no ClusterProfile shop/bergen\n' +
          'warning: placement shop/dangling: there is no ClusterProfile lab/narvik\n',
      );
    });

    it('says which there are, and completes them', async () => {
      const { err, code } = await listed('api', ...target());
      expect({ err, code }).toEqual({
        code: 9,
        err: 'error: no placement "api" in the shop namespace\nhint: there are shop/dangling, shop/lab-only, shop/web\n',
      });
      const typed = ['__complete', '--', 'export', 'argocd', ...target(), '--placement', ''];
      // A machine that is busy may not have an answer in time.
      await expect.poll(async () => (await run(typed)).out, { timeout: 30_000 }).toBe('dangling\nlab-only\nweb\n:4\n');
    });

    it('exports what was chosen', async () => {
      const folder = scratch();
      const providers = join(folder, 'providers.json');
      const execConfig = { command: 'login', apiVersion: 'client.authentication.k8s.io/v1' };
      writeFileSync(providers, JSON.stringify({ providers: [{ name: 'google', execConfig }] }));
      const flags = ['--placement', 'web', '-q', '-o', 'json', ...target()];
      const kubeconfigOut = await run(['export', 'kubeconfig', '--provider-file', providers, ...flags]);
      const { clusters } = JSON.parse(kubeconfigOut.out) as { clusters: { name: string }[] };
      expect(clusters.map(({ name }) => name).toSorted()).toEqual(['kyoto', 'oslo', 'tokyo']);
      const secrets = await run(['export', 'argocd', '--provider-file', providers, ...flags]);
      const { items } = JSON.parse(secrets.out) as { items: { stringData: { name: string; server: string } }[] };
      const generator = await run(['export', 'argocd', '--list-generator', ...flags]);
      const [{ list }] = JSON.parse(generator.out) as [{ list: { elements: { cluster: string; url: string }[] } }];
      expect(list.elements.map(({ cluster, url }) => [cluster, url])).toEqual(
        items.map(({ stringData }) => [stringData.name, stringData.server]),
      );
      expect(list.elements.map(({ cluster }) => cluster)).toEqual(['tokyo', 'kyoto', 'oslo']);
      const partial = await run(['export', 'argocd', '--list-generator', ...flags, '--placement', 'dangling']);
      expect(partial.code).toBe(4);
    });

    it('needs the rights to read decisions, and profiles where they are', async () => {
      const grant = (namespace: string, resources: string[]): object[] => {
        const metadata = { name: 'reader', namespace };
        const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' };
        const rules = [{ apiGroups: ['multicluster.x-k8s.io'], resources, verbs: ['get', 'list'] }];
        const apiVersion = 'rbac.authorization.k8s.io/v1';
        const subjects = [{ apiGroup: roleRef.apiGroup, kind: 'User', name: 'viewer' }];
        return [
          { apiVersion, kind: 'Role', metadata, rules },
          { apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects },
        ];
      };
      const viewer = target({ user: 'viewer' });
      await create(...grant('shop', ['clusterprofiles']));
      const refused = await listed('web', ...viewer);
      expect(refused.code).toBe(6);
      expect(refused.err).toContain('hint: kubectl auth can-i list placementdecisions.multicluster.x-k8s.io -n shop');
      const checked = await run(['validate', 'hub', ...viewer]);
      expect(checked.err).toContain('note: PlacementDecisions are not checked: cannot list placementdecisions');
      expect(checked.code).toBe(0);
      await create(...grant('shop', ['clusterprofiles', 'placementdecisions']));
      const elsewhere = await listed('web', ...viewer);
      expect(elsewhere.code).toBe(6);
      expect(elsewhere.err).toContain('hint: kubectl auth can-i list clusterprofiles.multicluster.x-k8s.io -n depot');
      await create(...grant('depot', ['clusterprofiles']));
      expect(await listed('web', ...viewer)).toMatchObject({ code: 0, err: '' });
    });

    it('checks those on the hub', async () => {
      const { out, err } = await run(['validate', 'hub', ...target()]);
      expect([...out.matchAll(/PD\d+/g)].map(String)).toEqual(['PD005']);
      expect(err).toContain('2 ClusterProfiles, 13 PlacementDecisions');
    });

    const objects = ruleCases.flatMap(({ id, title, bad, good }) =>
      id.startsWith('PD')
        ? [
            { name: `${title}, bad`, object: bad },
            { name: `${title}, good`, object: good },
          ].flatMap(({ name, object }) =>
            (Array.isArray(object) ? object : [object])
              .filter((each): each is Tree => typeof each === 'object' && each.kind === 'PlacementDecision')
              .filter((each) => each.apiVersion === 'multicluster.x-k8s.io/v1alpha1')
              .map((object) => ({ name, object })),
          )
        : [],
    );

    /** What makes the API server refuse an object, strict about fields as `kubectl apply` is. */
    const refusing = new Set(['PD001', 'PD002', 'PD006', 'PD011']);
    const agreed = (object: Tree): boolean => {
      const { findings } = lint([{ file: 'f', document: 1, object }], { now });
      // The CRD knows nothing of what the index label means: only its quotes are of its concern.
      const index = ((object.metadata as Tree).labels as Tree | undefined)?.['multicluster.x-k8s.io/decision-index'];
      const free = typeof index === 'string' && index !== '-1';
      return findings.some(({ id }) => refusing.has(id) && !(id === 'PD006' && free));
    };

    it.each(objects)('agrees with the API server on $name', async ({ object }) => {
      const path = `${resource}/namespaces/shop/placementdecisions?dryRun=All&fieldValidation=Strict`;
      const metadata = { ...(object.metadata as Tree) };
      if (typeof metadata.name === 'string' && metadata.name.startsWith('web')) metadata.name = `new-${metadata.name}`;
      const { status, body } = await request(path, 'POST', { ...object, metadata });
      expect({ refused: status >= 300, body }).toEqual({ refused: agreed(object), body });
    });
  });
});
