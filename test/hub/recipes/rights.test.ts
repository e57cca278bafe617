import { Agent } from 'node:https';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containersOf, documentsOf, fillIn, recipeFiles } from '../../release/recipes/recipes.ts';
import { describeHub } from '../../support/hub/hub.ts';
import { kubeconfig } from '../../support/hub/kubeconfig.ts';
import { runKubectl } from '../../support/hub/kubectl.ts';
import { hubRequest } from '../../support/hub/request.ts';
import { startHub, type Hub } from '../../support/hub/server.ts';
import { scratch } from '../../support/paths.ts';
import { run, type Ran } from '../../support/run.ts';
import { written } from '../../support/written.ts';

interface Manifest {
  kind: string;
  metadata: { name: string; namespace: string };
}

/** Every ServiceAccount of the recipes with all that it may do: its file, verbs and resources, each by namespace. */
const accounts: Record<string, { ns: string; may: Record<string, string[]> }> = {
  'clusterprofile-importer': {
    ns: 'fleet',
    may: {
      'multicluster.x-k8s.io/clusterprofiles in fleet': ['list', 'create', 'patch', 'delete'],
      'multicluster.x-k8s.io/clusterprofiles/status in fleet': ['patch'],
      'argoproj.io/workflowtaskresults in fleet': ['create', 'patch'],
    },
  },
  'clusterprofile-reader': {
    ns: 'fleet',
    may: {
      'multicluster.x-k8s.io/clusterprofiles in fleet': ['list', 'watch'],
      'multicluster.x-k8s.io/placementdecisions in fleet': ['list'],
    },
  },
  'clusterprofile-exporter': {
    ns: 'argocd',
    may: {
      ...Object.fromEntries(
        ['fleet', 'argocd', 'kube-system', 'all'].map((ns) => [
          `multicluster.x-k8s.io/clusterprofiles in ${ns}`,
          ['list'],
        ]),
      ),
      '/secrets in argocd': ['list', 'create', 'patch', 'delete'],
    },
  },
  'clusterprofile-status': {
    ns: 'fleet',
    may: {
      'multicluster.x-k8s.io/clusterprofiles in fleet': ['list', 'create', 'patch'],
      'multicluster.x-k8s.io/clusterprofiles/status in fleet': ['patch'],
    },
  },
  'clusterprofile-workflow': {
    ns: 'fleet',
    may: {
      'multicluster.x-k8s.io/clusterprofiles in fleet': ['list', 'create', 'patch'],
      'multicluster.x-k8s.io/clusterprofiles/status in fleet': ['patch'],
      'argoproj.io/workflowtaskresults in fleet': ['create', 'patch'],
    },
  },
  'clusterprofile-task': {
    ns: 'fleet',
    may: {
      'multicluster.x-k8s.io/clusterprofiles in fleet': ['list', 'create', 'patch'],
      'multicluster.x-k8s.io/clusterprofiles/status in fleet': ['patch'],
    },
  },
};

const verbs =
  'get list watch create update patch delete deletecollection escalate bind impersonate use approve sign'.split(' ');
const resources = [
  ...['clusterprofiles', 'clusterprofiles/status', 'clusterprofiles/finalizers', 'placementdecisions'].map(
    (name) => `multicluster.x-k8s.io/${name}`,
  ),
  ...['secrets', 'configmaps', 'pods', 'pods/exec', 'serviceaccounts', 'serviceaccounts/token'].map(
    (name) => `/${name}`,
  ),
  ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map(
    (name) => `rbac.authorization.k8s.io/${name}`,
  ),
  '/nodes',
  '/namespaces',
  'argoproj.io/workflowtaskresults',
  'argoproj.io/workflows',
  'batch/jobs',
  '*/*',
  'apiextensions.k8s.io/customresourcedefinitions',
];
const namespaces = ['fleet', 'argocd', 'kube-system', 'all'];

const questions = namespaces.flatMap((ns) =>
  resources.flatMap((resource) => verbs.map((verb) => ({ ns, resource, verb }))),
);

describeHub('what a ServiceAccount of the recipes is told that it may do', () => {
  let hub: Hub;
  let stop: () => Promise<void>;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });

  async function kubectl(words: string[], input?: string): Promise<string> {
    const { stdout, stderr, code } = await runKubectl(hub, words, input === undefined ? {} : { input });
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  beforeAll(async () => {
    ({ hub, stop } = await startHub());
    for (const ns of ['fleet', 'argocd']) await kubectl(['create', 'namespace', ns]);
    const grants = recipeFiles.flatMap(documentsOf).filter((each) => {
      const { kind } = each as Manifest;
      return /^(?:ServiceAccount|(?:Cluster)?Role(?:Binding)?)$/.test(kind);
    });
    const input = grants.map((each) => JSON.stringify(each)).join('\n---\n');
    await kubectl(['apply', '--server-side', '-f', '-'], input);
  }, 120_000);
  afterAll(async () => {
    agent.destroy();
    await stop();
  });

  const tokenOf = async (name: string, ns: string): Promise<string> =>
    (await kubectl(['create', 'token', name, '-n', ns])).trim();

  /** Asks the API server with the account's own token, as the Pod could. */
  async function askWhether(token: string, { ns, resource, verb }: (typeof questions)[number]): Promise<boolean> {
    const [group = '', name, subresource] = resource.split('/');
    const resourceAttributes = {
      group,
      resource: name,
      verb,
      ...(subresource !== undefined && { subresource }),
      ...(ns !== 'all' && { namespace: ns }),
    };
    const body = JSON.stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    });
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const answer = await hubRequest(hub, path, { method: 'POST', token, body, agent });
    expect(answer.status).toBe(201);
    return (JSON.parse(answer.body) as { status: { allowed: boolean } }).status.allowed;
  }

  it('has an entry for each, and for no other', () => {
    const found = recipeFiles
      .flatMap(documentsOf)
      .map((each) => each as Manifest)
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map(({ metadata }) => [metadata.name, metadata.namespace]);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.entries(accounts).map(([name, { ns }]) => [name, ns])),
    );
  });

  it.each(Object.entries(accounts))('%s: what it needs, and nothing else', async (name, { ns, may }) => {
    const token = await tokenOf(name, ns);
    const allowed: Record<string, string[]> = {};
    await Promise.all(
      questions.map(async (question) => {
        const key = `${question.resource} in ${question.ns}`;
        if (await askWhether(token, question)) (allowed[key] ??= []).push(question.verb);
      }),
    );
    const sort = (rights: Record<string, string[]>): Record<string, string[]> =>
      Object.fromEntries(Object.entries(rights).map(([key, list]) => [key, list.toSorted()]));
    expect(sort(allowed)).toEqual(sort(may));
  });

  /** Runs a command as a Pod of that account would. */
  async function runAs(name: string, words: readonly string[], cwd: string): Promise<Ran> {
    const login = join(scratch(), 'kubeconfig.json');
    const user = { token: await tokenOf(name, 'fleet') };
    writeFileSync(login, kubeconfig(hub, { namespace: 'fleet', user }));
    return run([...words, '--kubeconfig', login], { cwd });
  }

  it('is enough for the steps of Argo Workflows, and not for more', async () => {
    const templates = containersOf('argo-workflows/workflow-template.yaml');
    const clone = scratch();
    const directory = join(clone, 'fleet.json');
    writeFileSync(directory, JSON.stringify(written('oslo', 'fleet')));
    const codes: Record<string, number> = {};
    for (const step of ['validate', 'diff', 'apply', 'diff'].entries()) {
      const { args = [] } = templates.get(step[1]) ?? {};
      const words = fillIn(args, { 'workflow.parameters.directory': 'fleet.json' });
      const own = words.map((word) => word.replace(/^\/repository/, clone));
      codes[step.join(' ')] = (await runAs('clusterprofile-workflow', own, clone)).code;
    }
    expect(codes).toEqual({ '0 validate': 0, '1 diff': 1, '2 apply': 0, '3 diff': 0 });
    const deleted = await runAs('clusterprofile-workflow', ['delete', 'oslo', '--yes', '--any-manager'], clone);
    expect(deleted.code).toBe(6);
    expect(readFileSync(directory, 'utf8')).toContain('oslo');
  });

  it('is enough for the Task of Tekton, and not for more', async () => {
    const clone = scratch();
    writeFileSync(join(clone, 'lima.json'), JSON.stringify(written('lima', 'fleet')));
    const task = (...words: string[]): Promise<Ran> => runAs('clusterprofile-task', words, clone);
    expect(await task('apply', '-f', 'lima.json')).toMatchObject({ code: 0 });
    expect(await task('diff', '-f', 'lima.json')).toMatchObject({ code: 0 });
    expect(await task('delete', 'lima', '--yes', '--any-manager')).toMatchObject({ code: 6 });
    writeFileSync(join(clone, 'other.json'), JSON.stringify(written('lima', 'argocd')));
    expect(await task('apply', '-f', 'other.json')).toMatchObject({ code: 6 });
  });
});
