import { describe, expect, it } from 'vitest';
import { run } from '../../support/run.ts';
import { lines } from '../../support/text.ts';
import { twin } from '../../support/placements.ts';

const older = twin('tokyo', '2026-01-01T00:00:00Z');
const newer = twin('tokyo-again', '2026-02-01T00:00:00Z');

describe('export', () => {
  const exported = (profiles: readonly object[], ...flags: string[]): ReturnType<typeof run> =>
    run(['export', 'argocd', '-f', '-', '--argocd-builtin', '--allow-host', 'tokyo.example.test', ...flags], {
      stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: profiles }),
    });

  it('acts on a member once, and says so', async () => {
    const { out, err, code } = await exported([older, newer]);
    expect(out.match(/kind: Secret/g)).toHaveLength(1);
    const id = 'multicluster.x-k8s.io/inventory-member-id';
    expect({ code, err }).toEqual({
      code: 0,
      err: `warning: fleet/tokyo and fleet/tokyo-again are one cluster (${id}): the oldest, fleet/tokyo, counts\n`,
    });
    expect(await exported([twin('a', undefined), twin('b', undefined)])).toEqual({
      code: 4,
      out: '',
      err: lines(
        `warning: fleet/a and fleet/b are one cluster (${id}), and nothing says which is the oldest: none counts`,
        'note: no ClusterProfile to export',
      ),
    });
  });

  it('--only-healthy leaves out what does not say it is well', async () => {
    const condition = (type: string, status: string): object => ({
      type,
      status,
      reason: 'R',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    const well = { ...older, status: { ...older.status, conditions: [condition('ControlPlaneHealthy', 'True')] } };
    const left = {
      ...older,
      status: { ...older.status, conditions: [condition('ControlPlaneHealthy', 'True'), condition('Joined', 'False')] },
    };
    expect((await exported([well], '--only-healthy')).out).toContain('kind: Secret');
    for (const profile of [older, left]) expect((await exported([profile], '--only-healthy')).out).toBe('');
  });
});
