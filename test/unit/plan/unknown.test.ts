import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../../src/kubernetes/change.ts';
import { subjectOfChange } from '../../../src/kubernetes/change.ts';
import { planProfiles } from '../../../src/plan/plan.ts';
import type { AccessProvider, ClusterProfile, Condition, UnknownFacts } from '../../../src/profile/clusterprofile.ts';

const profile = (name: string, more: Partial<ClusterProfile['spec']> = {}, manager = 'gke-fleet'): ClusterProfile => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name, namespace: 'fleet' },
  spec: { displayName: name, clusterManager: { name: manager }, ...more },
});

const compare = (live: ClusterProfile): Comparison => ({ before: live, owned: true, conflicts: [] });

describe('what is unknown of a wanted profile', () => {
  const make = (status: ClusterProfile['status'], manager?: string): ClusterProfile => ({
    ...profile('prod-us', {}, manager),
    ...(status && { status }),
  });
  const condition = (type: string, reason: string): Condition => ({
    type,
    status: 'True',
    reason,
    message: '',
    lastTransitionTime: '2026-03-01T10:00:00Z',
  });
  const reached = (server: string, more: object = {}): AccessProvider => ({
    name: 'karmada',
    cluster: { server, ...more },
  });
  const ca = { 'certificate-authority-data': 'Y2E=' };
  const live = make({
    version: { kubernetes: 'v1.33.1' },
    conditions: [condition('ControlPlaneHealthy', 'Running')],
    properties: [
      { name: 'tags.clusterprofile.dev/team', value: 'shop' },
      { name: 'location', value: 'eastus' },
    ],
    accessProviders: [reached('https://a.example.com', ca)],
  });
  /** The status that is planned. */
  const planned = (wanted: ClusterProfile, facts: Partial<UnknownFacts>, there = live): ClusterProfile['status'] => {
    const unknown: UnknownFacts = { part: 'secrets', failed: true, ...facts };
    const [change] = planProfiles([there], [wanted], { compare, unknownOf: () => [unknown] });
    return subjectOfChange(change!).status;
  };

  it('is as the live profile has it', () => {
    const facts = {
      version: true,
      conditions: ['ControlPlaneHealthy'],
      properties: [/^tags\./, 'location'],
      access: true,
    } as const;
    const wanted = make({ version: { kubernetes: 'v1.30.0' }, properties: [{ name: 'location', value: 'weaker' }] });
    const properties = live.status!.properties!.toReversed();
    expect(planned(wanted, facts)).toEqual({ ...live.status, properties });
    const [change] = planProfiles([live], [make(undefined)], {
      compare,
      unknownOf: () => [{ part: 'x', failed: true, ...facts }],
    });
    expect(change).toMatchObject({
      kept: ['access provider, version, ControlPlaneHealthy and 2 more kept: x not read'],
    });
  });

  it('gives way to what is stated where nobody asked, and is kept where nothing is stated', () => {
    const wanted = make({ version: { kubernetes: 'v1.30.0' } });
    const facts = { failed: false, version: true, conditions: ['ControlPlaneHealthy'] };
    expect(planned(wanted, facts)).toEqual({ version: { kubernetes: 'v1.30.0' }, conditions: live.status!.conditions });
    const [change] = planProfiles([live], [wanted], { compare, unknownOf: () => [{ part: 'x', ...facts }] });
    expect(change).not.toHaveProperty('kept');
  });

  it('is absent where it is not named', () => {
    expect(planned(make(undefined), { version: true })).toEqual({ version: { kubernetes: 'v1.33.1' } });
  });

  it.each<[string, AccessProvider[], Partial<UnknownFacts>, AccessProvider[]]>([
    [
      'a CA beside a new server',
      [reached('https://b.example.com')],
      { access: ['certificate-authority-data'] },
      [reached('https://b.example.com', ca)],
    ],
    [
      'a CA before no check at all',
      [reached('https://a.example.com', { 'insecure-skip-tls-verify': true })],
      { access: ['certificate-authority-data'] },
      [reached('https://a.example.com', ca)],
    ],
    ['no CA of a server that is gone', [], { access: ['certificate-authority-data'] }, []],
    [
      'all, after a failure',
      [reached('https://b.example.com')],
      { access: true },
      [reached('https://a.example.com', ca)],
    ],
    ['all, by choice', [], { access: true, failed: false }, [reached('https://a.example.com', ca)]],
    [
      'another way to the cluster, by choice',
      [reached('https://b.example.com')],
      { access: true, failed: false },
      [reached('https://b.example.com')],
    ],
  ])('keeps of access: %s', (_title, accessProviders, facts, expected) => {
    expect(planned(make({ accessProviders }), facts)?.accessProviders).toEqual(expected);
  });

  it('takes nothing from a profile of another manager', () => {
    const changes = planProfiles([make(live.status, 'ocm')], [make(undefined)], {
      compare,
      unknownOf: () => [{ part: 'x', failed: true, version: true }],
    });
    expect(changes).toMatchObject([{ action: 'refused', after: { spec: { clusterManager: { name: 'gke-fleet' } } } }]);
    expect(subjectOfChange(changes[0]!)).not.toHaveProperty('status');
  });

  it('takes nothing that somebody else wrote on the hub', () => {
    const ours = (there: ClusterProfile, wanted: ClusterProfile): Comparison => ({
      ...compare({ ...there, ...make(wanted.status) }),
    });
    const [change] = planProfiles([live], [make({ version: { kubernetes: 'v1.30.0' } })], {
      compare: ours,
      unknownOf: () => [{ part: 'x', failed: true, access: true }],
    });
    expect(subjectOfChange(change!).status).toEqual({ version: { kubernetes: 'v1.30.0' } });
  });

  it('leaves a profile as it is that is new', () => {
    const unknownOf = (): UnknownFacts[] => [{ part: 'x', failed: true, version: true }];
    expect(planProfiles([], [make(undefined)], { compare, unknownOf })).toEqual([
      { action: 'create', after: make(undefined) },
    ]);
  });
});
