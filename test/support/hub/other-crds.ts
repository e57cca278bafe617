import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sharedData } from '../paths.ts';

/** A CRD for a kind whose own is not at hand, or is served by an aggregated API server: everything is kept. */
export const openCrd = (
  group: string,
  kind: string,
  plural: string,
  versions: string[],
  scope: 'Cluster' | 'Namespaced',
): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `${plural}.${group}`,
    ...(/(^|\.)(k8s|kubernetes)\.io$/.test(group) && {
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' },
    }),
  },
  spec: {
    group,
    names: { kind, plural, listKind: `${kind}List`, singular: kind.toLowerCase() },
    scope,
    versions: versions.map((name, index) => ({
      name,
      served: true,
      storage: index === 0,
      subresources: { status: {} },
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    })),
  },
});

/** CRDs that other projects ship, read in place where they are at hand. */
export const shippedCrds = (): string[] =>
  existsSync(sharedData)
    ? readdirSync(sharedData, { recursive: true, encoding: 'utf8' })
        .filter((file) => /^[a-z-]+\/crd[^/]*(\/.*)?\.yaml$/.test(file) && !file.startsWith('crds/'))
        .map((file) => join(sharedData, file))
    : [];
