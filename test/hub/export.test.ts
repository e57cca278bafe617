import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments, stringify, type Document } from 'yaml';
import { startFaultProxy, type FaultProxy } from '../support/hub/fault-proxy.ts';
import { describeHub } from '../support/hub/hub.ts';
import { startHub, type Hub } from '../support/hub/server.ts';
import { kubeconfig } from '../support/hub/kubeconfig.ts';
import { runKubectl } from '../support/hub/kubectl.ts';
import { openCrd, shippedCrds } from '../support/hub/other-crds.ts';
import { run, type Ran } from '../support/run.ts';
import { fixtures, scratch } from '../support/paths.ts';

const folder = join(fixtures, 'kubeconfig', 'export-three-clouds');
const profiles = join(folder, 'export-input.yaml');
const providers = ['--provider-file', join(folder, 'providers.json')];
const words = (text: string): string[] => text.split(' ');

interface Live {
  metadata: { name: string; labels: Record<string, string>; resourceVersion: string };
  data: Record<string, string>;
}

describeHub('export onto a real cluster of the consumer', () => {
  let hub: Hub;
  let stop: () => Promise<void>;
  let proxy: FaultProxy;
  let target: string;

  const kubectl = async (args: string[], input?: object): Promise<string> => {
    const { stdout, stderr, code } = await runKubectl(hub, args, input ? { input: JSON.stringify(input) } : {});
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };
  const secret = async (ns: string, name: string): Promise<Live> =>
    JSON.parse(await kubectl(['get', 'secret', '-n', ns, name, '-o', 'json'])) as Live;
  const names = async (kind: string, ns: string): Promise<string[]> =>
    (await kubectl(['get', kind, '-n', ns, '-o', 'name'])).split('\n').filter(Boolean);
  const exported = (consumer: string, ...flags: string[]): Promise<Ran> =>
    run(['export', consumer, '-f', profiles, '-q', '--target-kubeconfig', target, ...flags]);
  const argocd = (ns: string, ...flags: string[]): Promise<Ran> =>
    exported('argocd', ...providers, '--argocd-namespace', ns, ...flags);
  /** What is printed for Argo CD. */
  async function printed(ns: string): Promise<Document[]> {
    const { out } = await run([...words(`export argocd -f ${profiles} -q --argocd-namespace ${ns}`), ...providers]);
    const documents = parseAllDocuments(out) as Document[];
    expect(documents).toHaveLength(3);
    return documents;
  }
  /** Applies the profiles of a file to Argo CD's namespace, those of all namespaces. */
  const applying =
    (ns: string) =>
    (file: string, ...flags: string[]): Promise<Ran> =>
      run([
        ...words(`export argocd -A -q --apply --argocd-namespace ${ns} --target-kubeconfig ${target} -f ${file}`),
        ...providers,
        ...flags,
      ]);
  const fresh = async (name: string): Promise<string> => {
    await kubectl(['create', 'namespace', name]);
    return name;
  };
  /** The profiles without one of them. */
  function without(name: string): string {
    const file = join(scratch(), 'profiles.yaml');
    const objects = parseAllDocuments(readFileSync(profiles, 'utf8')).map(
      (document) => document.toJS() as { metadata: { name: string } },
    );
    writeFileSync(
      file,
      objects
        .filter(({ metadata }) => metadata.name !== name)
        .map((each) => stringify(each))
        .join('---\n'),
    );
    return file;
  }

  beforeAll(async () => {
    ({ hub, stop } = await startHub());
    proxy = await startFaultProxy(hub);
    target = join(scratch(), 'target.json');
    writeFileSync(target, kubeconfig({ ...hub, url: proxy.url }));
    for (const crd of [
      openCrd('kueue.x-k8s.io', 'MultiKueueCluster', 'multikueueclusters', ['v1beta2'], 'Cluster'),
      openCrd('kueue.x-k8s.io', 'MultiKueueConfig', 'multikueueconfigs', ['v1beta2'], 'Cluster'),
      openCrd('lib.projectsveltos.io', 'SveltosCluster', 'sveltosclusters', ['v1beta1'], 'Namespaced'),
      openCrd('fleet.cattle.io', 'Cluster', 'clusters', ['v1alpha1'], 'Namespaced'),
      openCrd('operator.knative.dev', 'KnativeServing', 'knativeservings', ['v1beta1'], 'Namespaced'),
      openCrd('cluster.clusterpedia.io', 'PediaCluster', 'pediaclusters', ['v1alpha2'], 'Cluster'),
    ])
      await kubectl(['apply', '--server-side', '-f', '-'], crd);
    // The projects' own CRDs are laid over ours where they are at hand.
    for (const file of shippedCrds().filter((path) => /\/(kueue|sveltos)\//.test(path)))
      await kubectl(['apply', '--server-side', '--force-conflicts', '-f', file]);
    await kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']);
  }, 120_000);

  afterAll(async () => {
    await proxy.close();
    await stop();
  });

  it('Argo CD: created, unchanged without a write, configured; what is there is what is printed', async () => {
    const ns = await fresh('argocd');
    expect(await argocd(ns, '--diff')).toMatchObject({ code: 1 });
    expect(await argocd(ns, '--apply', '--dry-run=server')).toMatchObject({ code: 0 });
    expect(await names('secret', ns)).toEqual([]);
    const first = await argocd(ns, '--apply');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out.split('\n').filter(Boolean)).toEqual(
      ['aks-prod-eu', 'onprem-lab', 'shop-prod-us-central1'].map((name) => `secret/cluster-${name} created`),
    );
    for (const document of await printed(ns)) {
      const wanted = document.toJS() as Live & { stringData: Record<string, string> };
      const live = await secret(ns, wanted.metadata.name);
      expect(live.metadata.labels).toEqual(wanted.metadata.labels);
      const texts = Object.entries(live.data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
      expect(Object.fromEntries(texts)).toEqual(wanted.stringData);
    }
    const before = proxy.requests.length;
    const again = await argocd(ns, '--apply');
    expect(again.out).toMatch(/^(secret\/\S+ unchanged\n){3}$/);
    // Its own Secrets, and those that Argo CD knows from others.
    expect(proxy.requests.slice(before).map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(await argocd(ns, '--diff')).toEqual({ code: 0, out: '', err: '' });
    await kubectl([
      'label',
      'secret',
      '-n',
      ns,
      'cluster-onprem-lab',
      'env=changed',
      '--overwrite',
      '--field-manager=clusterprofile/export-argocd',
    ]);
    expect(await argocd(ns, '--apply', '--force-conflicts')).toMatchObject({
      code: 0,
      out: expect.stringContaining('secret/cluster-onprem-lab configured') as string,
    });
  });

  it('never shows a value of a Secret in a diff, unless asked', async () => {
    const ns = await fresh('covered');
    await argocd(ns, '--apply');
    const patch = { data: { config: Buffer.from('{"bearerToken":"LEAKCANARY"}').toString('base64') } };
    await kubectl(['patch', 'secret', '-n', ns, 'cluster-onprem-lab', '-p', JSON.stringify(patch)]);
    for (const format of ['yaml', 'json']) {
      const { out, err } = await argocd(ns, '--diff', '--force-conflicts', '-o', format);
      expect(`${out}${err}`).not.toMatch(/LEAKCANARY|TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ/);
      expect(out).toContain('*** (before)');
    }
    for (const flag of ['--diff', '--apply']) {
      const refused = await argocd(ns, flag);
      expect(refused.code).toBe(5);
      expect(`${refused.out}${refused.err}`).not.toMatch(/LEAKCANARY|TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ/);
    }
    expect((await argocd(ns, '--diff', '--force-conflicts', '--show-secrets')).out).toMatch(
      /TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ/,
    );
  });

  it('never shows a token in a PediaCluster either', async () => {
    const embedded = join(folder, '..', '..', 'clusterpedia', 'export-token-embedded', 'providers.json');
    const clusterpedia = (...flags: string[]): Promise<Ran> =>
      exported('clusterpedia', '--provider-file', embedded, '--credentials=embed', '-l', 'env=lab', ...flags);
    const shown = /LEAKCANARY|TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ|PFRPS0VO|TOKEN-READ/;
    const created = await clusterpedia('--diff');
    expect(created).toMatchObject({ code: 1, out: expect.stringContaining('+  tokenData: "***"') as string });
    expect(created.out).toContain('apiserver: https://');
    expect(await clusterpedia('--apply')).toMatchObject({ code: 0 });
    const patch = { spec: { tokenData: Buffer.from('LEAKCANARY').toString('base64') } };
    await kubectl(['patch', 'pediacluster', 'onprem-lab', '--type=merge', '-p', JSON.stringify(patch)]);
    for (const flags of [['--diff'], ['--apply'], ['--diff', '--force-conflicts'], ['--diff', '-o', 'json']]) {
      const { out, err, code } = await clusterpedia(...flags);
      expect(code, flags.join(' ')).toBeGreaterThan(0);
      expect(`${created.out}${out}${err}`, flags.join(' ')).not.toMatch(shown);
    }
    await kubectl(['delete', 'pediacluster', 'onprem-lab']);

    // Nor where the server itself quotes it.
    const pediaCrd = openCrd('cluster.clusterpedia.io', 'PediaCluster', 'pediaclusters', ['v1alpha2'], 'Cluster');
    const strict = structuredClone(pediaCrd) as { spec: { versions: [{ schema: { openAPIV3Schema: object } }] } };
    const tokenData = { type: 'string', pattern: '^none$' };
    Object.assign(strict.spec.versions[0].schema.openAPIV3Schema, {
      properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { tokenData } } },
    });
    await kubectl(['apply', '--server-side', '-f', '-'], strict);
    let refused = await clusterpedia('--apply', '--dry-run=server');
    for (const end = Date.now() + 20_000; refused.code === 0 && Date.now() < end;)
      refused = await clusterpedia('--apply', '--dry-run=server');
    expect(refused).toMatchObject({
      code: 3,
      err: expect.stringMatching(/tokenData: Invalid value: .?"\*\*\*/) as string,
    });
    expect(refused.err).not.toMatch(shown);
    await kubectl(['apply', '--server-side', '-f', '-'], pediaCrd);
  });

  it('leaves a Secret of somebody else alone, even with --force-conflicts, and never reads it', async () => {
    const ns = await fresh('foreign');
    const metadata = { name: 'cluster-onprem-lab', namespace: ns };
    await kubectl(['create', '-f', '-'], {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      stringData: { a: 'LEAKCANARY' },
    });
    const before = proxy.requests.length;
    const { code, err } = await argocd(ns, '--apply', '--force-conflicts');
    expect({ code, err }).toMatchObject({
      code: 5,
      err: expect.stringContaining('this tool did not make it') as string,
    });
    expect(proxy.requests.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect((await secret(ns, 'cluster-onprem-lab')).data).toEqual({ a: Buffer.from('LEAKCANARY').toString('base64') });
    expect(await argocd(ns, '--apply', '--skip-refused')).toMatchObject({ code: 4 });
    expect(await names('secret', ns)).toHaveLength(3);
  });

  it('leaves what a controller made that copies labels of profiles, even with --force-conflicts: Sveltos', async () => {
    const ns = await fresh('inventory-of-sveltos');
    const moved = join(scratch(), 'profiles.yaml');
    writeFileSync(moved, readFileSync(profiles, 'utf8').replaceAll(/namespace: .*/g, `namespace: ${ns}`));
    const sveltos = (...flags: string[]): Promise<Ran> =>
      run([
        ...words(`export sveltos -A -q -l env=lab --apply --credentials=exec-kubeconfig -f ${moved}`),
        ...words(`--target-kubeconfig ${target}`),
        ...providers,
        ...flags,
      ]);
    // What clusterinventory-controller writes: the labels of the profile, the one of this tool among them.
    const theirs = {
      apiVersion: 'lib.projectsveltos.io/v1beta1',
      kind: 'SveltosCluster',
      metadata: {
        name: 'onprem-lab',
        namespace: ns,
        labels: { 'app.kubernetes.io/managed-by': 'clusterprofile', env: 'lab' },
      },
      spec: { kubeconfigName: 'onprem-lab-theirs' },
    };
    await kubectl(['create', '--field-manager=clusterinventory-controller', '-f', '-'], theirs);
    for (const flags of [[], ['--force-conflicts'], ['--prune', '--yes', '--instance=lab', '--force-conflicts']])
      expect(await sveltos(...flags)).toMatchObject({
        code: 5,
        err: expect.stringContaining('onprem-lab: it is there already, and this tool did not make it') as string,
      });
    const live = await kubectl(['get', 'sveltoscluster', '-n', ns, 'onprem-lab', '-o', 'json']);
    expect((JSON.parse(live) as { spec: object }).spec).toMatchObject(theirs.spec);
    expect(await names('secret,sveltosclusters', ns)).toHaveLength(1);
  });

  it.each([
    ['argocd', '--argocd-namespace', 'cluster-onprem-lab', {}],
    ['kiali', '--kiali-namespace', 'kiali-remote-cluster-secret-onprem-lab', {}],
    [
      'istio',
      '--istio-namespace',
      'istio-remote-secret-onprem-lab',
      { 'clusterprofile.dev/origin': 'inventory/other' },
    ],
  ])('takes no label of its own for a sign that it made the object: %s', async (consumer, flag, name, annotations) => {
    const ns = await fresh(`copied-${consumer}`);
    const labels = { 'app.kubernetes.io/managed-by': 'clusterprofile' };
    const metadata = { name, namespace: ns, labels, annotations };
    await kubectl(['apply', '--server-side', '--field-manager=copier', '-f', '-'], {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      stringData: { a: 'b' },
    });
    const how = consumer === 'istio' ? ['--credentials=exec'] : [];
    const ran = await exported(consumer, ...providers, ...how, flag, ns, '--apply', '--force-conflicts');
    expect(ran).toMatchObject({ code: 5, err: expect.stringContaining('this tool did not make it') as string });
    expect((await secret(ns, name)).data).toEqual({ a: 'Yg==' });
  });

  it('takes over what kubectl applied of its output, where that is asked for', async () => {
    const ns = await fresh('printed');
    for (const document of await printed(ns)) await kubectl(['apply', '-f', '-'], document.toJS() as object);
    expect(await argocd(ns, '--apply')).toMatchObject({
      code: 5,
      err: expect.stringContaining('applied with kubectl (--force-conflicts takes it over)') as string,
    });
    expect(await argocd(ns, '--apply', '--force-conflicts')).toMatchObject({ code: 0 });
    expect(await argocd(ns, '--apply')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^(secret\/\S+ unchanged\n){3}$/) as string,
    });
  });

  it('says which Secrets of others have a server of its own: Argo CD', async () => {
    const ns = await fresh('twice');
    const labels = { 'argocd.argoproj.io/secret-type': 'cluster' };
    const foreign = (name: string, server: string): object => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: ns, labels },
      stringData: { name, server, config: '{"bearerToken":"LEAKCANARY"}' },
    });
    await kubectl(['create', '-f', '-'], foreign('inventory.onprem-lab', 'https://10.20.0.10:6443/'));
    await kubectl(['create', '-f', '-'], foreign('elsewhere', 'https://10.20.0.99:6443'));
    const said = `warning: ${ns}/inventory.onprem-lab and ${ns}/cluster-onprem-lab have one server, and Argo CD uses one of them\n`;
    const loud = (...flags: string[]): Promise<Ran> =>
      run([
        ...words(`export argocd -f ${profiles} --target-kubeconfig ${target} --argocd-namespace ${ns}`),
        ...providers,
        ...flags,
      ]);
    for (const flags of [['--diff'], ['--apply'], ['--apply', '--dry-run=server']]) {
      const { err } = await loud(...flags);
      expect(err).toContain(said);
      expect(err).not.toMatch(/elsewhere|LEAKCANARY/);
    }
    expect((await loud('--apply', '--dry-run=client')).err).not.toContain('have one server');
  });

  it('says which Secrets of others have a cluster id of its own: Istio', async () => {
    const ns = await fresh('istio-twice');
    const labels = { 'istio/multiCluster': 'true' };
    await kubectl(['create', '-f', '-'], {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'by-istioctl', namespace: ns, labels },
      stringData: { 'onprem-lab': 'LEAKCANARY' },
    });
    const { err } = await run([
      ...words(`export istio -f ${profiles} --target-kubeconfig ${target} --istio-namespace ${ns} --credentials=exec`),
      ...words('--diff'),
      ...providers,
    ]);
    expect(err).toContain(
      `${ns}/by-istioctl and ${ns}/istio-remote-secret-onprem-lab have one cluster id, and istiod takes one of them\n`,
    );
    expect(err).not.toContain('LEAKCANARY');
  });

  it('prunes what it made and what is gone, behind every guard', async () => {
    const ns = await fresh('pruned');
    const apply = applying(ns);
    await apply(profiles);
    await exported('kiali', ...providers, '--kiali-namespace', ns, '--apply');
    const fewer = without('onprem-lab');
    const empty = join(scratch(), 'empty.yaml');
    writeFileSync(empty, '');
    expect((await apply(fewer, '--prune', '-l', 'env=prod')).code).toBe(5);
    expect((await apply(empty, '--prune')).code).toBe(5);
    expect((await apply(fewer, '--prune')).code).toBe(2);
    expect((await apply(fewer, '--prune', '--yes', '--max-delete', '0')).code).toBe(5);
    expect((await apply(fewer, '--prune', '--yes', '--instance', 'other')).out).not.toContain('deleted');
    expect(await names('secret', ns)).toHaveLength(6);
    const { out, code } = await apply(fewer, '--prune', '--yes');
    expect({ out, code }).toMatchObject({
      code: 0,
      out: expect.stringContaining('secret/cluster-onprem-lab deleted') as string,
    });
    expect(await names('secret', ns)).toHaveLength(5);
    const all = ['--prune', '--yes', '--allow-empty', '--max-delete', '100%'];
    // The run under another name has written them too.
    expect((await apply(empty, ...all)).out).toMatch(/^(secret\/\S+ released\n){2}$/);
    expect((await apply(empty, ...all, '--instance', 'other')).out).toMatch(/^(secret\/\S+ deleted\n){2}$/);
    expect(await names('secret', ns)).toEqual(
      ['aks-prod-eu', 'onprem-lab', 'shop-prod-us-central1'].map(
        (name) => `secret/kiali-remote-cluster-secret-${name}`,
      ),
    );
  });

  it('deletes nothing in a dry run, and asks before a run that is none', async () => {
    const ns = await fresh('dry');
    const apply = applying(ns);
    await apply(profiles);
    const fewer = without('onprem-lab');
    expect(await apply(fewer, '--prune', '--dry-run=server')).toMatchObject({
      code: 0,
      out: expect.stringContaining('secret/cluster-onprem-lab deleted (server dry run)') as string,
    });
    expect(await apply(fewer, '--prune', '--dry-run=none')).toMatchObject({ code: 2 });
    expect(await apply(fewer, '--prune', '--dry-run=client')).toMatchObject({ code: 2 });
    expect(await names('secret', ns)).toHaveLength(3);
    expect(await apply(fewer, '--prune', '--dry-run=none', '--yes')).toMatchObject({ code: 0 });
    expect(await names('secret', ns)).toHaveLength(2);
  });

  it('leaves what another instance has written too, and deletes it with the last one', async () => {
    const ns = await fresh('shared');
    const apply = applying(ns);
    const prune = ['--prune', '--yes', '--max-delete=100%'];
    await apply(profiles, '--instance=a');
    await apply(profiles, '--instance=b');
    const before = await secret(ns, 'cluster-onprem-lab');
    expect((await apply(without('onprem-lab'), '--instance=a', ...prune)).out).toContain(
      'secret/cluster-onprem-lab released\n',
    );
    const after = await secret(ns, 'cluster-onprem-lab');
    expect([after.data, after.metadata.labels]).toEqual([before.data, before.metadata.labels]);
    expect((await apply(profiles, '--instance=b')).out).toMatch(/^(secret\/\S+ unchanged\n){3}$/);
    expect((await apply(without('onprem-lab'), '--instance=b', ...prune)).out).toContain(
      'secret/cluster-onprem-lab deleted\n',
    );
    expect(await names('secret', ns)).toHaveLength(2);
  });

  it('takes nothing from an object that another instance would be left with', async () => {
    const ns = await fresh('forced');
    const apply = applying(ns);
    const moved = join(scratch(), 'profiles.yaml');
    writeFileSync(moved, readFileSync(profiles, 'utf8').replaceAll('10.20.0.10', '10.20.0.11'));
    await apply(profiles, '--instance=a');
    expect(await apply(moved, '--instance=b', '--force-conflicts')).toMatchObject({ code: 0 });
    const prune = ['--prune', '--yes', '--max-delete=100%', '--instance=b'];
    expect(await apply(without('onprem-lab'), ...prune)).toMatchObject({
      code: 5,
      err: expect.stringMatching(/export-argocd\/a has written it too, and would be left without data\./) as string,
    });
    expect(Object.keys((await secret(ns, 'cluster-onprem-lab')).data)).toEqual(['config', 'name', 'server']);
    await apply(profiles, '--instance=a', '--force-conflicts');
    expect((await apply(without('onprem-lab'), ...prune)).out).toContain('secret/cluster-onprem-lab released\n');
  });

  it('prunes where the objects are, not where their profiles are: Rancher Fleet', async () => {
    const ns = await fresh('fleet-default');
    const embedded = join(folder, '..', '..', 'clusterpedia', 'export-token-embedded', 'providers.json');
    const fleet = (file: string, ...flags: string[]): Promise<Ran> =>
      run([
        ...words('export fleet -n inventory -q -l env=lab --instance=lab --apply --credentials=embed'),
        ...words(`-f ${file} --provider-file ${embedded} --target-kubeconfig ${target}`),
        ...flags,
      ]);
    expect(await fleet(profiles)).toMatchObject({ code: 0 });
    expect(await names('secret,clusters.fleet.cattle.io', ns)).toHaveLength(2);
    const gone = await fleet(without('onprem-lab'), '--prune', '--yes', '--allow-empty', '--max-delete=100%');
    expect(gone.out).toBe('cluster.fleet.cattle.io/onprem-lab deleted\nsecret/onprem-lab-kubeconfig deleted\n');
    expect(await names('secret,clusters.fleet.cattle.io', ns)).toEqual([]);
  });

  it('takes no installation of Knative away that a flag had asked for', async () => {
    await fresh('knative-operator');
    const ns = await fresh('knative-serving');
    const knative = (...flags: string[]): Promise<Ran> =>
      exported('knative', ...providers, '-A', '--apply', '--prune', '--yes', ...flags);
    expect(await knative('--serving', 'onprem-lab')).toMatchObject({ code: 0 });
    expect(await knative()).toMatchObject({ code: 0, out: 'configmap/clusterprofile-provider-file unchanged\n' });
    expect(await names('knativeserving', ns)).toHaveLength(1);
  });

  it.each([
    ['kueue', [], /multikueueconfig\.kueue\.x-k8s\.io\/all-profiles created/],
    [
      'sveltos',
      ['--skip-refused', '--create-namespace'],
      /sveltoscluster\.lib\.projectsveltos\.io\/shop-prod-us-central1 created/,
    ],
    [
      'sveltos',
      ['--credentials=exec-kubeconfig', ...providers, '--create-namespace'],
      /secret\/onprem-lab-sveltos-kubeconfig created/,
    ],
    [
      'istio',
      ['--credentials=exec', ...providers, '--create-namespace'],
      /secret\/istio-remote-secret-onprem-lab created/,
    ],
    ['clusterpedia', [], /pediacluster\.cluster\.clusterpedia\.io\/onprem-lab created/],
    ['flux', ['--skip-refused', '--create-namespace'], /configmap\/aks-prod-eu-kubeconfig created/],
  ])('%s: its objects are accepted, and unchanged the second time', async (consumer, flags, line) => {
    const first = await exported(consumer, ...flags, '--apply');
    expect(first.out).toMatch(line);
    const before = proxy.requests.length;
    const second = await exported(consumer, ...flags, '--apply');
    expect(second.out).not.toMatch(/created|configured/);
    expect(proxy.requests.slice(before).filter(({ method }) => method === 'PATCH')).toEqual([]);
    expect((await exported(consumer, ...flags, '--diff')).out).toBe('');
  });

  it('says what is missing where the consumer is not installed, and who has no cluster', async () => {
    await kubectl(['delete', 'crd', 'pediaclusters.cluster.clusterpedia.io']);
    expect(await exported('clusterpedia', '--diff')).toMatchObject({
      code: 7,
      err: expect.stringContaining('pediaclusters.cluster.clusterpedia.io') as string,
    });
    expect(await exported('kubeconfig', ...providers, '--apply')).toMatchObject({ code: 2 });
    expect(await argocd('argocd', '--prune')).toMatchObject({ code: 2 });
    expect(await argocd('argocd', '--list-generator', '--diff')).toMatchObject({ code: 2 });
    expect(await argocd('argocd', '--apply', '--diff')).toMatchObject({ code: 2 });
  });
});
