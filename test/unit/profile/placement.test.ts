import {
  array,
  assert,
  bigInt,
  constantFrom,
  jsonValue,
  property,
  record,
  shuffledSubarray,
  uniqueArray,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  listGaps,
  sortSlices,
  isPlacementDecision,
  listPlacementNames,
  findPlacements,
  readSlice,
} from '../../../src/profile/placement.ts';
import { decision, ocmDecision, slice, type Labels } from '../../support/placements.ts';

const names = (objects: object[], name: string): string[][] =>
  findPlacements(objects, name).map(({ references }) => references.map((each) => `${each.namespace}/${each.name}`));

const key = (value: string, index?: number): Labels => ({
  'multicluster.x-k8s.io/decision-key': value,
  ...(index === undefined ? {} : { 'multicluster.x-k8s.io/decision-index': String(index) }),
});

describe('a placement', () => {
  it('is of this API group: Open Cluster Management has a kind of the same name', () => {
    expect(isPlacementDecision(decision('web', ['tokyo']))).toBe(true);
    expect(isPlacementDecision(ocmDecision('web'))).toBe(false);
    expect(isPlacementDecision({ ...decision('web', []), apiVersion: 'multicluster.x-k8s.io/v1alpha2' })).toBe(true);
    expect(isPlacementDecision({ ...decision('web', []), apiVersion: 'multicluster.x-k8s.io.example.com/v1' })).toBe(
      false,
    );
    expect(names([ocmDecision('web')], 'web')).toEqual([]);
  });

  it('has its references in order, in its own namespace where they name none, each once', () => {
    const web = decision('web', ['tokyo', 'depot/oslo', { name: 'kyoto', namespace: '' }, 'shop/tokyo']);
    expect(names([web], 'web')).toEqual([['shop/tokyo', 'depot/oslo', 'shop/kyoto']]);
  });

  it.each([
    ['an object brings all slices of its decision-key', 'late', ['shop/tokyo', 'shop/oslo', 'shop/kyoto']],
    ['a decision-key', 'web-7f', ['shop/tokyo', 'shop/oslo', 'shop/kyoto']],
    ['the base of names', 'api', ['shop/bergen', 'shop/nara']],
    ['an object without a key is alone, whatever it is called', 'api-1', ['shop/nara']],
  ])('%s', (_title, name, wanted) => {
    const objects = [
      decision('late', ['kyoto'], key('web-7f', 10)),
      decision('early', ['oslo'], key('web-7f', 9)),
      decision('x', ['tokyo'], key('web-7f', 0)),
      decision('api-1', ['nara']),
      decision('api-0', ['bergen']),
      { ...decision('other', ['narvik'], key('web-7f', 1)), metadata: { namespace: 'depot', name: 'other' } },
      decision('apis-0', ['narvik']),
    ];
    expect(names(objects, name)).toEqual([wanted]);
  });

  it('is the placement-key of a workload, where nothing is called like that', () => {
    const placed = { 'multicluster.x-k8s.io/placement-key': 'web' };
    const placedSlice = (name: string, profile: string, index: number, more: Labels = {}): object =>
      decision(name, [profile], { ...placed, 'multicluster.x-k8s.io/decision-index': `${index}`, ...more });
    // Neither a decision-key nor a name leads to them.
    expect(names([placedSlice('b', 'oslo', 1), placedSlice('a', 'tokyo', 0)], 'web')).toEqual([
      ['shop/tokyo', 'shop/oslo'],
    ]);
    // The slices of a decision belong together, with the label of the workload or without.
    const keyed = [placedSlice('a', 'tokyo', 0, key('run', 0)), decision('b', ['oslo'], key('run', 1))];
    expect(names(keyed, 'web')).toEqual([['shop/tokyo', 'shop/oslo']]);
    // Two decisions for one workload are two placements.
    const runs = [placedSlice('a', 'tokyo', 0, key('one', 0)), placedSlice('b', 'oslo', 0, key('two', 0))];
    expect(names(runs, 'web')).toEqual([['shop/tokyo'], ['shop/oslo']]);
    expect(names([placedSlice('a', 'tokyo', 0), decision('web', ['oslo'])], 'web')).toEqual([['shop/oslo']]);
    expect(names([placedSlice('a', 'tokyo', 0), decision('web-0', ['oslo'])], 'web')).toEqual([['shop/tokyo']]);
    expect(listPlacementNames([placedSlice('a', 'tokyo', 0, key('run', 0))])).toEqual(['shop/run', 'shop/web']);
  });

  it('is the object or the key of a name before it is the base of one', () => {
    expect(names([decision('web', ['tokyo']), decision('web-0', ['oslo'])], 'web')).toEqual([['shop/tokyo']]);
    expect(names([decision('a', ['tokyo'], key('web')), decision('web-0', ['oslo'])], 'web')).toEqual([['shop/tokyo']]);
  });

  it('may mean several, by namespace, by key and name, or by the keys behind a base name', () => {
    const twin = decision('web', ['oslo']);
    const depot = { ...twin, metadata: { ...twin.metadata, namespace: 'depot' } };
    expect(names([decision('web', ['tokyo']), depot], 'web')).toEqual([['depot/oslo'], ['shop/tokyo']]);
    expect(names([decision('a', ['tokyo'], key('web')), twin], 'web')).toEqual([['shop/tokyo'], ['shop/oslo']]);
    const runs = [decision('web-0', ['tokyo'], key('one')), decision('web-1', ['oslo'], key('two'))];
    expect(names(runs, 'web')).toEqual([['shop/tokyo'], ['shop/oslo']]);
  });

  it('takes both ways to find slices together', () => {
    const some = [decision('web-0', ['tokyo'], key('one')), decision('web-1', ['oslo'])];
    expect(names(some, 'web')).toEqual([['shop/tokyo', 'shop/oslo']]);
  });

  it.each([
    [[0, 1, 2], []],
    [[0, 2, 5], ['slice 1, 3-4 is missing']],
    [[1], ['slice 0 is missing']],
    [[0, 0, 1], ['slice 0 is there twice']],
  ])('with the slices %j is incomplete: %j', (indexes, wanted) => {
    const objects = indexes.map((index, at) => decision(`x${at}`, ['tokyo'], key('web', index)));
    expect(findPlacements(objects, 'web').map(({ incomplete }) => incomplete)).toEqual([wanted]);
  });

  it('is incomplete with a gap in its names only where these bring the slices together', () => {
    const incomplete = (labels: Labels, name: string): string[][] =>
      findPlacements([decision('web-1', [], labels), decision('web-3', [], labels)], name).map(
        (placement) => placement.incomplete,
      );
    expect(incomplete({}, 'web')).toEqual([['slice 0, 2 is missing']]);
    expect(incomplete(key('one'), 'one')).toEqual([[]]);
    expect(incomplete({}, 'web-1')).toEqual([[]]);
  });

  it('is incomplete while its slices are of two runs, and where one cannot be read', () => {
    const revision = (value: string): Labels => ({
      ...key('web'),
      'multicluster.x-k8s.io/decision-revision': value,
    });
    const objects = [
      decision('a', [], revision('3')),
      { ...decision('b', [], revision('4')), decisions: [{ clusterProfileRef: {} }] },
    ];
    expect(findPlacements(objects, 'web')[0]?.incomplete).toEqual([
      'its slices are of several revisions (3, 4)',
      'something in b names no ClusterProfile',
    ]);
  });

  it('is the same in any order of its slices', () => {
    const slices = uniqueArray(bigInt({ min: 0n, max: 300n }), { minLength: 1, maxLength: 20 }).chain((indexes) => {
      const objects = indexes.map((index) => slice('web', Number(index), [`c${index}`]));
      return shuffledSubarray(objects, { minLength: objects.length }).map((shuffled) => ({ objects, shuffled }));
    });
    assert(
      property(slices, ({ objects, shuffled }) => {
        const [one] = findPlacements(shuffled, 'web');
        expect([one]).toEqual(findPlacements(objects, 'web'));
        const numbers = one!.references.map(({ name }) => Number(name.slice(1)));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        expect(one!.references).toHaveLength(objects.length);
        expect(one!.incomplete.length > 0).toBe(Math.max(...numbers) !== numbers.length - 1);
      }),
    );
  });

  it('orders what has no index by the number in its name, then by name', () => {
    const slices = ['web-10', 'web-9', 'b', 'a'].map((name) => readSlice(decision(name, [])));
    expect(sortSlices(slices).map(({ name }) => name)).toEqual(['web-9', 'web-10', 'a', 'b']);
  });

  it('never throws, whatever the objects are', () => {
    const loose = record({
      apiVersion: constantFrom('multicluster.x-k8s.io/v1alpha1'),
      kind: constantFrom('PlacementDecision'),
      metadata: jsonValue(),
      decisions: jsonValue(),
    });
    assert(
      property(array(loose, { maxLength: 4 }), (objects) => {
        expect(findPlacements(objects, 'web')).toBeInstanceOf(Array);
        expect(listPlacementNames(objects)).toBeInstanceOf(Array);
      }),
    );
  });
});

it('finds gaps without counting', () => {
  expect(listGaps([])).toEqual([]);
  expect(listGaps([3, 0, 3])).toEqual(['1-2']);
  expect(listGaps([0, 1e15])).toEqual(['1-999999999999999']);
});
