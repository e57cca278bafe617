import { expect, it } from 'vitest';
import { describeHub, kubeconfigFor, kubectl, namespace, request } from '../support/hub/hub.ts';
import { run } from '../support/run.ts';

const pathOf = (ns: string, ...rest: string[]): string =>
  ['/apis/multicluster.x-k8s.io/v1alpha1/namespaces', ns, 'clusterprofiles', ...rest].join('/');

async function create(ns: string, name: string, metadata: object = {}): Promise<void> {
  const body = JSON.stringify({
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: { name, namespace: ns, ...metadata },
    spec: { displayName: name, clusterManager: { name: 'shop-fleet' } },
  });
  expect((await request(pathOf(ns), { method: 'POST', body })).status).toBe(201);
}

async function patch(ns: string, name: string, body: object, ...sub: string[]): Promise<void> {
  const contentType = 'application/merge-patch+json';
  const answer = await request(pathOf(ns, name, ...sub), { method: 'PATCH', body: JSON.stringify(body), contentType });
  expect(answer.status, answer.body).toBe(200);
}

const condition = (type: string, status: string, more: object = {}): object => ({
  type,
  status,
  reason: 'Probed',
  message: 'asked a minute ago',
  lastTransitionTime: '2026-01-31T12:00:00Z',
  ...more,
});

const setStatus = (ns: string, name: string, ...conditions: object[]): Promise<void> =>
  patch(ns, name, { status: { version: { kubernetes: 'v1.34.2' }, conditions } }, 'status');

const met = (...names: string[]): string =>
  names.map((name) => `clusterprofile.multicluster.x-k8s.io/${name} condition met\n`).join('');

/** Three profiles: one that is well, one that is not, and one of which nothing is known. */
async function fleet(): Promise<{ ns: string; kubeconfig: string }> {
  const ns = await namespace();
  for (const name of ['oslo', 'tokyo', 'lima']) await create(ns, name, { labels: { tier: 'prod' } });
  await setStatus(ns, 'oslo', condition('ControlPlaneHealthy', 'True'), condition('Joined', 'True'));
  await setStatus(ns, 'tokyo', condition('ControlPlaneHealthy', 'False'), condition('Joined', 'True'));
  return { ns, kubeconfig: kubeconfigFor({ namespace: ns }) };
}

describeHub('wait', () => {
  it('means what kubectl means', async () => {
    const { ns, kubeconfig } = await fleet();
    await patch(ns, 'tokyo', { spec: { displayName: 'Tokyo' } });
    await setStatus(
      ns,
      'tokyo',
      condition('ControlPlaneHealthy', 'False'),
      condition('Joined', 'True', { observedGeneration: 1 }),
    );
    const all: [words: string[], fors: string[], code: number][] = [
      [['oslo'], ['condition=ControlPlaneHealthy'], 0],
      [['oslo'], ['condition=controlplanehealthy=TRUE'], 0],
      [['tokyo'], ['condition=ControlPlaneHealthy=false'], 0],
      [['tokyo'], ['condition=ControlPlaneHealthy'], 8],
      [['lima'], ['condition=ControlPlaneHealthy'], 8],
      // Of an older generation.
      [['tokyo'], ['condition=Joined'], 8],
      [['--all'], ['create'], 0],
      [['-l', 'tier=prod'], ['jsonpath={.spec.clusterManager.name}=shop-fleet'], 0],
      [['-l', 'tier=prod'], ['condition=Joined'], 8],
      [['-l', 'tier=test'], ['condition=Joined'], 9],
      [['-l', 'tier=test'], ['delete'], 0],
      [['nowhere'], ['condition=Joined'], 9],
      [['nowhere'], ['delete'], 0],
      [['nowhere'], ['create'], 8],
      [['oslo'], ['delete'], 8],
      [['oslo'], ['jsonpath={.status.version.kubernetes}'], 0],
      [['oslo'], ['jsonpath=.status.version.kubernetes="v1.34.2"'], 0],
      [['oslo'], ['jsonpath={.status.version.kubernetes}=v1.35.0'], 8],
      [['oslo'], ['jsonpath={.status.conditions[?(@.type=="Joined")].status}=True'], 0],
      [['oslo'], ['jsonpath={.status.nothing}'], 8],
      [['oslo'], ['jsonpath={.status.conditions[*].type}=Joined'], 3],
      [['oslo'], ['jsonpath={.status.conditions}=Joined'], 3],
      [['oslo'], ['condition=Joined', 'create', 'condition=ControlPlaneHealthy'], 0],
      [['oslo'], ['whatever'], 2],
      [['oslo'], ['jsonpath={.a}=b=c'], 2],
      [['oslo'], ['jsonpath={.a}='], 2],
      [['oslo'], ['jsonpath='], 2],
    ];
    for (const [words, fors, code] of all) {
      const flags = fors.map((each) => `--for=${each}`);
      const [theirs, ours] = await Promise.all([
        kubectl(['wait', 'clusterprofiles', '-n', ns, ...words, ...flags, '--timeout', '3s']),
        run(['wait', '--kubeconfig', kubeconfig, ...words, ...flags, '--timeout', '3s']),
      ]);
      const title = [...words, ...flags].join(' ');
      expect({ code: ours.code, isDone: ours.code === 0 }, `${title}\n${ours.err}`).toEqual({
        code,
        isDone: theirs.code === 0,
      });
      // kubectl waits for one after the other, and says nothing of those behind the first that does not come.
      if (code === 0) expect(ours.out, title).toBe(theirs.stdout);
      else expect(ours.out, title).toContain(theirs.stdout);
    }
  }, 180_000);

  it('ends when it is so: the last one made, changed, deleted', async () => {
    const { ns, kubeconfig } = await fleet();
    const wait = (...words: string[]): ReturnType<typeof run> =>
      run(['wait', '--kubeconfig', kubeconfig, '--timeout', '20s', ...words]);
    const all = wait('--all', '--for', 'condition=Joined');
    const made = wait('quito', '--for', 'create', '--for', 'condition=Joined');
    const unhealthy = wait('--health', 'False', '--for', 'condition=ControlPlaneHealthy');
    const gone = wait('oslo', '--for', 'delete');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await setStatus(ns, 'tokyo', condition('ControlPlaneHealthy', 'True'), condition('Joined', 'True'));
    await setStatus(ns, 'lima', condition('Joined', 'True'));
    await create(ns, 'quito');
    await setStatus(ns, 'quito', condition('Joined', 'True'));
    expect(await all).toEqual({ out: met('oslo', 'tokyo', 'lima'), err: '', code: 0 });
    expect(await made).toEqual({ out: met('quito', 'quito'), err: '', code: 0 });
    expect(await unhealthy).toEqual({ out: met('tokyo'), err: '', code: 0 });
    await request(pathOf(ns, 'oslo'), { method: 'DELETE' });
    expect(await gone).toEqual({ out: met('oslo'), err: '', code: 0 });
  });

  it('says what each was last seen as, and what is not there', async () => {
    const { ns, kubeconfig } = await fleet();
    const wait = (...words: string[]): ReturnType<typeof run> =>
      run(['wait', '--kubeconfig', kubeconfig, '--timeout', '3s', ...words]);
    expect(await wait('--all', '--for', 'condition=ControlPlaneHealthy')).toEqual({
      out: met('oslo'),
      err:
        `not yet: ${ns}/lima: condition=ControlPlaneHealthy: it has no condition ControlPlaneHealthy\n` +
        `not yet: ${ns}/tokyo: condition=ControlPlaneHealthy: ControlPlaneHealthy is False (Probed: asked a minute ago)\n` +
        'error: waited 3s for condition=ControlPlaneHealthy: not met by 2\n',
      code: 8,
    });
    await patch(ns, 'tokyo', { spec: { displayName: 'Tokyo' } });
    await setStatus(ns, 'tokyo', condition('Joined', 'True', { observedGeneration: 1 }));
    expect(await wait('tokyo', '--for', 'condition=Joined', '--timeout', '0')).toEqual({
      out: '',
      err:
        `not yet: ${ns}/tokyo: condition=Joined: Joined is for generation 1, the profile is at 2\n` +
        'error: checked once for condition=Joined: not met by 1\n',
      code: 8,
    });
    expect(await wait('quito', 'oslo', '--for', 'condition=Joined')).toEqual({
      out: '',
      err: 'error: not found: quito\n',
      code: 9,
    });
    const waiting = wait('lima', '--for', 'condition=Joined', '--timeout', '20s');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await request(pathOf(ns, 'lima'), { method: 'DELETE' });
    expect(await waiting).toEqual({
      out: '',
      err: `error: ${ns}/lima was deleted while it was waited for\n`,
      code: 9,
    });
  });
});
