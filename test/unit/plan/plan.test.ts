import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Comparison, Conflict, Retirement } from '../../../src/kubernetes/change.ts';
import type { KubernetesObject } from '../../../src/object.ts';
import { planProfiles, planObjects, keepTimes, type PlanOptions } from '../../../src/plan/plan.ts';
import type { ClusterProfile, Condition } from '../../../src/profile/clusterprofile.ts';
import { openTargetDirectory } from '../../../src/stores/target-directory.ts';
import { clusterProfile, describeChange } from '../../support/plan.ts';
import { scratch } from '../../support/paths.ts';

const compare = (live: ClusterProfile): Comparison => ({ before: live, owned: true, conflicts: [] });
const retire = (): Retirement => 'delete';
const [tokyo, renamed] = [clusterProfile('tokyo'), clusterProfile('tokyo', { displayName: 'Tokyo' })];

const planned = (current: ClusterProfile[], desired: ClusterProfile[], options: Partial<PlanOptions> = {}): string[] =>
  planProfiles(current, desired, { compare, retire, ...options }).map(describeChange);

describe('plan', () => {
  it.each([
    ['nothing there', [], [tokyo], false, ['create fleet/tokyo']],
    ['the same', [tokyo], [tokyo], false, ['unchanged fleet/tokyo']],
    ['another display name', [renamed], [tokyo], false, ['update fleet/tokyo']],
    ['gone, without prune', [tokyo], [], false, []],
    ['gone, with prune', [tokyo], [], true, ['delete fleet/tokyo']],
    ['sorted by name', [], [tokyo, clusterProfile('oslo')], false, ['create fleet/oslo', 'create fleet/tokyo']],
    [
      'deletions last, sorted by name',
      [tokyo, clusterProfile('nara'), clusterProfile('kyoto')],
      [tokyo, clusterProfile('oslo')],
      true,
      ['create fleet/oslo', 'unchanged fleet/tokyo', 'delete fleet/kyoto', 'delete fleet/nara'],
    ],
  ])('%s', (_title, current, desired, prune, expected) => {
    expect(planned(current, desired, { prune })).toEqual(expected);
  });

  it('updates what is equal but not owned', () => {
    expect(planned([tokyo], [tokyo], { compare: (live) => ({ ...compare(live), owned: false }) })).toEqual([
      'update fleet/tokyo',
    ]);
  });

  it('does not delete what this tool did not make', () => {
    expect(planned([tokyo], [], { prune: true, retire: () => 'keep' })).toEqual([]);
  });

  it('does not take a profile for another of its name', () => {
    const elsewhere = { ...tokyo, metadata: { ...tokyo.metadata, namespace: 'depot' } };
    expect(planned([elsewhere], [tokyo], { prune: true })).toEqual(['create fleet/tokyo', 'delete depot/tokyo']);
  });

  it('is idempotent: carried out, it has nothing left to do', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(names, names, (there, wanted) => {
        const current = there.map((name) => clusterProfile(name, { displayName: `${name} then` }));
        const desired = wanted.map((name) => clusterProfile(name));
        const options = { prune: true, compare, retire };
        const after = planProfiles(current, desired, options).flatMap((change) =>
          'after' in change ? [change.after] : [],
        );
        expect(planProfiles(after, desired, options).every(({ action }) => action === 'unchanged')).toBe(true);
      }),
    );
  });
});

describe('a profile of another cluster manager', () => {
  const refused = (manager: string): string[] => [
    `refused fleet/tokyo: it belongs to cluster manager "${manager}", and spec.clusterManager is immutable`,
  ];
  const foreign = clusterProfile('tokyo', { manager: 'ocm' });
  const conflicts: Conflict[] = [{ field: '.spec.displayName', owner: 'kubectl', theirs: 'Tokyo', ours: 'tokyo' }];

  it('is refused, also by force', () => {
    expect(planned([foreign], [tokyo])).toEqual(refused('ocm'));
    expect(planned([foreign], [tokyo], { forceConflicts: true })).toEqual(refused('ocm'));
  });

  it('is refused where nothing says whose it is', () => {
    const { spec: _, ...bare } = tokyo;
    expect(planned([bare as ClusterProfile], [tokyo])).toEqual(refused(''));
  });

  it('is refused for that before its conflicts and before who made it', () => {
    const options = {
      refuseStrangers: true,
      compare: (live: ClusterProfile) => ({ ...compare(live), conflicts, maker: 'ocm-controller' }),
    };
    expect(planned([foreign], [tokyo], options)).toEqual(refused('ocm'));
  });

  it('is in no plan that does not want it: `retire` decides what prune may delete', () => {
    expect(
      planned([foreign], [], {
        prune: true,
        retire: ({ spec }) => (spec.clusterManager.name === 'gke-fleet' ? 'delete' : 'keep'),
      }),
    ).toEqual([]);
  });
});

describe('fields of other field managers', () => {
  const conflicts: Conflict[] = [{ field: '.spec.displayName', owner: 'kubectl', theirs: 'Tokyo', ours: 'tokyo' }];
  const conflicting = (live: ClusterProfile): Comparison => ({ ...compare(live), conflicts });

  it('are refused, and named', () => {
    expect(planProfiles([renamed], [tokyo], { compare: conflicting })).toEqual([
      { action: 'refused', before: renamed, after: tokyo, reason: 'other field managers own fields of it', conflicts },
    ]);
  });

  it('are taken over by force', () => {
    expect(planned([renamed], [tokyo], { compare: conflicting, forceConflicts: true })).toEqual(['update fleet/tokyo']);
  });
});

describe('a profile that somebody else made under the same manager', () => {
  const madeBy = (maker: string | undefined): Partial<PlanOptions> => ({
    refuseStrangers: true,
    compare: (live) => ({ ...compare(live), maker }),
  });

  it.each(['kubefleet-hub-agent', 'kubectl-client-side-apply'])('is refused: %s', (manager) => {
    expect(planned([renamed], [tokyo], madeBy(manager))).toEqual([
      `refused fleet/tokyo: ${manager} made it, not this tool`,
    ]);
  });

  it("is taken over by force if a person's, and not if a controller's", () => {
    const force = { forceConflicts: true };
    expect(planned([renamed], [tokyo], { ...madeBy('kubectl-client-side-apply'), ...force })).toEqual([
      'update fleet/tokyo',
    ]);
    expect(planned([renamed], [tokyo], { ...madeBy('kubefleet-hub-agent'), ...force })).toEqual([
      'refused fleet/tokyo: kubefleet-hub-agent made it, not this tool',
    ]);
  });

  it('is written where nobody asks who made it, as by apply', () => {
    expect(planned([renamed], [tokyo], { ...madeBy('kubefleet-hub-agent'), refuseStrangers: false })).toEqual([
      'update fleet/tokyo',
    ]);
  });

  it('is ours where this tool has a part in it', () => {
    expect(planned([renamed], [tokyo], madeBy(undefined))).toEqual(['update fleet/tokyo']);
  });
});

describe('objects of several kinds', () => {
  const object = (kind: string, name: string): KubernetesObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'argocd' },
  });
  const options = {
    prune: true,
    retire: (): Retirement => 'delete',
    compare: (live: KubernetesObject) => ({ before: live, owned: true, conflicts: [] }),
  };

  it('are told apart by kind and name, and stay in the order that is wanted', () => {
    const changes = planObjects(
      [object('Secret', 'tokyo'), object('ConfigMap', 'oslo')],
      [object('Secret', 'tokyo'), object('ConfigMap', 'tokyo'), object('ConfigMap', 'nara')],
      options,
    );
    expect(
      changes.map((change) => `${change.action} ${('after' in change ? change.after : change.before).kind}`),
    ).toEqual(['unchanged Secret', 'create ConfigMap', 'create ConfigMap', 'delete ConfigMap']);
  });

  it('are released where another export holds them too, or refused where it would be left without something', () => {
    const there = [object('Secret', 'shared'), object('Secret', 'held'), object('Secret', 'own')];
    const reason =
      'clusterprofile/export-argocd/eu has written it too, and would be left without .data: run that one first';
    const changes = planObjects(there, [], {
      ...options,
      retire: ({ metadata: { name } }) =>
        name === 'own' ? 'delete' : name === 'held' ? { refusal: reason } : 'release',
    });
    expect(changes.map(describeChange)).toEqual([
      `refused argocd/held: ${reason}`,
      'delete argocd/own',
      'release argocd/shared',
    ]);
  });
});

describe('files that several exports have written', () => {
  const secret = (name: string, origin = `fleet/${name}`): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace: 'argocd',
      labels: { 'app.kubernetes.io/managed-by': 'clusterprofile' },
      annotations: { 'clusterprofile.dev/origin': origin },
    },
  });

  /** Plans an export of these objects, carries it out, and says what it did. */
  async function exportTo(folder: string, writer: string, objects: KubernetesObject[]): Promise<string[]> {
    const store = openTargetDirectory(folder, { writer, format: 'yaml', isSecret: () => false });
    const changes = planObjects(await store.read(objects, () => []), objects, {
      prune: true,
      compare: (live, after) => store.compare(live, after, {}),
      retire: (live) => store.retire(live),
    });
    for (const change of changes) await store.apply(change, {});
    store.close?.();
    return changes.map(describeChange);
  }

  it('are released by one, and deleted by the last', async () => {
    const folder = scratch();
    const [both, own] = [secret('both'), secret('own')];
    expect(await exportTo(folder, 'export-argocd', [both, own])).toEqual(['create argocd/both', 'create argocd/own']);
    expect(await exportTo(folder, 'export-argocd.eu', [both])).toEqual(['unchanged argocd/both']);
    expect(await exportTo(folder, 'export-argocd', [])).toEqual(['release argocd/both', 'delete argocd/own']);
    expect(await exportTo(folder, 'export-argocd', [])).toEqual([]);
    expect(await exportTo(folder, 'export-argocd.eu', [both])).toEqual(['unchanged argocd/both']);
    expect(await exportTo(folder, 'export-argocd.eu', [])).toEqual(['delete argocd/both']);
    expect(await exportTo(folder, 'export-argocd', [both])).toEqual(['create argocd/both']);
  });

  it('are not written over for another profile, nor where this tool did not make them', async () => {
    const folder = scratch();
    await exportTo(folder, 'export-argocd', [secret('tokyo')]);
    expect(await exportTo(folder, 'export-argocd', [secret('tokyo', 'depot/tokyo')])).toEqual([
      'refused argocd/tokyo: it stands for ClusterProfile fleet/tokyo, not for depot/tokyo (--force-conflicts takes it over)',
    ]);
    const { labels: _labels, annotations: _annotations, ...unmarked } = secret('oslo').metadata;
    await exportTo(folder, 'export-argocd', [{ ...secret('oslo'), metadata: unmarked }]);
    expect(await exportTo(folder, 'export-argocd.eu', [secret('oslo')])).toEqual([
      'refused argocd/oslo: it is there already, and this tool did not make it',
    ]);
  });
});

describe('settle', () => {
  const condition = (status: Condition['status'], reason: string, lastTransitionTime: string): Condition => ({
    type: 'Joined',
    status,
    reason,
    message: '',
    lastTransitionTime,
  });
  const withStatus = (status: ClusterProfile['status']): ClusterProfile => ({
    ...clusterProfile('a'),
    ...(status && { status }),
  });

  it('keeps the time of a condition whose status and reason are the same', () => {
    const live = withStatus({ conditions: [condition('True', 'Joined', '2026-01-01T00:00:00Z')] });
    const same = withStatus({ conditions: [condition('True', 'Joined', '2026-02-02T00:00:00Z')] });
    const other = withStatus({ conditions: [condition('False', 'Left', '2026-02-02T00:00:00Z')] });
    expect(keepTimes(same, live)).toEqual(live);
    expect(keepTimes(other, live)).toEqual(other);
  });

  it('keeps the time of an observation whose value is the same', () => {
    const live = withStatus({
      properties: [{ name: 'location', value: 'apac', lastObservedTime: '2026-01-01T00:00:00Z' }],
    });
    const same = withStatus({
      properties: [{ name: 'location', value: 'apac', lastObservedTime: '2026-02-02T00:00:00Z' }],
    });
    expect(keepTimes(same, live)).toEqual(live);
  });
});
