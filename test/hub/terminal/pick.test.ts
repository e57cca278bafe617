import { expect, it } from 'vitest';
import { describeHub, kubeconfigFor, namespace } from '../../support/hub/hub.ts';
import { oslo, profile, yamlOf } from '../../support/profiles.ts';
import { run } from '../../support/run.ts';
import { keys, startAtTerminal } from '../../support/terminal.ts';

describeHub('without a name, at a terminal', () => {
  it('describe offers the profiles of the current namespace of a hub', async () => {
    const ns = await namespace();
    const hub = ['--kubeconfig', kubeconfigFor({ namespace: ns })];
    const metadata = { namespace: ns, uid: undefined, resourceVersion: undefined, generation: undefined };
    const stdin = yamlOf([profile({ metadata }), oslo({ metadata })]);
    expect(await run(['apply', '-f', '-', ...hub], { stdin })).toMatchObject({ code: 0 });
    const terminal = startAtTerminal(['describe', ...hub]);
    await terminal.shows(/❯/);
    expect(terminal.screen()).toContain(`${ns}/tokyo`);
    terminal.type(`osl${keys.enter}`);
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).toContain(`chosen: ${ns}/oslo\n`);
  });
});
