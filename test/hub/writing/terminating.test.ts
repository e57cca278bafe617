import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeHub, kubeconfigFor, kubectl, namespace } from '../../support/hub/hub.ts';
import { scratch } from '../../support/paths.ts';
import { run, type Ran } from '../../support/run.ts';
import { writeProviders, writeScratch, written } from '../../support/written.ts';

const finalizer = 'clusterinventory.projectsveltos.io/finalizer';
const warning = (name: string): string =>
  `warning: Detected changes to resource ${name} which is currently being deleted\n`;
const providers = ['--provider-file', writeProviders()];
const note = (name: string): string => `note: ${name}: terminating, waiting for finalizers ${finalizer}\n`;

const hold = async (kind: string, name: string, ns: string, finalizers: string[] | null): Promise<void> => {
  const patch = JSON.stringify({ metadata: { finalizers } });
  const { code, stderr } = await kubectl(['patch', kind, name, '-n', ns, '--type=merge', '-p', patch]);
  expect(code, stderr).toBe(0);
};

/** A hub's namespace with two profiles that this tool applied, of which `tokyo` has a finalizer. */
async function withFinalizer(): Promise<{ ns: string; file: string; ran: (...words: string[]) => Promise<Ran> }> {
  const ns = await namespace();
  const file = writeScratch('fleet.json', [written('tokyo', ns), written('oslo', ns)]);
  const hub = ['--kubeconfig', kubeconfigFor({ namespace: ns })];
  const ran = (...words: string[]): Promise<Ran> => run([...words, ...hub]);
  expect(await ran('apply', '-f', file)).toMatchObject({ code: 0 });
  await hold('clusterprofile', 'tokyo', ns, [finalizer]);
  return { ns, file, ran };
}

describeHub('a profile that waits for its finalizers', () => {
  it('is terminating for whoever deletes, reads, writes and exports it', async () => {
    const { ns, file, ran } = await withFinalizer();
    expect(await ran('delete', 'tokyo', '--yes')).toEqual({
      code: 0,
      out: 'clusterprofile.multicluster.x-k8s.io/tokyo terminating\n',
      err: `${note(`${ns}/tokyo`)}0 created, 0 configured, 0 unchanged, 0 deleted, 1 terminating\n`,
    });
    const { out } = await ran('list', '--no-headers');
    expect(out).toMatch(/^tokyo +shop-fleet +retail +Terminating /m);
    expect(out).toMatch(/^oslo +shop-fleet +retail +True /m);
    const described = await ran('describe', 'tokyo');
    expect(described.out).toMatch(
      /^Status: +Terminating \(lasts \d+s\)\nFinalizers: +clusterinventory\.\S+\/finalizer$/m,
    );
    expect((await ran('describe', 'oslo')).out).not.toContain('Terminating');
    expect(await ran('diff', '-f', file)).toEqual({ code: 0, out: '', err: warning('tokyo') });
    const unchanged = await ran('apply', '-f', file);
    expect(unchanged).toMatchObject({
      code: 0,
      err: `${warning('tokyo')}0 created, 0 configured, 2 unchanged, 0 deleted\n`,
    });
    const changed = writeScratch('changed.json', [written('tokyo', ns, { spec: { displayName: 'Tokyo again' } })]);
    const differs = await ran('diff', '-f', changed);
    expect(differs).toMatchObject({ code: 1, err: `${warning('tokyo')}1 to change\n` });
    const applied = await ran('apply', '-f', changed);
    expect(applied.err).toBe(`${warning('tokyo')}0 created, 1 configured, 0 unchanged, 0 deleted\n`);
    expect((await ran('apply', '-f', changed, '--quiet')).err).toBe('');
    const exported = await ran('export', 'argocd', ...providers);
    expect(exported.err).toContain(`note: left out, being deleted: ${ns}/tokyo\n`);
    expect(exported.out).toContain('oslo');
    expect(exported.out).not.toContain('tokyo');
  });

  it('is waited for with --wait, for as long as --timeout says', async () => {
    const { ns, ran } = await withFinalizer();
    const late = await ran('delete', 'tokyo', '--yes', '--wait', '--timeout', '2s');
    expect(late).toMatchObject({ code: 8 });
    expect(late.err).toContain(`error: still there, waiting for finalizers ${finalizer}: ${ns}/tokyo\n`);
    const waiting = ran('delete', 'tokyo', '--yes', '--wait', '--timeout', '40s');
    await sleep(1500);
    await hold('clusterprofile', 'tokyo', ns, null);
    expect(await waiting).toMatchObject({ code: 0 });
    expect(await ran('list', 'tokyo')).toMatchObject({ code: 9 });
  });

  it('is waited for without the one that has its name since', async () => {
    const { ns, file, ran } = await withFinalizer();
    const waiting = ran('delete', 'tokyo', '--yes', '--wait', '--timeout', '40s');
    await sleep(1500);
    await hold('clusterprofile', 'tokyo', ns, null);
    await ran('apply', '-f', file);
    expect(await waiting).toMatchObject({ code: 0 });
    expect(await ran('list', 'tokyo')).toMatchObject({ code: 0 });
  });

  it('is pruned once, by an import', async () => {
    const ns = await namespace();
    const config = (names: string[]): string =>
      writeScratch(
        'kubeconfig.yaml',
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.example.com` } })),
        }),
      );
    const imported = (names: string[], ...more: string[]): Promise<Ran> =>
      run([
        'import',
        'kubeconfig',
        '-f',
        config(names),
        '--apply',
        '-n',
        ns,
        ...more,
        '--kubeconfig',
        kubeconfigFor({ namespace: ns }),
      ]);
    const prune = ['--prune', '--yes', '--max-delete', '5'];
    await imported(['oslo', 'tokyo']);
    await hold('clusterprofile', 'tokyo', ns, [finalizer]);
    const first = await imported(['oslo'], ...prune);
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toContain('clusterprofile.multicluster.x-k8s.io/tokyo terminating\n');
    expect(first.err).toContain(note(`${ns}/tokyo`));
    expect(await imported(['oslo'], ...prune)).toMatchObject({
      code: 0,
      err: '0 created, 0 configured, 1 unchanged, 0 deleted\n',
    });
    const back = await imported(['oslo', 'tokyo'], ...prune);
    expect(back).toMatchObject({
      code: 0,
      err: `${warning('tokyo')}0 created, 0 configured, 2 unchanged, 0 deleted\n`,
    });
    await hold('clusterprofile', 'tokyo', ns, null);
  });

  it('and so is what an export has written for a consumer', async () => {
    const ns = await namespace();
    const files = ['tokyo', 'oslo'].map((name) => written(name, ns));
    const exported = (profiles: object[], ...more: string[]): Promise<Ran> =>
      run([
        'export',
        'argocd',
        ...providers,
        '-f',
        writeScratch('fleet.json', profiles),
        '--argocd-namespace',
        ns,
        '--apply',
        '--kubeconfig',
        kubeconfigFor({ namespace: ns }),
        ...more,
      ]);
    expect(await exported(files)).toMatchObject({ code: 0 });
    const secrets = (await kubectl(['get', 'secrets', '-n', ns, '-o', 'name'])).stdout.split('\n');
    const secret = secrets.find((name) => name.includes('tokyo'))?.replace('secret/', '') ?? '';
    await hold('secret', secret, ns, [finalizer]);
    const pruned = await exported(files.slice(1), '--prune', '--yes', '--max-delete', '5');
    expect(pruned).toMatchObject({ code: 0, out: expect.stringContaining(`secret/${secret} terminating\n`) as string });
    expect(pruned.err).toContain(note(`Secret ${ns}/${secret}`));
    expect((await exported(files)).err).toContain(warning(secret));
    await hold('secret', secret, ns, null);
  });
});

it('is terminating in a dump, too', async () => {
  const dump = written('tokyo', 'shop');
  const leaving = { ...dump, metadata: { ...(dump['metadata'] as object), deletionTimestamp: '2026-06-01T12:00:00Z' } };
  const file = writeScratch('dump.json', [leaving]);
  expect((await run(['list', '-f', file, '--no-headers'])).out).toContain(' Terminating ');
  expect((await run(['list', '-f', file, '-o', 'csv', '--no-headers'])).out).toContain(',Terminating,');
  const exported = await run(['export', 'argocd', ...providers, '-f', file]);
  expect(exported).toEqual({
    code: 0,
    out: '',
    err: 'note: left out, being deleted: shop/tokyo\nnote: no ClusterProfile to export\n',
  });
  const away = await run(['export', 'kubeconfig', '-f', file, ...providers, '--output-dir', scratch()]);
  expect(away.err).toContain('note: left out, being deleted: shop/tokyo\n');
});
