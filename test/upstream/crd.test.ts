import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { buildClusterProfileCrd, buildPlacementDecisionCrd } from '../../src/profile/crd.ts';
import { sharedData } from '../support/paths.ts';

const upstream = join(sharedData, 'crds', 'upstream');
const there = existsSync(upstream);
if (!there && process.env['CI'] !== 'true')
  console.warn(`the CRDs are not compared with upstream: no folder ${upstream}`);

/** Descriptions are ours; everything else decides what a hub takes. */
const withoutDescriptions = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    key === 'description' && typeof inner === 'string' ? undefined : inner,
  );

/** `required` is a set. */
const sorted = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    key === 'required' && Array.isArray(inner) ? (inner as string[]).toSorted() : inner,
  );

describe.each([
  ['clusterprofiles', buildClusterProfileCrd],
  ['placementdecisions', buildPlacementDecisionCrd],
])('the CRD of %s', (plural, crd) => {
  it.skipIf(!there && process.env['CI'] !== 'true')('is that of upstream, in other words', () => {
    const file = `${upstream}/multicluster.x-k8s.io_${plural}.yaml`;
    const { spec } = load(readFileSync(file, 'utf8')) as { spec: unknown };
    expect(sorted(withoutDescriptions(crd().spec))).toEqual(sorted(withoutDescriptions(spec)));
  });

  it('describes every field', () => {
    const bare: string[] = [];
    const walk = (schema: Record<string, unknown>, path: string): void => {
      if (typeof schema['description'] !== 'string' && path !== '.metadata') bare.push(path);
      for (const [name, inner] of Object.entries(
        (schema['properties'] ?? {}) as Record<string, Record<string, unknown>>,
      ))
        walk(inner, `${path}.${name}`);
      if (schema['items']) walk(schema['items'] as Record<string, unknown>, `${path}[]`);
    };
    for (const { schema } of crd().spec.versions) walk({ ...schema.openAPIV3Schema }, '');
    expect(bare).toEqual([]);
  });

  it('is named after its plural and group, as the API server demands', () => {
    const { metadata, spec } = crd();
    expect(metadata.name).toBe(`${plural}.multicluster.x-k8s.io`);
    expect(`${spec.names.plural}.${spec.group}`).toBe(metadata.name);
  });
});
