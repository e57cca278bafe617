import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { describeHub } from '../../support/hub/hub.ts';
import { kubeconfig, type KubeconfigOptions } from '../../support/hub/kubeconfig.ts';
import { runKubectl } from '../../support/hub/kubectl.ts';
import { startHub, type Hub } from '../../support/hub/server.ts';
import { root, scratch } from '../../support/paths.ts';
import { run, type Ran } from '../../support/run.ts';
import { writeScratch, written } from '../../support/written.ts';

const folder = join(root, 'recipes');

const jobs = ['kubernetes/import-cronjob.yaml', 'kubernetes/export-argocd-job.yaml', 'gitops/status-cronjob.yaml'];
const manifests = ['kubernetes/reader.yaml', ...jobs];

interface Manifest {
  kind: string;
  spec?: {
    jobTemplate?: { spec: Manifest['spec'] };
    template?: { spec: { serviceAccountName: string; containers: { args: string[] }[] } };
  };
}

const documentsOf = (file: string): Manifest[] =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((each) => each.toJS() as Manifest);

/** The words of the container of a Job or CronJob. */
function argsOf(file: string): string[] {
  const job = documentsOf(file).find(({ kind }) => kind === 'Job' || kind === 'CronJob');
  const spec = job?.spec?.jobTemplate?.spec ?? job?.spec;
  return spec?.template?.spec.containers[0]?.args ?? [];
}

const account = (ns: string, name: string): string => `system:serviceaccount:${ns}:${name}`;

describeHub('the recipes for Kubernetes', () => {
  let hub: Hub;
  let stop: () => Promise<void>;

  async function kubectl(...words: string[]): Promise<{ stdout: string; stderr: string }> {
    const { stdout, stderr, code } = await runKubectl(hub, words);
    if (code !== 0) throw new Error(stderr);
    return { stdout, stderr };
  }
  function kubeconfigFor(options: KubeconfigOptions = {}): string {
    const file = join(scratch(), 'kubeconfig.json');
    writeFileSync(file, kubeconfig(hub, options));
    return file;
  }

  beforeAll(async () => {
    ({ hub, stop } = await startHub());
    for (const ns of ['fleet', 'argocd']) await kubectl('create', 'namespace', ns);
    for (const file of manifests) await kubectl('apply', '--server-side', '-f', join(folder, file));
  }, 120_000);
  afterAll(() => stop());

  /** Everything that a ServiceAccount may do in a namespace, as `kubectl auth can-i --list` has it, without what everybody may. */
  async function rightsOf(user: string, ns: string): Promise<string[]> {
    const { stdout } = await kubectl('auth', 'can-i', '--list', '--no-headers', '-n', ns, '--as', user);
    return stdout
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^\s|selfsubject/.test(line))
      .map((line) => {
        const [resource = ''] = line.split(/\s/);
        return `${resource} ${/\[([^\]]*)\]\s*$/.exec(line)?.[1]}`;
      })
      .toSorted();
  }

  /** Runs a command as a Pod of that ServiceAccount would: by its own token, in its namespace. */
  async function runAs(ns: string, name: string, words: readonly string[]): Promise<Ran> {
    const { stdout } = await kubectl('create', 'token', name, '-n', ns);
    const login = kubeconfigFor({ namespace: ns, user: { token: stdout.trim() } });
    return run([...words, '--kubeconfig', login]);
  }

  it('give a reader what reading takes, and no more', async () => {
    expect(await rightsOf(account('fleet', 'clusterprofile-reader'), 'fleet')).toEqual([
      'clusterprofiles.multicluster.x-k8s.io list watch',
      'placementdecisions.multicluster.x-k8s.io list',
    ]);
    const reader = (...words: string[]): Promise<Ran> => runAs('fleet', 'clusterprofile-reader', words);
    const file = writeScratch('oslo.json', [written('oslo', 'fleet')]);
    expect(await run(['apply', '-f', file, '--kubeconfig', kubeconfigFor(), '-q'])).toMatchObject({ code: 0 });
    for (const words of [['list'], ['describe', 'oslo'], ['summary'], ['validate', 'hub']])
      expect(await reader(...words)).toMatchObject({ code: 0 });
    expect(await reader('diff', '-f', file)).toMatchObject({ code: 0 });
    const moved = writeScratch('moved.json', [written('lima', 'fleet')]);
    expect(await reader('apply', '-f', moved)).toMatchObject({ code: 6 });
    expect(await reader('delete', 'oslo', '--yes')).toMatchObject({ code: 6 });
  });

  it('give the CronJob of import what it does, and it does it', async () => {
    expect(await rightsOf(account('fleet', 'clusterprofile-importer'), 'fleet')).toEqual([
      'clusterprofiles.multicluster.x-k8s.io list create patch delete',
      'clusterprofiles.multicluster.x-k8s.io/status patch',
    ]);
    const args = argsOf('kubernetes/import-cronjob.yaml');
    expect(args.slice(0, 4)).toEqual(['import', 'gke', '--project', 'prod-fleet']);
    // The same flags, with clusters that are at hand.
    const config = (...names: string[]): string =>
      writeScratch('config.json', [
        {
          apiVersion: 'v1',
          kind: 'Config',
          clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.example.com` } })),
          contexts: names.map((name) => ({ name, context: { cluster: name } })),
        },
      ]);
    const importing = (...names: string[]): Promise<Ran> =>
      runAs('fleet', 'clusterprofile-importer', ['import', 'kubeconfig', '-f', config(...names), ...args.slice(4)]);
    expect(await importing('tokyo', 'web')).toMatchObject({ code: 0 });
    const pruned = await importing('tokyo');
    expect(pruned.out).toContain('web deleted');
    expect(pruned.code).toBe(0);
    const denied = await runAs('fleet', 'clusterprofile-importer', ['describe', 'tokyo', '-n', 'argocd']);
    expect(denied.code).toBe(6);
  });

  it('give the Job of Argo CD what it does, and it does it', async () => {
    const user = account('argocd', 'clusterprofile-exporter');
    const lister = 'clusterprofiles.multicluster.x-k8s.io list';
    expect(await rightsOf(user, 'argocd')).toEqual([lister, 'secrets list create patch delete']);
    expect(await rightsOf(user, 'fleet')).toEqual([lister]);
    const server = 'https://gke-tokyo.asia-northeast1.gke.goog';
    const status = { accessProviders: [{ name: 'google', cluster: { server } }] };
    const file = writeScratch('gke.json', [written('gke', 'fleet', { status })]);
    const admin = ['--kubeconfig', kubeconfigFor(), '-q'];
    for (const name of ['oslo', 'tokyo'])
      await run(['delete', name, '-n', 'fleet', '--yes', '--any-manager', ...admin]);
    expect(await run(['apply', '-f', file, ...admin])).toMatchObject({ code: 0 });
    const words = argsOf('kubernetes/export-argocd-job.yaml');
    expect(words.slice(0, 3)).toEqual(['export', 'argocd', '-A']);
    const job = (): Promise<Ran> => runAs('argocd', 'clusterprofile-exporter', words);
    expect(await job()).toMatchObject({ code: 0, out: 'secret/cluster-gke created\n' });
    expect(await run(['delete', 'gke', '-n', 'fleet', '--yes', '--any-manager', ...admin])).toMatchObject({ code: 0 });
    const kept = writeScratch('kept.json', [written('kept', 'fleet', { status })]);
    expect(await run(['apply', '-f', kept, ...admin])).toMatchObject({ code: 0 });
    const second = await job();
    expect([second.code, second.out.split('\n').toSorted()]).toEqual([
      0,
      ['', 'secret/cluster-gke deleted', 'secret/cluster-kept created'],
    ]);
  });

  it('give the CronJob beside Flux and Argo CD what status takes, and it takes nothing from them', async () => {
    expect(await rightsOf(account('fleet', 'clusterprofile-status'), 'fleet')).toEqual([
      'clusterprofiles.multicluster.x-k8s.io list create patch',
      'clusterprofiles.multicluster.x-k8s.io/status patch',
    ]);
    const repository = scratch();
    const words = argsOf('gitops/status-cronjob.yaml').map((word) => word.replace('/repository/main', repository));
    const file = join(repository, 'fleet', 'bergen.json');
    mkdirSync(dirname(file));
    const job = (): Promise<Ran> => runAs('fleet', 'clusterprofile-status', words);
    const show = async (path: string): Promise<string> =>
      (await kubectl('get', 'clusterprofile', 'bergen', '-n', 'fleet', '-o', `jsonpath={${path}}`)).stdout;
    // As Flux and Argo CD apply: what others own is taken.
    const flux = ['apply', '--server-side', '--force-conflicts', '--field-manager=kustomize-controller'];
    const deliver = (): Promise<unknown> => kubectl(...flux, '-f', dirname(file));
    const setVersion = (version: string): void =>
      writeFileSync(file, JSON.stringify(written('bergen', 'fleet', { metadata: { labels: { tier: version } } })));
    setVersion('one');
    await deliver();
    expect(await show('.status')).toBe('');
    expect(await job()).toMatchObject({ code: 0 });
    expect(await show('.status.accessProviders[*].name')).toBe('google');
    // What a pull request changes is brought by Flux first; the job takes part in it.
    setVersion('two');
    await deliver();
    expect(await job()).toMatchObject({ code: 0 });
    expect(await show('.metadata.labels.tier')).toBe('two');
    expect(await job()).toMatchObject({ code: 0, out: 'clusterprofile.multicluster.x-k8s.io/bergen unchanged\n' });
    // Where the job comes first it is refused, and done by the next one.
    setVersion('three');
    expect(await job()).toMatchObject({ code: 5 });
    await deliver();
    expect(await job()).toMatchObject({ code: 0 });
  });

  it('have the security of Pods that the restricted profile asks for', async () => {
    await kubectl('label', 'namespace', 'fleet', 'argocd', 'pod-security.kubernetes.io/warn=restricted');
    for (const file of jobs) {
      const { stderr } = await kubectl('apply', '--server-side', '--dry-run=server', '-f', join(folder, file));
      expect(stderr).not.toContain('would violate PodSecurity');
    }
  });
});
