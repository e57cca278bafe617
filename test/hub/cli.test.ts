import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startFaultProxy } from '../support/hub/fault-proxy.ts';
import { expiredPages, times, tooManyRequests } from '../support/hub/faults.ts';
import { describeHub, kubeconfigFor, kubectl, namespace, theHub } from '../support/hub/hub.ts';
import { run } from '../support/run.ts';
import { scratch } from '../support/paths.ts';
import { lines } from '../support/text.ts';

/** A kubeconfig with some clusters to import, in a file of its own. */
function fleet(clusters: Record<string, string>): string {
  const file = join(scratch(), 'kubeconfig.yaml');
  const entries = Object.entries(clusters).map(([name, server]) => ({ name, cluster: { server } }));
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: entries, contexts: [], users: [] }));
  return file;
}

const two = { 'prod-us': 'https://prod-us.example.test:6443', 'prod-eu': 'https://prod-eu.example.test:6443' };

describeHub('import, list, diff, apply, delete on a real hub', () => {
  const hub = (ns: string): string[] => ['--kubeconfig', kubeconfigFor({ namespace: ns })];

  it('looks for a ClusterSet in all namespaces, and where that is forbidden in the current one, and says so', async () => {
    const [first, second] = [await namespace(), await namespace()];
    const set = `set-${first}`;
    for (const ns of [first, second])
      await run([
        'import',
        'kubeconfig',
        fleet({ [`in-${ns}`]: 'https://prod-us.example.test' }),
        '--clusterset',
        set,
        '--apply',
        ...hub(ns),
      ]);
    const columns = ['-o', 'custom-columns=NS:.metadata.namespace,NAME:.metadata.name', '--no-headers'];
    const rows = ({ out }: { out: string }): string[] =>
      out
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(/ +/).join('/'));
    const all = [first, second].map((ns) => `${ns}/in-${ns}`).toSorted();
    expect(rows(await run(['list', '--clusterset', set, ...columns, ...hub(first)])).toSorted()).toEqual(all);
    expect(rows(await run(['list', '--clusterset', set, '-n', second, ...columns, ...hub(first)]))).toEqual([
      `${second}/in-${second}`,
    ]);
    expect(await run(['list', '--clusterset', `no-${set}`, ...hub(first)])).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringMatching(/^No ClusterProfiles found in hub https:/) as string,
    });
    await kubectl([
      'create',
      'role',
      'reader',
      '-n',
      first,
      '--verb=get,list',
      '--resource=clusterprofiles.multicluster.x-k8s.io',
    ]);
    await kubectl(['create', 'rolebinding', 'reader', '-n', first, '--role=reader', '--user=viewer']);
    const viewer = ['--kubeconfig', kubeconfigFor({ namespace: first, user: { token: theHub().tokens.viewer } })];
    const listed = await run(['list', '--clusterset', set, ...columns, ...viewer]);
    expect(rows(listed)).toEqual([`${first}/in-${first}`]);
    expect(listed).toMatchObject({
      code: 0,
      err: `note: only in the ${first} namespace, since to list in all of them is forbidden\n`,
    });
    const one = await run(['list', `in-${second}`, '--clusterset', set, ...columns, ...hub(first)]);
    expect(rows(one)).toEqual([`${second}/in-${second}`]);
    expect((await run(['list', '--clusterset', 'nowhere', ...viewer])).err).toContain(
      `No ClusterProfiles found in ${first} namespace that fit --clusterset.\n`,
    );
    // Who asks for all of them is told that they are not all.
    expect(await run(['list', '-A', '--clusterset', set, ...viewer])).toMatchObject({ code: 6, out: '' });
  });

  it('says once that a namespace is missing, with the command that makes it, and stops asking', async () => {
    const missing = `missing-${(await namespace()).slice(5)}`;
    const proxy = await startFaultProxy(theHub());
    const clusters = Array.from({ length: 40 }, (_, index) => [`c${index + 10}`, `https://c${index}.example.test`]);
    const source = fleet(Object.fromEntries(clusters) as Record<string, string>);
    const target = ['--kubeconfig', kubeconfigFor({ cluster: { server: proxy.url } })];
    const words = ['import', 'kubeconfig', source, '-n', missing, '--apply', ...target];
    const failed = await run(words);
    expect(failed).toEqual({
      code: 9,
      out: '',
      err:
        `error: namespace ${missing} does not exist, not written: ${missing}/c10, ${missing}/c11, ${missing}/c12 and 37 more\n` +
        `hint: clusterprofile ${words.join(' ')} --create-namespace\n` +
        '0 created, 0 configured, 0 unchanged, 0 deleted, 40 failed\n',
    });
    expect(proxy.requests.filter(({ method }) => method === 'PATCH').length).toBeLessThanOrEqual(16);
    await proxy.close();
    expect(await run([...words.slice(0, -2), '--create-namespace', ...hub('default')])).toMatchObject({ code: 0 });
    await kubectl(['delete', 'namespace', missing, '--wait=false']);
  });

  it('goes through created, unchanged without a write, configured, and no difference', async () => {
    const ns = await namespace();
    const proxy = await startFaultProxy(theHub());
    const target = ['--kubeconfig', kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } })];
    const source = ['import', 'kubeconfig', '-f', fleet(two), '--clusterset', 'prod-fleet'];
    const first = await run([...source, '--apply', ...target]);
    expect(first).toMatchObject({ code: 0, err: '2 created, 0 configured, 0 unchanged, 0 deleted\n' });
    expect(first.out).toBe(
      'clusterprofile.multicluster.x-k8s.io/prod-eu created\nclusterprofile.multicluster.x-k8s.io/prod-us created\n',
    );
    const before = proxy.requests.length;
    expect(await run([...source, '--apply', ...target])).toMatchObject({
      code: 0,
      err: '0 created, 0 configured, 2 unchanged, 0 deleted\n',
    });
    expect(proxy.requests.slice(before).map(({ method }) => method)).toEqual(['GET', 'GET']);
    const moved = [
      'import',
      'kubeconfig',
      '-f',
      fleet({ ...two, 'prod-us': 'https://moved.example.test' }),
      '--clusterset',
      'prod-fleet',
    ];
    const diff = await run([...moved, '--diff', ...target]);
    expect(diff.code).toBe(1);
    expect(diff.out).toContain(
      '-      server: https://prod-us.example.test:6443\n+      server: https://moved.example.test\n',
    );
    const changed = await run([...moved, '--apply', ...target]);
    expect(changed).toMatchObject({ code: 0, err: '0 created, 1 configured, 1 unchanged, 0 deleted\n' });
    expect(await run([...moved, '--diff', ...target])).toEqual({ code: 0, out: '', err: '' });
    const listed = await run(['list', '-n', ns, '--clusterset', 'prod-fleet', '--no-headers', ...target]);
    expect(listed.out.split('\n').map((line) => line.split(/ +/).slice(0, 3).join(' '))).toEqual([
      'prod-eu kubeconfig prod-fleet',
      'prod-us kubeconfig prod-fleet',
      '',
    ]);
    expect((await run(['list', '-n', ns, '--clusterset', 'staging', ...target])).err).toBe(
      `No ClusterProfiles found in ${ns} namespace that fit --clusterset.\n`,
    );
    const gone = await run(['delete', 'prod-us', ...target]);
    expect(gone).toMatchObject({ code: 0, out: 'clusterprofile.multicluster.x-k8s.io/prod-us deleted\n' });
    expect((await run(['get', 'prod-us', ...target])).code).toBe(9);
    await proxy.close();
  });

  it('prints jsonpath, custom-columns, name and json as kubectl does', async () => {
    const ns = await namespace();
    await run(['import', 'kubeconfig', '-f', fleet(two), '--clusterset', 'prod-fleet', '--apply', ...hub(ns)]);
    for (const format of [
      'name',
      'json',
      'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.status.accessProviders[0].cluster.server}{"\\n"}{end}',
      'custom-columns=NAME:.metadata.name,SET:.status.properties[?(@.name=="clusterset.k8s.io")].value,MANAGER:.spec.clusterManager',
    ]) {
      const ours = await run(['list', '-o', format, ...hub(ns)]);
      const theirs = await kubectl(['get', 'clusterprofiles.multicluster.x-k8s.io', '-n', ns, '-o', format]);
      expect(ours.out, format).toBe(theirs.stdout);
    }
  });

  it('refuses a profile of another cluster manager before it writes anything', async () => {
    const ns = await namespace();
    const profile = {
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name: 'prod-us', namespace: ns },
      spec: { clusterManager: { name: 'ocm' } },
    };
    await kubectl(['create', '-f', '-'], { input: JSON.stringify(profile) });
    const proxy = await startFaultProxy(theHub());
    const target = ['--kubeconfig', kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } })];
    const ran = await run(['import', 'kubeconfig', '-f', fleet(two), '--apply', '--force-conflicts', ...target]);
    expect(ran.code).toBe(5);
    expect(ran.err).toBe(
      lines(
        `refused: ${ns}/prod-us: it belongs to cluster manager "ocm", and spec.clusterManager is immutable`,
        'error: 1 of 2 refused, nothing was written',
        'hint: another --namespace or a --prefix keeps both, --skip-refused does the rest',
      ),
    );
    expect(proxy.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
    const rest = await run(['import', 'kubeconfig', '-f', fleet(two), '--apply', '--skip-refused', ...target]);
    expect(rest.code).toBe(4);
    expect(rest.out).toBe('clusterprofile.multicluster.x-k8s.io/prod-eu created\n');
    await proxy.close();
  });

  it("never touches what a system's own controller made under the same manager", async () => {
    const ns = await namespace();
    const profile = {
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name: 'prod-us', namespace: ns, labels: { 'x-k8s.io/cluster-manager': 'kubeconfig' } },
      spec: { displayName: 'prod-us', clusterManager: { name: 'kubeconfig' } },
    };
    await kubectl(['apply', '--server-side', '--field-manager', 'hubagent', '-f', '-'], {
      input: JSON.stringify(profile),
    });
    const words = ['import', 'kubeconfig', '-f', fleet(two), '--apply', ...hub(ns)];
    for (const flags of [[], ['--force-conflicts']]) {
      const refused = await run([...words, ...flags]);
      expect(refused.code).toBe(5);
      expect(refused.err).toBe(
        lines(
          `refused: ${ns}/prod-us: hubagent made it, not this tool`,
          'error: 1 of 2 refused, nothing was written',
          'hint: --skip-refused does the rest',
        ),
      );
    }
    expect(await run([...words, '--skip-refused'])).toMatchObject({ code: 4 });
    const { stdout } = await kubectl([
      'get',
      'clusterprofiles',
      'prod-us',
      '-n',
      ns,
      '-o',
      'json',
      '--show-managed-fields',
    ]);
    const { metadata } = JSON.parse(stdout) as { metadata: { managedFields: { manager: string }[] } };
    expect(metadata.managedFields.map(({ manager }) => manager)).toEqual(['hubagent']);
  });

  it('shows who owns a conflicting field, and takes it over only when told to', async () => {
    const ns = await namespace();
    const source = ['import', 'kubeconfig', '-f', fleet(two), '--apply', ...hub(ns)];
    await run(source);
    const patch = JSON.stringify({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name: 'prod-us', namespace: ns },
      spec: { displayName: 'Shop US', clusterManager: { name: 'kubeconfig' } },
    });
    await kubectl(['apply', '--server-side', '--force-conflicts', '--field-manager', 'team-shop', '-f', '-'], {
      input: patch,
    });
    const refused = await run(source);
    expect(refused.code).toBe(5);
    expect(refused.err).toBe(
      lines(
        `refused: ${ns}/prod-us: other field managers own fields of it`,
        'FIELD               OWNER       THEIRS    OURS',
        '.spec.displayName   team-shop   Shop US   prod-us',
        'error: 1 of 2 refused, nothing was written',
        'hint: --force-conflicts takes the fields over, --skip-refused does the rest',
      ),
    );
    expect((await run([...source, '--force-conflicts'])).err).toBe('0 created, 1 configured, 1 unchanged, 0 deleted\n');
  });

  it('prunes only what this source made, with its guards', async () => {
    const ns = await namespace();
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`c${index}`, `https://c${index}.example.test`]),
    );
    await run(['import', 'kubeconfig', '-f', fleet(many), '--apply', ...hub(ns)]);
    const theirs = {
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name: 'by-hand', namespace: ns },
      spec: { clusterManager: { name: 'kubeconfig' } },
    };
    await kubectl(['create', '-f', '-'], { input: JSON.stringify(theirs) });
    const { c0: _gone, ...fewer } = many;
    const prune = (clusters: Record<string, string>, ...flags: string[]): string[] => [
      'import',
      'kubeconfig',
      '-f',
      fleet(clusters),
      '--apply',
      '--prune',
      ...flags,
      ...hub(ns),
    ];
    expect(await run(prune(fewer))).toMatchObject({ code: 2 });
    expect(await run(prune({ c1: 'https://c1.example.test' }, '--yes'))).toMatchObject({ code: 5 });
    expect(await run(prune({}, '--yes'))).toMatchObject({ code: 5 });
    const pruned = await run(prune(fewer, '--yes'));
    expect(pruned).toMatchObject({ code: 0, err: '0 created, 0 configured, 11 unchanged, 1 deleted\n' });
    expect((await kubectl(['get', 'clusterprofiles', '-n', ns, '-o', 'name'])).stdout.trim().split('\n')).toHaveLength(
      12,
    );
  });

  it('survives throttling and expired pages', async () => {
    const ns = await namespace();
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`m${index}`, `https://m${index}.example.test`]),
    );
    const proxy = await startFaultProxy(theHub(), times(5, tooManyRequests(0)), expiredPages());
    const target = ['--kubeconfig', kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } })];
    expect(await run(['import', 'kubeconfig', '-f', fleet(many), '--apply', ...target])).toMatchObject({ code: 0 });
    // The default of --concurrency: each request in flight has a connection of its own.
    expect(proxy.connections).toBeGreaterThan(8);
    expect(proxy.connections).toBeLessThanOrEqual(16);
    await proxy.close();
  });

  it('has as many writes in flight as a hub takes, and loses none', async () => {
    const ns = await namespace();
    const names = Array.from({ length: 200 }, (_, index) => `m${index}`);
    const most = 4;
    const inFlight: number[] = [];
    const proxy = await startFaultProxy(theHub(), ({ method }) => {
      if (method === 'GET') return undefined;
      const open = proxy.requests.filter((each) => each.method === method && each.status === undefined).length;
      inFlight.push(open);
      return open > most ? tooManyRequests(0) : undefined;
    });
    const target = ['--kubeconfig', kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } })];
    const clusters = fleet(Object.fromEntries(names.map((name) => [name, `https://${name}.example.test`])));
    const { code, out } = await run(['import', 'kubeconfig', '-f', clusters, '--apply', ...target]);
    expect(code).toBe(0);
    const made = names.map((name) => `clusterprofile.multicluster.x-k8s.io/${name} created`);
    expect(out.trimEnd().split('\n').toSorted()).toEqual(made.toSorted());
    const settled = inFlight.slice(inFlight.length / 2);
    expect(Math.max(...settled)).toBeLessThanOrEqual(most + 1);
    expect(settled.reduce((sum, open) => sum + open, 0) / settled.length).toBeGreaterThan(most / 2);
    await proxy.close();
  });

  it('says what is missing: rights, the CRD, the hub itself', async () => {
    const ns = await namespace();
    const forbidden = await run(['list', '--kubeconfig', kubeconfigFor({ user: 'nobody', namespace: ns })]);
    expect(forbidden.code).toBe(6);
    const resource = 'clusterprofiles.multicluster.x-k8s.io';
    expect(forbidden.err).toBe(
      lines(
        `error: cannot list clusterprofiles: ${resource} is forbidden: User "nobody" cannot list resource "clusterprofiles" in API group "multicluster.x-k8s.io" in the namespace "${ns}"`,
        `hint: kubectl auth can-i list ${resource} -n ${ns} shows it; ask for that right`,
      ),
    );
    const unknown = await run([
      'list',
      '--kubeconfig',
      kubeconfigFor({ user: { token: 'LEAKCANARY' }, namespace: ns }),
    ]);
    expect(unknown.code).toBe(6);
    expect(unknown.err).not.toContain('LEAKCANARY');
    const nowhere = await run([
      'list',
      '--server',
      'https://127.0.0.1:1',
      '--kubeconfig',
      kubeconfigFor({ namespace: ns }),
    ]);
    expect(nowhere).toMatchObject({ code: 7 });
    expect(nowhere.err).toBe('error: cannot reach 127.0.0.1:1: connection refused\n');
    const certificate = await run(['list', '--kubeconfig', kubeconfigFor({ user: 'certificate', namespace: ns })]);
    expect(certificate).toMatchObject({ code: 0 });
  });

  it('deletes nothing in a dry run, and asks before a run that is none', async () => {
    const ns = await namespace();
    await run(['import', 'kubeconfig', '-f', fleet(two), '-n', ns, '--apply', ...hub(ns)]);
    const left = async (): Promise<string[]> =>
      (await run(['list', '-o', 'name', ...hub(ns)])).out.split('\n').filter(Boolean);
    const all = ['delete', '--manager', 'kubeconfig', ...hub(ns)];
    const empty = [
      'import',
      'kubeconfig',
      '-f',
      fleet({}),
      '-n',
      ns,
      '--apply',
      '--prune',
      '--allow-empty',
      ...hub(ns),
    ];
    for (const words of [all, [...empty, '--max-delete=100%']]) {
      expect(await run([...words, '--dry-run=server'])).toMatchObject({
        code: 0,
        out: expect.stringContaining(' deleted (server dry run)\n') as string,
      });
      expect(await run([...words, '--dry-run=none'])).toMatchObject({ code: 2 });
    }
    expect(await run([...empty, '--dry-run=client'])).toMatchObject({ code: 2 });
    expect(await run([...all, '--dry-run=some'])).toMatchObject({ code: 2 });
    expect(await left()).toHaveLength(2);
    expect(await run([...all, '--dry-run=none', '--yes'])).toMatchObject({ code: 0 });
    expect(await left()).toEqual([]);
  });

  it('describes owners, and applies files with status', async () => {
    const ns = await namespace();
    const dir = scratch();
    await run(['import', 'kubeconfig', '-f', fleet(two), '-n', ns, '--output-dir', dir]);
    expect(readFileSync(join(dir, ns, 'prod-us.yaml'), 'utf8')).toContain('server: https://prod-us.example.test:6443');
    expect(await run(['diff', '-f', dir, '-R', ...hub(ns)])).toMatchObject({ code: 1 });
    expect(await run(['apply', '-f', dir, '-R', ...hub(ns), '--dry-run=server'])).toMatchObject({ code: 0 });
    expect(await run(['apply', '-f', dir, '-R', ...hub(ns)])).toMatchObject({ code: 0 });
    expect(await run(['diff', '-f', dir, '-R', ...hub(ns)])).toMatchObject({ code: 0, out: '' });
    const { out } = await run(['describe', 'prod-us', ...hub(ns)]);
    expect(out).toMatch(/Field owners:\n.*MANAGER.*\n +clusterprofile +Apply /);
    expect(out).toContain('https://prod-us.example.test:6443');
  });

  it('says in which namespace a name is that is not in the one at hand', async () => {
    const [here, there] = [await namespace(), await namespace()];
    const name = `only-in-${there}`;
    const importing = ['import', 'kubeconfig', fleet({ [name]: 'https://prod-us.example.test' }), '--apply'];
    await run([...importing, ...hub(there)]);
    for (const verb of ['list', 'describe'])
      expect(await run([verb, name, ...hub(here)])).toMatchObject({
        code: 9,
        err:
          `error: not found: ${name} (in the ${here} namespace)\n` +
          `hint: there is one in the ${there} namespace: clusterprofile ${verb} ${name} -n ${there}\n`,
      });
    expect(await run(['list', 'nowhere', ...hub(here)])).toMatchObject({
      code: 9,
      err: `error: not found: nowhere (in the ${here} namespace)\nhint: clusterprofile list -A shows all there are\n`,
    });
  });
});
