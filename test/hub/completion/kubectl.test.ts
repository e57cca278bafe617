import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { describeHub, kubeconfigFor, kubectl, namespace, request, theHub } from '../../support/hub/hub.ts';
import { root, scratch } from '../../support/paths.ts';
import { program, programInShell } from '../../support/program.ts';
import { run } from '../../support/run.ts';
import { keys, startInTerminal } from '../../support/terminal.ts';

/** A folder on PATH with kubectl and its plugin, and the kubeconfig of a hub that has a profile. */
async function makePlace(): Promise<{ bin: string; env: Record<string, string>; ns: string }> {
  const ns = await namespace();
  const body = JSON.stringify({
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: { name: 'tokyo', namespace: ns },
    spec: { displayName: 'Tokyo', clusterManager: { name: 'shop-fleet' } },
  });
  const path = `/apis/multicluster.x-k8s.io/v1alpha1/namespaces/${ns}/clusterprofiles`;
  expect((await request(path, { method: 'POST', body })).status).toBe(201);
  const bin = join(scratch(), 'bin');
  mkdirSync(bin);
  symlinkSync(theHub().kubectl, join(bin, 'kubectl'));
  const script = `#!/bin/sh\nexec ${programInShell(true)} "$@"\n`;
  writeFileSync(join(bin, 'kubectl-clusterprofile'), script, { mode: 0o755 });
  const PATH = [bin, process.env['PATH']].join(delimiter);
  return { bin, env: { PATH, HOME: bin, KUBECONFIG: kubeconfigFor({ namespace: ns }) }, ns };
}

type Place = Awaited<ReturnType<typeof makePlace>>;

/** What kubectl offers behind `kubectl clusterprofile`. */
const complete = async ({ env }: Place, ...typed: string[]): Promise<string> =>
  (await kubectl(['__complete', 'clusterprofile', ...typed], { env })).stdout;

describeHub('kubectl clusterprofile <TAB>', () => {
  it('asks the program that completion install writes beside the plugin', async () => {
    const place = await makePlace();
    const { bin, env, ns } = place;
    expect(await complete(place, 'descr')).toBe(':0\n');
    expect(await run(['completion', 'install'], { env, asPlugin: true })).toEqual({
      code: 0,
      out: `${bin}/kubectl_complete-clusterprofile created\n`,
      err: 'note: kubectl completes its plugins where its own completion is loaded, by kubectl completion --help\n',
    });
    expect(await complete(place, 'descr')).toMatch(/^describe\tshow everything .*\n:4\n$/);
    expect(await complete(place, 'list', '-o', 'jsonp')).toBe('jsonpath=\njsonpath-as-json=\njsonpath-file=\n:6\n');
    expect(await complete(place, 'list', '--context=h')).toBe('hub\n:4\n');
    expect(await complete(place, 'apply', '-f', '')).toBe(':0\n');
    expect(await complete(place, 'list', '--inventory', '')).toBe(':16\n');
    // A machine that is busy may not have an answer in time.
    await expect.poll(() => complete(place, 'describe', ''), { timeout: 30_000 }).toBe('tokyo\tshop-fleet\n:4\n');
    await expect.poll(() => complete(place, 'list', '-n', ns.slice(0, -1)), { timeout: 30_000 }).toBe(`${ns}\n:4\n`);
  });

  it.runIf(program === 'bundle')('comes with the package', async () => {
    const place = await makePlace();
    symlinkSync(join(root, 'bin', 'kubectl-complete.js'), join(place.bin, 'kubectl_complete-clusterprofile'));
    expect(await complete(place, 'descr')).toMatch(/^describe\tshow everything .*\n:4\n$/);
    expect(await run(['completion', 'install'], { env: place.env })).toMatchObject({
      code: 0,
      out: `${place.bin}/kubectl_complete-clusterprofile unchanged\n`,
    });
  });

  const withoutFish = existsSync('/usr/bin/fish') ? '' : ': skipped, fish is not installed';
  it.skipIf(withoutFish !== '')(`works at a terminal${withoutFish}`, async () => {
    const { bin, env } = await makePlace();
    await run(['completion', 'install'], { env });
    const terminal = startInTerminal('fish', ['--no-config', '-i'], { cwd: bin, env: { ...env, TERM: 'xterm' } });
    terminal.type(`kubectl completion fish | source${keys.enter}`);
    terminal.type(`echo loaded${keys.enter}`);
    await terminal.shows(/^loaded$/m);
    // A machine that is busy may not have an answer in time, and then the word stays as it is typed.
    const shown = async (): Promise<boolean> => {
      const from = terminal.screen().length;
      terminal.type(`kubectl clusterprofile list -o na\t tok\t${keys.enter}`);
      terminal.type(`echo done${keys.enter}`);
      await terminal.shows(/^\r?done$/m, from);
      return /^\r?clusterprofile.multicluster.x-k8s.io\/tokyo$/m.test(terminal.screen().slice(from));
    };
    await expect.poll(shown, { timeout: 50_000, interval: 10 }).toBe(true);
    terminal.type(`exit${keys.enter}`);
    expect(await terminal.ended).toBe(0);
  });
});
