import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, scratch } from '../../support/paths.ts';
import { run, runBuilt, type Ran } from '../../support/run.ts';
import { writeScratch, written } from '../../support/written.ts';
import { containersOf, documentsOf, fillIn, readRecipe, recipeFiles, scriptCommandsOf } from './recipes.ts';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** A clone with one profile in `fleet/`, and a directory that stands in for the hub. */
function writeClone(): { clone: string; env: Record<string, string> } {
  const [clone, live] = [scratch(), scratch()];
  mkdirSync(join(clone, 'fleet'));
  writeFileSync(join(clone, 'fleet', 'oslo.yaml'), JSON.stringify(written('oslo', 'fleet')));
  return { clone, env: { CLUSTERPROFILE_INVENTORY: live } };
}

/** Every command of the recipes, with where it stands. */
const commands = recipeFiles.flatMap((file) => [
  ...[...containersOf(file).values()].map(({ args }) => ({ file, words: args })),
  ...scriptCommandsOf(file).map((words) => ({ file, words })),
]);

describe('the recipes', () => {
  it('are all in their table, which names no other', () => {
    const table = readRecipe('README.md');
    for (const file of recipeFiles.filter((each) => !each.includes('cron-workflow')))
      expect(table).toContain(`](${file})`);
    for (const [, link = ''] of table.matchAll(/\]\(([^)#]+)[^)]*\)/g))
      expect([link, existsSync(join(root, 'recipes', link))]).toEqual([link, true]);
  });

  it('are YAML, and run the image and the release of this version', () => {
    for (const file of recipeFiles) {
      expect(documentsOf(file)).not.toEqual([]);
      const named = [...readRecipe(file).matchAll(/clusterprofile(?::|\/v|.*VERSION: )(\d+\.\d+\.\d+)/g)];
      expect([file, ...named.map(([, each]) => each).filter((each) => each !== version)]).toEqual([file]);
    }
  });

  it('use flags that there are', async () => {
    expect(new Set(commands.map(({ file }) => file)).size).toBeGreaterThan(6);
    const { out: shared } = await run(['options']);
    for (const { file, words } of commands.filter(({ words: [first = ''] }) => !first.startsWith('$'))) {
      const system = /^(?:import|export)$/.test(words[0] ?? '') && /^\w/.test(words[1] ?? '') ? [words[1] ?? ''] : [];
      const help = await run([words[0] ?? '', ...system, '--help']);
      expect([file, help.code]).toEqual([file, 0]);
      for (const flag of words.filter((word) => /^--?[A-Za-z]/.test(word))) {
        const stands = new RegExp(`(?:^|[ ,])${flag}(?=[ ,\n=])`, 'm').test(`${help.out}${shared}`);
        // What import and export do with their output is said by each of their systems.
        const anywhere =
          stands || (system.length === 0 && (await run([words[0] ?? '', 'kubeconfig', '--help'])).out.includes(flag));
        expect([file, flag, anywhere]).toEqual([file, flag, true]);
      }
    }
  });

  it('give containers no more than they need', () => {
    for (const file of recipeFiles)
      for (const container of containersOf(file).values())
        expect(container).toMatchObject({
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        });
  });

  it('set no variable that is a default for a flag', () => {
    for (const file of recipeFiles) expect(readRecipe(file).match(/^ *CLUSTERPROFILE_\w+:/m)?.[0]).toBeUndefined();
  });
});

describe('the Task for Tekton', () => {
  const [step] = containersOf('tekton/task.yaml').values();
  const { spec } = documentsOf('tekton/task.yaml')[0] as {
    spec: { params: { name: string; default?: string | string[] }[]; workspaces: { name: string }[] };
  };

  it('runs its words on the files of its workspace', async () => {
    expect(step?.args).toEqual(['$(params.args[*])']);
    const { clone, env } = writeClone();
    const start = (args: readonly string[]): Promise<Ran> => runBuilt(args, { cwd: clone, env });
    const byDefault = spec.params.find(({ name }) => name === 'args')?.default as string[];
    expect(await start(byDefault)).toMatchObject({ code: 0, err: expect.stringMatching(/^1 ClusterProfile valid/) });
    expect(await start(['diff', '-f', 'fleet/'])).toMatchObject({ code: 1, err: '1 to create\n' });
    expect(await start(['apply', '-f', 'fleet/'])).toMatchObject({ code: 0 });
    // An empty KUBECONFIG, as without the workspace, is none.
    expect(await runBuilt(['list'], { cwd: clone, env: { KUBECONFIG: '' } })).toEqual(
      await runBuilt(['list'], { cwd: clone }),
    );
  });

  it('uses only what it declares', () => {
    const used = [...readRecipe('tekton/task.yaml').matchAll(/\$\((params|workspaces)\.(\w+)/g)];
    const declared = { params: spec.params, workspaces: spec.workspaces } as Record<string, { name: string }[]>;
    for (const [, kind = '', name] of used) expect(declared[kind]?.map((each) => each.name)).toContain(name);
  });
});

describe('the templates for Argo Workflows', () => {
  const file = 'argo-workflows/workflow-template.yaml';
  const templates = containersOf(file);

  interface Spec {
    entrypoint: string;
    arguments: { parameters: { name: string }[] };
    templates: { name: string; steps?: { template: string; continueOn?: object }[][] }[];
  }
  const { spec } = documentsOf(file)[0] as { spec: Spec };
  const steps = spec.templates.find(({ name }) => name === spec.entrypoint)?.steps?.flat() ?? [];

  it('check, compare and bring a directory, in this order', async () => {
    const { clone, env } = writeClone();
    const codes: Record<string, number> = {};
    for (const { template } of steps) {
      const { args = [] } = templates.get(template) ?? {};
      const words = fillIn(args, { 'workflow.parameters.directory': 'fleet' });
      const ran = await runBuilt(
        words.map((word) => word.replace(/^\/repository/, clone)),
        { env },
      );
      codes[template] = ran.code;
    }
    expect(codes).toEqual({ validate: 0, diff: 1, apply: 0 });
    expect(steps.filter(({ continueOn }) => continueOn).map(({ template }) => template)).toEqual(['diff']);
    expect((await runBuilt(['list', '-A', '-o', 'name'], { env })).out).toContain('/oslo');
  });

  it('use only parameters that they have', () => {
    const used = [...readRecipe(file).matchAll(/\{\{workflow\.parameters\.(\w+)\}\}/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(spec.arguments.parameters.map(({ name }) => name)));
  });

  it('import on a schedule what the CronJob imports', () => {
    const [cron] = containersOf('argo-workflows/cron-workflow.yaml').values();
    expect(cron?.args).toEqual(containersOf('kubernetes/import-cronjob.yaml').get('import')?.args);
  });
});

describe('a directory of profiles in a repository', () => {
  const pages = ['README.md', 'docs/ci.md', ...recipeFiles.map((name) => `recipes/${name}`)];
  const writers = pages.flatMap((page) =>
    readFileSync(join(root, page), 'utf8')
      .split('\n')
      .filter((line) => /\bimport (?!--)\S.* --(?:inventory|output-dir) /.test(line))
      .map((line) => [page, line] as const),
  );
  const ways = writers.map(([, line]) => / --(?:inventory|output-dir)[^`]*/.exec(line)?.[0].trim() ?? '');

  it('is written in one way on every page', () => {
    expect(writers.map(([page]) => page)).toEqual([
      'README.md',
      'docs/ci.md',
      'recipes/gitlab/clusterprofile.gitlab-ci.yml',
      'recipes/gitops/argocd.yaml',
      'recipes/gitops/flux.yaml',
    ]);
    expect(new Set(ways.map((way) => way.replace('"$FLEET_DIRECTORY"', 'fleet/')))).toEqual(
      new Set(['--inventory fleet/ --apply --prune --yes']),
    );
  });

  it('loses the cluster that is gone, and nothing after a read in part', async () => {
    const cwd = scratch();
    const importOf = (...names: string[]): Promise<Ran> => {
      const documents = names.map((name) => ({
        apiVersion: 'cluster.x-k8s.io/v1beta1',
        kind: 'Cluster',
        ...(name !== 'cut' && { metadata: { name, namespace: 'fleet' } }),
        spec: { controlPlaneEndpoint: { host: `${name}.example.com`, port: 6443 } },
      }));
      const words = ['import', 'cluster-api', '-f', writeScratch('clusters.json', documents), '-q'];
      return runBuilt([...words, ...(ways[0] ?? '').split(' ')], { cwd });
    };
    const listed = (): string[] =>
      readdirSync(join(cwd, 'fleet'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.yaml'))
        .toSorted();
    const both = ['fleet/lima.yaml', 'fleet/oslo.yaml'];
    expect([(await importOf('oslo', 'lima')).code, listed()]).toEqual([0, both]);
    expect([(await importOf('oslo', 'cut')).code, listed()]).toEqual([4, both]);
    expect([(await importOf('oslo')).code, listed()]).toEqual([0, ['fleet/oslo.yaml']]);
    expect([(await importOf()).code, listed()]).not.toEqual([0, []]);
  });
});
