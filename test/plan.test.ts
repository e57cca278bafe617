import type { Comparison, Retirement } from '../src/kubernetes/change.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterProfile, Condition } from '../src/profile/clusterprofile.ts';
import { plan, settleChange, subject } from '../src/plan/plan.ts';

const profile = (name: string, more: Partial<ClusterProfile['spec']> = {}, manager = 'gke-fleet'): ClusterProfile => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name, namespace: 'fleet' },
  spec: { displayName: name, clusterManager: { name: manager }, ...more },
});

const compare = (live: ClusterProfile): Comparison => ({ before: live, owned: true, conflicts: [] });
const retire = (): Retirement => 'delete';

const rows: {
  title: string;
  current: ClusterProfile[];
  desired: ClusterProfile[];
  prune?: boolean;
  expected: string[];
}[] = [
  { title: 'nothing there', current: [], desired: [profile('prod-us')], expected: ['create prod-us'] },
  { title: 'the same', current: [profile('prod-us')], desired: [profile('prod-us')], expected: ['unchanged prod-us'] },
  {
    title: 'another display name',
    current: [profile('prod-us', { displayName: 'US' })],
    desired: [profile('prod-us')],
    expected: ['update prod-us'],
  },
  {
    title: "another manager's profile",
    current: [profile('prod-us', {}, 'ocm')],
    desired: [profile('prod-us')],
    expected: ['refused prod-us'],
  },
  { title: 'gone, without prune', current: [profile('prod-us')], desired: [], expected: [] },
  { title: 'gone, with prune', current: [profile('prod-us')], desired: [], prune: true, expected: ['delete prod-us'] },
  { title: 'sorted by name', current: [], desired: [profile('b'), profile('a')], expected: ['create a', 'create b'] },
];

describe('plan', () => {
  it.each(rows)('$title', ({ current, desired, prune = false, expected }) => {
    const changes = plan(current, desired, { prune, compare, retire });
    expect(changes.map((change) => `${change.action} ${subject(change).metadata.name}`)).toEqual(expected);
  });

  it('updates what is equal but not owned', () => {
    const changes = plan([profile('prod-us')], [profile('prod-us')], {
      compare: (live) => ({ ...compare(live), owned: false }),
    });
    expect(changes.map(({ action }) => action)).toEqual(['update']);
  });

  it('refuses conflicts, and never takes over another cluster manager by force', () => {
    const conflicts = [{ field: '.spec.displayName', owner: 'kubectl', theirs: 'US', ours: 'prod-us' }];
    const conflicting = (live: ClusterProfile): Comparison => ({ ...compare(live), conflicts });
    const options = { compare: conflicting };
    expect(plan([profile('a')], [profile('a')], options)[0]!.action).toBe('refused');
    expect(
      plan([profile('a', { displayName: 'A' })], [profile('a')], { ...options, forceConflicts: true })[0]!.action,
    ).toBe('update');
    expect(plan([profile('a', {}, 'ocm')], [profile('a')], { ...options, forceConflicts: true })[0]!.action).toBe(
      'refused',
    );
  });

  it('does not delete what this tool did not make', () => {
    expect(plan([profile('prod-us')], [], { prune: true, compare, retire: () => 'keep' })).toEqual([]);
  });

  it('is idempotent: carried out, it has nothing left to do', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(names, names, (there, wanted) => {
        const current = there.map((name) => profile(name, { displayName: `${name} then` }));
        const desired = wanted.map((name) => profile(name));
        const after = plan(current, desired, { prune: true, compare, retire }).flatMap((change) =>
          'after' in change ? [change.after] : [],
        );
        expect(
          plan(after, desired, { prune: true, compare, retire }).every(({ action }) => action === 'unchanged'),
        ).toBe(true);
      }),
    );
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
    ...profile('a'),
    ...(status && { status }),
  });

  it('keeps the time of a condition whose status and reason are the same', () => {
    const live = withStatus({ conditions: [condition('True', 'Joined', '2026-01-01T00:00:00Z')] });
    const same = withStatus({ conditions: [condition('True', 'Joined', '2026-02-02T00:00:00Z')] });
    const other = withStatus({ conditions: [condition('False', 'Left', '2026-02-02T00:00:00Z')] });
    expect(settleChange(same, live)).toEqual(live);
    expect(settleChange(other, live)).toEqual(other);
  });

  it('keeps the time of an observation whose value is the same', () => {
    const live = withStatus({
      properties: [{ name: 'location', value: 'apac', lastObservedTime: '2026-01-01T00:00:00Z' }],
    });
    const same = withStatus({
      properties: [{ name: 'location', value: 'apac', lastObservedTime: '2026-02-02T00:00:00Z' }],
    });
    expect(settleChange(same, live)).toEqual(live);
  });
});
