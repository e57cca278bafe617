import { describe, expect, it, onTestFinished } from 'vitest';
import { startFaultProxy } from '../../support/hub/fault-proxy.ts';
import { describeHub, kubeconfigFor, kubectl, namespace, theHub } from '../../support/hub/hub.ts';
import { property, type Tree } from '../../support/profiles.ts';
import { run, type Ran } from '../../support/run.ts';
import { writeProviders, writeScratch, written } from '../../support/written.ts';

const apply = async (object: object, ...more: string[]): Promise<void> => {
  const { code, stderr } = await kubectl(['apply', '-f', '-', ...more], { input: JSON.stringify(object) });
  expect(code, stderr).toBe(0);
};

/** As another controller does: the object, and its status apart. */
async function applyAs(manager: string, object: Tree): Promise<void> {
  const words = ['--server-side', `--field-manager=${manager}`];
  await apply(object, ...words);
  await apply(object, ...words, '--subresource=status');
}

const read = async (ns: string, name = 'tokyo'): Promise<Tree> =>
  JSON.parse((await kubectl(['get', 'clusterprofile', name, '-n', ns, '-o', 'json'])).stdout) as Tree;

const labelsOf = (object: Tree): Tree => (object['metadata'] as { labels: Tree }).labels;

const counts = (configured: number, unchanged: number): string =>
  `0 created, ${configured} configured, ${unchanged} unchanged, 0 deleted\n`;

async function place(): Promise<{ ns: string; on: (verb: string, object: Tree, ...more: string[]) => Promise<Ran> }> {
  const ns = await namespace();
  const hub = ['--kubeconfig', kubeconfigFor({ namespace: ns })];
  return {
    ns,
    on: (verb, object, ...more) => run([verb, '-f', writeScratch('tokyo.json', [object]), ...hub, ...more]),
  };
}

const legacy = { metadata: { labels: { legacy: 'yes' } } };

describeHub('what client-side apply wrote', () => {
  it('becomes ours with the first apply, so that the next can take it away', async () => {
    const { ns, on } = await place();
    await apply(written('tokyo', ns, legacy));
    expect(await on('apply', written('tokyo', ns, legacy))).toMatchObject({ code: 0, err: counts(1, 0) });
    expect(await on('apply', written('tokyo', ns, legacy))).toMatchObject({ code: 0, err: counts(0, 1) });
    const managers = ((await read(ns))['metadata'] as { managedFields?: Tree[] }).managedFields ?? [];
    expect(managers.map(({ manager }) => manager)).not.toContain('kubectl-client-side-apply');
    const differs = await on('diff', written('tokyo', ns));
    expect(differs).toMatchObject({ code: 1, err: '1 to change\n' });
    expect(differs.out).toMatch(/^-    legacy: "yes"$/m);
    expect(await on('apply', written('tokyo', ns))).toMatchObject({ code: 0, err: counts(1, 0) });
    expect(labelsOf(await read(ns))).not.toHaveProperty('legacy');
    expect(await on('diff', written('tokyo', ns))).toEqual({ code: 0, out: '', err: '' });
  });

  it('is taken over and away in one step, as diff shows it', async () => {
    const { ns, on } = await place();
    await apply(written('tokyo', ns, { ...legacy, status: undefined }));
    const wanted = written('tokyo', ns, { status: undefined });
    const differs = await on('diff', wanted);
    expect(differs.out.split('\n').filter((line) => /^[-+] /.test(line))).toEqual(['-    legacy: "yes"']);
    expect(differs.code).toBe(1);
    expect(await on('apply', wanted, '--dry-run=server')).toMatchObject({ code: 0 });
    expect(labelsOf(await read(ns))).toHaveProperty('legacy');
    expect(await on('apply', wanted)).toMatchObject({ code: 0, err: counts(1, 0) });
    const object = await read(ns);
    expect(labelsOf(object)).not.toHaveProperty('legacy');
    expect(object['metadata']).not.toHaveProperty('annotations');
    expect(await on('apply', wanted)).toMatchObject({ code: 0, err: counts(0, 1) });
  });

  it('is a conflict where its value is another', async () => {
    const { ns, on } = await place();
    await apply(written('tokyo', ns, legacy));
    const other = written('tokyo', ns, { metadata: { labels: { legacy: 'no' } } });
    const refused = await on('apply', other);
    expect(refused).toMatchObject({ code: 5 });
    expect(refused.err).toContain('.metadata.labels.legacy   kubectl-client-side-apply (update)   yes      no\n');
    expect(await on('apply', other, '--force-conflicts')).toMatchObject({ code: 0 });
    expect(labelsOf(await read(ns))).toMatchObject({ legacy: 'no' });
    expect(await on('diff', written('tokyo', ns))).toMatchObject({ code: 1 });
    expect(await on('apply', written('tokyo', ns))).toMatchObject({ code: 0 });
    expect(labelsOf(await read(ns))).not.toHaveProperty('legacy');
  });

  it('is looked at again where somebody wrote in between', async () => {
    const ns = await namespace();
    await apply(written('tokyo', ns, legacy));
    const proxy = await startFaultProxy(theHub());
    onTestFinished(() => proxy.close());
    let failed = 0;
    const body = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'Conflict',
      code: 409,
      message: 'again',
    };
    proxy.inject(({ method, headers }) =>
      method === 'PATCH' && headers['content-type']?.includes('json-patch') && failed++ === 0
        ? { reply: { status: 409, body } }
        : undefined,
    );
    const kubeconfig = kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } });
    const file = writeScratch('tokyo.json', [written('tokyo', ns)]);
    expect(await run(['apply', '-f', file, '--kubeconfig', kubeconfig])).toMatchObject({ code: 0, err: counts(1, 0) });
    expect(failed).toBe(2);
    expect(labelsOf(await read(ns))).not.toHaveProperty('legacy');
  });
});

describeHub('what another manager owns too', () => {
  const zone = (more: Tree = {}): Tree => property('zone', 'asia-1', more);
  const own = written('tokyo', '')['status'] as { properties: Tree[]; accessProviders: Tree[]; conditions: Tree[] };
  const more = {
    label: legacy,
    property: { status: { properties: [...own.properties, zone()] } },
    'access provider': {
      status: {
        accessProviders: [...own.accessProviders, { name: 'vpn', cluster: { server: 'https://vpn.example.com' } }],
      },
    },
    annotation: { metadata: { annotations: { 'example.com/team': 'shop' } } },
  };

  describe('stays, and is no difference', () => {
    it.each([
      ['label', 'metadata.labels.legacy'],
      ['property', 'status.properties[name="zone"]'],
      ['access provider', 'status.accessProviders[name="vpn"]'],
      ['annotation', 'metadata.annotations.example.com/team'],
    ] as const)('%s', async (what, field) => {
      const { ns, on } = await place();
      const full = written('tokyo', ns, more[what]);
      expect(await on('apply', full)).toMatchObject({ code: 0 });
      await applyAs('other', full);
      const warning = `warning: ${ns}/tokyo: ${field} stays: other owns it too\n`;
      expect(await on('diff', written('tokyo', ns))).toEqual({ code: 0, out: '', err: warning });
      const before = await read(ns);
      expect(await on('apply', written('tokyo', ns))).toMatchObject({ code: 0, err: `${warning}${counts(1, 0)}` });
      const after = await read(ns);
      expect({ ...after, metadata: undefined }).toEqual({ ...before, metadata: undefined });
      // It has been given up: nothing is left to say.
      expect(await on('diff', written('tokyo', ns))).toEqual({ code: 0, out: '', err: '' });
      expect(await on('apply', written('tokyo', ns))).toMatchObject({ code: 0, err: counts(0, 1) });
    });
  });

  it('stays beside what goes', async () => {
    const { ns, on } = await place();
    const full = written('tokyo', ns, { metadata: { labels: { legacy: 'yes', gone: 'yes' } }, ...more.property });
    await on('apply', full);
    await applyAs('other', written('tokyo', ns, { ...legacy, ...more.property }));
    const differs = await on('diff', written('tokyo', ns));
    expect(differs.out.split('\n').filter((line) => /^[-+] /.test(line))).toEqual(['-    gone: "yes"']);
    expect(differs).toMatchObject({
      code: 1,
      err:
        `warning: ${ns}/tokyo: metadata.labels.legacy stays: other owns it too\n` +
        `warning: ${ns}/tokyo: status.properties[name="zone"] stays: other owns it too\n1 to change\n`,
    });
    const rows = JSON.parse((await on('diff', written('tokyo', ns), '-o', 'json')).out) as Tree[];
    expect(rows).toMatchObject([
      {
        action: 'update',
        changes: [{ path: '/metadata/labels/gone', op: 'remove' }],
        kept: [/legacy/, /zone/].map((each) => expect.stringMatching(each) as string),
      },
    ]);
  });

  it('stays in an import, also what a person applied', async () => {
    const ns = await namespace();
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'tokyo', cluster: { server: 'https://tokyo.example.com' } }],
    };
    const words = ['import', 'kubeconfig', '-f', writeScratch('config.json', JSON.stringify(config)), '-n', ns];
    const hub = ['--kubeconfig', kubeconfigFor({ namespace: ns })];
    const retail = await run([...words, '--clusterset', 'retail', '-o', 'json']);
    const printed = JSON.parse(retail.out) as Tree;
    await run([...words, '--clusterset', 'retail', '--apply', ...hub]);
    await applyAs('fleet-admin', { ...printed });
    const again = await run([...words, '--diff', ...hub]);
    expect(again).toMatchObject({ code: 0, out: '' });
    expect(again.err).toContain('status.properties[name="clusterset.k8s.io"] stays: fleet-admin owns it too\n');
    await apply(written('oslo', ns, { metadata: { labels: { team: 'shop' } }, status: undefined }));
    const oslo = await run([
      ...words.slice(0, 3),
      writeScratch('config.json', JSON.stringify({ ...config, clusters: [{ ...config.clusters[0], name: 'oslo' }] })),
      '-n',
      ns,
      '--cluster-manager',
      'shop-fleet',
      '--apply',
      '--force-conflicts',
      ...hub,
    ]);
    expect(oslo, oslo.err).toMatchObject({ code: 0 });
    expect(labelsOf(await read(ns, 'oslo'))).toMatchObject({ team: 'shop' });
  });

  it('stays in what an export has written', async () => {
    const ns = await namespace();
    const exported = (...words: string[]): Promise<Ran> =>
      run([
        'export',
        'argocd',
        '--provider-file',
        writeProviders(),
        '--argocd-namespace',
        ns,
        '-f',
        writeScratch('tokyo.json', [written('tokyo', ns, legacy)]),
        '--kubeconfig',
        kubeconfigFor({ namespace: ns }),
        ...words,
      ]);
    const labelled = ['--label-from', 'property:clusterset.k8s.io=set'];
    expect(await exported('--apply', ...labelled)).toMatchObject({ code: 0 });
    const [name = ''] = (await kubectl(['get', 'secrets', '-n', ns, '-o', 'name'])).stdout.split('\n');
    const metadata = { name: name.replace('secret/', ''), namespace: ns, labels: { set: 'retail' } };
    await apply({ apiVersion: 'v1', kind: 'Secret', metadata }, '--server-side', '--field-manager=other');
    const stays = `warning: Secret ${ns}/${metadata.name}: metadata.labels.set stays: other owns it too\n`;
    expect(await exported('--diff')).toMatchObject({ code: 0, out: '', err: expect.stringContaining(stays) as string });
    expect((await exported('--apply')).err).toContain(stays);
    expect((await exported('--apply')).err).not.toContain('stays');
  });
});
