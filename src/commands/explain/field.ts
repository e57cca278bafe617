import { group } from '../../profile/clusterprofile.ts';
import { getClusterProfileSchema, getPlacementDecisionSchema, type Schema } from '../../profile/crd.ts';
import { readOwn } from '../../object.ts';
import { wrapText } from '../../output/text.ts';

const kinds = [
  { kind: 'ClusterProfile', prefix: 'clusterprofile', schema: getClusterProfileSchema() },
  { kind: 'PlacementDecision', prefix: 'placementdecision', schema: getPlacementDecisionSchema() },
];

/** A field of the API, by the way to it. */
interface Field {
  kind: string;
  /** The last part of the path; absent for the object itself. */
  name: string | undefined;
  schema: Schema;
  isRequired: boolean;
}

/** The schema that has the fields: that of the items of a list. */
const unwrapItems = (schema: Schema): Schema => (schema.items ? unwrapItems(schema.items) : schema);

function followPath(kind: string, root: Schema, keys: readonly string[]): Field | undefined {
  let field: Field | undefined = { kind, name: undefined, schema: root, isRequired: false };
  for (const name of keys) {
    const owner: Schema = unwrapItems(field.schema);
    const schema = readOwn(owner.properties ?? {}, name);
    if (!schema) return undefined;
    field = { kind, name, schema, isRequired: owner.required?.includes(name) ?? false };
  }
  return field;
}

/** `status.conditions`, `.status.conditions[0].reason`, `clusterprofile.spec`, `placementdecision.decisions`. */
export function findField(path: string): Field | undefined {
  const keys = path
    .replaceAll(/\[\d*\]/g, '')
    .split('.')
    .filter(Boolean);
  const [first = '', ...rest] = keys;
  const named = kinds.find(({ prefix }) => [prefix, `${prefix}s`].includes(first.toLowerCase()));
  if (named) return followPath(named.kind, named.schema, rest);
  return keys.length === 0
    ? undefined
    : kinds.map(({ kind, schema }) => followPath(kind, schema, keys)).find((field) => field !== undefined);
}

function* listPaths(schema: Schema, before: string): Iterable<string> {
  for (const [name, inner] of Object.entries(unwrapItems(schema).properties ?? {})) {
    const path = before === '' ? name : `${before}.${name}`;
    yield path;
    yield* listPaths(inner, path);
  }
}

/** Every field that can be explained; those of a placement with its kind in front. */
export const listFields = (): string[] =>
  kinds.flatMap(({ prefix, schema }, index) => [prefix, ...listPaths(schema, index === 0 ? '' : prefix)]);

/** As kubectl explain writes types. */
function describeType({ type, items, format }: Schema): string {
  if (type === 'array') return `[]${items ? describeType(items) : 'Object'}`;
  return type === 'object' ? 'Object' : format === 'date-time' ? 'string, date and time' : type;
}

function* listLimits(schema: Schema): Iterable<string> {
  const { minLength, maxLength, minItems, maxItems, minimum, pattern, format } = schema;
  if (schema.enum) yield `one of ${schema.enum.join(', ')}`;
  if (minLength !== undefined) yield `at least ${minLength} character${minLength === 1 ? '' : 's'}`;
  if (maxLength !== undefined) yield `at most ${maxLength} characters`;
  if (minItems) yield `at least ${minItems} items`;
  if (maxItems !== undefined) yield `at most ${maxItems} items`;
  if (minimum !== undefined) yield `at least ${minimum}`;
  if (format === 'byte') yield 'base64';
  if (pattern !== undefined) yield `fits ${pattern}`;
  const keys = schema['x-kubernetes-list-map-keys'];
  if (keys) yield `unique by ${keys.join(', ')}`;
  for (const { message } of schema['x-kubernetes-validations'] ?? []) yield message;
}

const mark = (isRequired: boolean): string => (isRequired ? ' -required-' : '');

/** The field as `kubectl explain` shows one, by the CRD that this program knows. */
export function formatField(
  { kind, name, schema, isRequired }: Field,
  output: string,
  room: number | undefined,
): string {
  const { description = '' } = schema;
  const limits = [...listLimits(schema)];
  const { properties = {}, required = [] } = unwrapItems(schema);
  const fields = Object.entries(properties).map(([key, inner]) => ({
    name: key,
    type: describeType(inner),
    required: required.includes(key),
    description: inner.description ?? '',
  }));
  if (output === 'json')
    return `${JSON.stringify({ kind, name, type: describeType(schema), required: isRequired, description, limits, fields }, undefined, 2)}\n`;
  const wrap = (text: string): string => wrapText(text, room, '    ').join('\n');
  const head = `GROUP:      ${group}\nKIND:       ${kind}\nVERSION:    v1alpha1\n`;
  const parts = [
    head,
    ...(name === undefined ? [] : [`FIELD: ${name} <${describeType(schema)}>${mark(isRequired)}\n`]),
    ...(description ? [`DESCRIPTION:\n${wrap(description)}\n`] : []),
    ...(limits.length > 0 ? [`LIMITS:\n${limits.map((each) => `    ${each}\n`).join('')}`] : []),
    ...(fields.length > 0
      ? [
          `FIELDS:\n${fields
            .map(
              (each) =>
                `  ${each.name}\t<${each.type}>${mark(each.required)}\n${each.description ? `${wrap(each.description)}\n` : ''}`,
            )
            .join('\n')}`,
        ]
      : []),
  ];
  return parts.join('\n');
}
