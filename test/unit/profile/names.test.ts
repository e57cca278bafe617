import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDnsSubdomain, isLabelKey, isLabelValue, makeObjectName } from '../../../src/profile/names.ts';

describe('objectName', () => {
  it.each([
    ['prod-us', 'prod-us'],
    ['gke_shop_us-central1_prod', 'gke-shop-us-central1-prod'],
    ['PROD.US', 'prod.us'],
    ['a.-b', 'a.b'],
    ['a..b', 'a.b'],
    ['-a-', 'a'],
    ['https://kubernetes.default.svc', 'https---kubernetes.default.svc'],
  ])('%s becomes %s', (from, to) => {
    expect(makeObjectName(from)).toBe(to);
  });

  it('is legal, short, stable, and different for long names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const name = makeObjectName(text);
        expect(isDnsSubdomain(name) && name.length <= 63, name).toBe(true);
        expect(makeObjectName(text)).toBe(name);
      }),
    );
    expect(makeObjectName('a'.repeat(100))).not.toBe(makeObjectName('a'.repeat(101)));
  });
});

it('knows labels', () => {
  expect(['', 'a', 'A.b_c-d', 'a'.repeat(63)].every(isLabelValue)).toBe(true);
  expect(['-a', 'a b', 'a'.repeat(64), 'ä', 'a\n'].some(isLabelValue)).toBe(false);
  expect(['a', 'x-k8s.io/cluster-manager', 'a.b/C_d'].every(isLabelKey)).toBe(true);
  expect(['', '/a', 'a/', 'a/b/c', 'A.b/c', `a/${'b'.repeat(64)}`].some(isLabelKey)).toBe(false);
});
