import { group, profileKind } from '../clusterprofile.ts';
import { buildVersionedCrd } from './versions.ts';
import { getPlacementDecisionSchema, type Schema } from '../crd.ts';
import { knownVersions } from '../versions.ts';

/** A JSON Schema of draft-07, which editors read. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const draft = 'http://json-schema.org/draft-07/schema#';

/** A structural schema without what only an API server understands; a name that it does not have is an error, as there. */
function toJsonSchema(schema: Schema): JsonSchema {
  const { properties, items, additionalProperties, format, ...rest } = schema;
  const plain = Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-kubernetes-')));
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...plain,
    // Editors know date-time; byte and int64 are OpenAPI's.
    ...(format === 'date-time' && { format }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, toJsonSchema(each)])),
      additionalProperties: isOpen,
    }),
    ...(items && { items: toJsonSchema(items) }),
    ...(additionalProperties && { additionalProperties: toJsonSchema(additionalProperties) }),
  };
}

const texts: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };

/** What a file says of an object besides its spec; servers add more. */
const metadata: JsonSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      maxLength: 253,
      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
    },
    namespace: { type: 'string', maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' },
    labels: texts,
    annotations: texts,
  },
};

/** The schema of an object as it stands in a file, of one kind and version. */
function describeObject(kind: string, version: string, schema: Schema): JsonSchema {
  const { properties, ...rest } = toJsonSchema(schema) as { properties: Record<string, JsonSchema> };
  return {
    ...rest,
    required: ['apiVersion', 'kind', 'metadata', ...(schema.required ?? [])],
    properties: {
      ...properties,
      apiVersion: { ...properties['apiVersion'], const: `${group}/${version}` },
      kind: { ...properties['kind'], const: kind },
      metadata,
    },
  };
}

/** The schema of ClusterProfiles of a version, or of each that is known, told apart by apiVersion. */
export function buildProfileSchema(version: string | undefined): JsonSchema {
  const { versions } = buildVersionedCrd([...knownVersions]).spec;
  const known = versions.map((each) => ({
    name: each.name,
    schema: describeObject(profileKind, each.name, each.schema.openAPIV3Schema),
  }));
  const only = known.find(({ name }) => name === version);
  if (only) return { $schema: draft, title: `${profileKind} ${only.name}`, ...only.schema };
  return {
    $schema: draft,
    title: profileKind,
    type: 'object',
    required: ['apiVersion', 'kind'],
    properties: { apiVersion: { enum: known.map(({ name }) => `${group}/${name}`) }, kind: { const: profileKind } },
    // An editor says what is wrong with the version at hand, and nothing of the others.
    allOf: known.map(({ name, schema }) => ({
      if: { properties: { apiVersion: { const: `${group}/${name}` } } },
      // eslint-disable-next-line unicorn/no-thenable -- the word of JSON Schema
      then: schema,
    })),
  };
}

/** The schema of PlacementDecisions (KEP-5313), v1alpha1. */
export const buildDecisionSchema = (): JsonSchema => ({
  $schema: draft,
  title: 'PlacementDecision v1alpha1',
  ...describeObject('PlacementDecision', 'v1alpha1', getPlacementDecisionSchema()),
});
