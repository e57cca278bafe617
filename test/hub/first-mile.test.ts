import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { gkeCluster, membership, serve, type CloudServer } from '../support/cloud-servers.ts';
import { hubRequest } from '../support/hub/request.ts';
import { startHub, type Hub } from '../support/hub/server.ts';
import { openCrd } from '../support/hub/other-crds.ts';
import { decision } from '../support/placements.ts';
import { program, programInShell } from '../support/program.ts';
import { root, scratch } from '../support/paths.ts';

/** README, and the pages that it leads to. */
const pages = ['README.md', 'docs/consumers.md', 'docs/ci.md'].map((page) => readFileSync(join(root, page), 'utf8'));

/** The lines of the shell blocks, each with the heading above it, in the order of the pages. */
const lines = pages
  .join('\n')
  .split(/^## /m)
  .flatMap((section) => {
    const heading = section.split('\n')[0] ?? '';
    const blocks = [...section.matchAll(/```(?:sh|yaml)\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    return blocks
      .flatMap((block) => block.split('\n'))
      .map((line) => line.replace(/^- run: /, '').replace(/\s+# .*$/, ''))
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => ({ heading, line }));
  });

const of = (heading: string): string[] => lines.filter((each) => each.heading === heading).map(({ line }) => line);

interface Ran {
  code: number;
  out: string;
  err: string;
}

/** A person with a home of their own, who types into a shell. */
function personAt(home: string, env: Record<string, string>): (line: string, cwd?: string) => Promise<Ran> {
  return (line, cwd = home) =>
    new Promise((resolve) => {
      const options = { cwd, env: { HOME: home, ...env }, maxBuffer: 1 << 26 };
      execFile('bash', ['-c', line], options, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
}

const script = (path: string, body: string): void => {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
};

describe.skipIf(inject('hub') === undefined)('README, typed by somebody who has a hub and nothing else', () => {
  const home = scratch();
  const bin = join(home, 'bin');
  let hub: Hub;
  let stop: () => Promise<void>;
  let google: CloudServer;
  let type: (line: string) => Promise<Ran>;

  const post = async (path: string, body: object): Promise<void> => {
    const answer = await hubRequest(hub, path, { method: 'POST', token: hub.tokens.admin, body: JSON.stringify(body) });
    expect(answer.status, answer.body).toBe(201);
  };
  const namespace = (name: string): Promise<void> =>
    post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

  beforeAll(async () => {
    ({ hub, stop } = await startHub({ crd: false }));
    google = await serve(({ path }) => {
      if (path === '/v1/projects/prod-fleet/locations/-/memberships')
        return { body: { resources: [membership('prod-fleet', 'us-central1', 'prod-us')] } };
      if (path === '/v3/projects/prod-fleet')
        return { body: { name: 'projects/123456789012', projectId: 'prod-fleet' } };
      if (path === '/v1/projects/prod-clusters/locations/-/clusters')
        return { body: { clusters: [gkeCluster('us-central1', 'prod-us')] } };
      return undefined;
    });
    mkdirSync(bin);
    mkdirSync(join(home, '.kube'));
    script(join(bin, 'clusterprofile'), `exec ${programInShell()} "$@"`);
    script(join(bin, 'kubectl-clusterprofile'), `exec ${programInShell(true)} "$@"`);
    const token = '{"token":"LEAKCANARY-gke"}';
    script(
      join(bin, 'gke-gcloud-auth-plugin'),
      `echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":${token}}'`,
    );
    // Members of a GKE fleet are behind Google's gateway, which no test reaches: up to there it is the real one.
    const nodes = `${hub.kubectl} config view --raw -o jsonpath='{.clusters[0].cluster.server}'`;
    script(join(bin, 'kubectl'), `[ "$*" = "get nodes" ] && exec ${nodes}; exec ${hub.kubectl} "$@"`);
    const own = JSON.parse(readFileSync(hub.kubeconfig, 'utf8')) as { contexts: { name: string; context: object }[] };
    const argo = { ...own.contexts[0]!, name: 'argo' };
    writeFileSync(join(home, '.kube', 'config'), JSON.stringify({ ...own, contexts: [...own.contexts, argo] }));
    const overrides = ['GKEHUB', 'CONTAINER', 'CLOUDRESOURCEMANAGER'].map((api) => [
      `CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`,
      google.url,
    ]);
    type = personAt(home, {
      PATH: [bin, process.env['PATH']].join(delimiter),
      CLOUDSDK_AUTH_ACCESS_TOKEN: 'LEAKCANARY-google',
      ...Object.fromEntries(overrides),
    });
  }, 120_000);

  afterAll(async () => {
    await google?.close();
    await stop?.();
  });

  /** Types every line of a section; those that end with something else than 0 are given. */
  const typeAll = async (heading: string, codes: Record<string, number> = {}): Promise<Ran[]> => {
    const ran: Ran[] = [];
    expect(of(heading)).not.toEqual([]);
    for (const line of of(heading)) {
      const each = await type(line);
      expect({ line, ...each }).toMatchObject({ line, code: codes[line] ?? 0 });
      if (each.code < 2) expect(each.err, line).not.toMatch(/^(error|refused)/m);
      expect(`${each.out}${each.err}`, line).not.toContain('LEAKCANARY');
      ran.push(each);
    }
    return ran;
  };

  it('says how to go on before each step', async () => {
    expect(await type('clusterprofile list')).toEqual({
      code: 7,
      out: '',
      err: 'error: the hub does not have the ClusterProfile CRD\nhint: clusterprofile crd install\n',
    });
    await type('clusterprofile crd install');
    expect(await type('clusterprofile import gke --project prod-fleet --apply')).toEqual({
      code: 9,
      out: '',
      err:
        'error: namespace fleet-cluster-inventory does not exist, not written: fleet-cluster-inventory/prod-us-us-central1\n' +
        'hint: clusterprofile import gke --project prod-fleet --apply --create-namespace\n' +
        '0 created, 0 configured, 0 unchanged, 0 deleted, 1 failed\n',
    });
    const path = `${crds}/clusterprofiles.multicluster.x-k8s.io`;
    await hubRequest(hub, path, { method: 'DELETE', token: hub.tokens.admin });
    while ((await hubRequest(hub, path, { token: hub.tokens.admin })).status !== 404)
      await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('From a list of clusters to a hub', async () => {
    const diff = of('From a list of clusters to a hub')[1]!;
    const [installed, shown, applied, listed, plugin] = await typeAll('From a list of clusters to a hub', {
      [diff]: 1,
    });
    expect(installed).toMatchObject({
      out: 'customresourcedefinition.apiextensions.k8s.io/clusterprofiles.multicluster.x-k8s.io created\n',
      err: '',
    });
    expect(shown?.out).toContain('+  name: prod-us-us-central1\n');
    expect(applied).toMatchObject({
      out: 'clusterprofile.multicluster.x-k8s.io/prod-us-us-central1 created\n',
      err: '1 created, 0 configured, 0 unchanged, 0 deleted\n',
    });
    expect(listed?.out).toMatch(
      /^NAMESPACE +NAME .*\nfleet-cluster-inventory +prod-us-us-central1 +gke-fleet +prod-fleet /,
    );
    // But for the age.
    const rowOf = (ran: Ran | undefined): string => ran?.out.split('\n')[1]?.replace(/\S+$/, '') ?? '';
    expect(rowOf(plugin)).toBe(rowOf(listed));
  });

  it('From the hub to every consumer', async () => {
    await namespace('argocd');
    await namespace('kueue-system');
    await post(
      crds,
      openCrd('kueue.x-k8s.io', 'MultiKueueCluster', 'multikueueclusters', ['v1beta2', 'v1beta1'], 'Cluster'),
    );
    const heading = 'From the hub to every consumer';
    const diff = of(heading).find((line) => line.includes('--diff'))!;
    const ran = await typeAll(heading, { [diff]: 1 });
    const access = of(heading).findIndex((line) => line.includes(' access '));
    expect(ran[access]?.out).toBe(
      'https://us-central1-connectgateway.googleapis.com/v1/projects/123456789012/locations/us-central1/gkeMemberships/prod-us',
    );
    expect(readFileSync(join(home, '.kube', 'config.bak'), 'utf8')).not.toContain('prod-us-us-central1');
    expect((await type('kubectl config get-contexts -o name')).out).toContain('prod-us-us-central1');
  });

  it('From the hub to Argo CD', async () => {
    const [judged] = await typeAll('From the hub to Argo CD');
    expect(judged?.err).toMatch(/^1 ClusterProfile valid/);
  });

  it('What a scheduler chose', async () => {
    await namespace('shop');
    await post(
      crds,
      openCrd('multicluster.x-k8s.io', 'PlacementDecision', 'placementdecisions', ['v1alpha1'], 'Namespaced'),
    );
    const chosen = decision('web', ['fleet-cluster-inventory/prod-us-us-central1']);
    for (let tries = 0; tries < 50; tries++) {
      const path = '/apis/multicluster.x-k8s.io/v1alpha1/namespaces/shop/placementdecisions';
      const body = JSON.stringify(chosen);
      const { status } = await hubRequest(hub, path, { method: 'POST', token: hub.tokens.admin, body });
      if (status === 201) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const [listed] = await typeAll('What a scheduler chose');
    expect(listed?.out).toContain('prod-us-us-central1');
  });

  it('In CI', async () => {
    const args = of('In CI').filter((line) => line.startsWith('args: '));
    for (const line of args) {
      const words = line.replace(/^args: \[(.*)\]$/, '$1').replaceAll(/[",]/g, '');
      expect(await type(`clusterprofile ${words}`)).toMatchObject({ code: 0 });
    }
    for (const line of of('In CI').filter((each) => !args.includes(each)))
      expect({ line, ...(await type(line)) }).toMatchObject({ line, code: 0 });
  });

  it('A check on every pull request', async () => {
    const [, , diff] = await typeAll('A check on every pull request');
    expect(diff?.out).toBe('');
  });

  it('What do we have?', async () => {
    for (const line of of('What do we have?')) {
      // The watch has no end of its own, and the servers of a GKE fleet are not reached from a test.
      const proxy = `HTTPS_PROXY=http://127.0.0.1:9 NO_PROXY=127.0.0.1`;
      const words = line.includes('--watch') ? `timeout -s INT 5 ${line}` : `${proxy} ${line}`;
      const ran = await type(words);
      expect({ line, ...ran }).toMatchObject({ line, code: line.includes('--watch') ? 124 : 0 });
      expect(`${ran.out}${ran.err}`).not.toMatch(/^error/m);
    }
    expect(readFileSync(join(home, 'fleet.html'), 'utf8')).toContain('prod-us-us-central1');
  });
});

describe('README, typed in a clone', () => {
  /** The clone, without its history, beside the packages that `npm ci` has installed. */
  const clone = (): string => {
    const folder = scratch();
    const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
    });
    for (const file of tracked.toString().split('\0').filter(Boolean))
      cpSync(join(root, file), join(folder, file), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return folder;
  };

  // It takes both cores for minutes beside others: `npm run test:binary` has fewer of them.
  it.skipIf(program !== 'binary')(
    'installs what exists, and what is installed runs',
    async () => {
      const [home, folder] = [scratch(), clone()];
      const cache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();
      const type = personAt(home, {
        PATH: [join(home, '.local', 'bin'), process.env['PATH']].join(delimiter),
        npm_config_cache: cache,
        npm_config_prefix: join(home, '.local'),
        npm_config_registry: execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim(),
      });
      // What `npm ci` does is done; the suite does not run itself.
      const typed = of('From a clone')
        .map((line) => line.replace(/^npm ci && /, ''))
        .filter((line) => line !== 'npm test');
      expect(typed.length).toBe(of('From a clone').length - 1);
      const runtimes: string[] = [];
      for (const line of typed) {
        const installs = /^(npm )?install/.test(line);
        // Nobody does both.
        if (installs) await type('rm -f ~/.local/bin/*');
        expect({ line, ...(await type(line, folder)) }).toMatchObject({ line, code: 0 });
        if (installs) runtimes.push((await type('clusterprofile version')).out);
      }
      // The rest of what installs a release is typed by test:roots.
      const after = of('Install').filter((line) => /^(source|clusterprofile) /.test(line));
      expect(after).toHaveLength(2);
      for (const line of after) expect({ line, ...(await type(line)) }).toMatchObject({ line, code: 0 });
      expect(runtimes).toEqual([
        expect.stringMatching(/^clusterprofile 0\.1\.0 \((?:commit \w+, )?Bun /),
        expect.stringMatching(/^clusterprofile 0\.1\.0 \((?:commit \w+, )?Node\.js /),
      ]);
    },
    480_000,
  );
});
