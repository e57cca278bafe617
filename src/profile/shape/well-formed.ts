import { nameOf, type ClusterProfile } from '../clusterprofile.ts';
import { UserError } from '../../errors.ts';
import { formatKeys, isObject } from '../../object.ts';

/** Where something else is than should be: the keys that lead there, from the inside out, and what should be. */
interface Flaw {
  keys: (string | number)[];
  wanted: string;
}

/** The first flaw of what is there. Never what it is: it may be a secret. */
type ShapeCheck = (value: unknown) => Flaw | undefined;

const isString = (value: unknown): boolean => typeof value === 'string';

const fits =
  (wanted: string, test: (value: unknown) => boolean): ShapeCheck =>
  (value) =>
    test(value) ? undefined : { keys: [], wanted };

/** What is absent is no flaw. */
function checkWithin(value: unknown, key: string | number, check: ShapeCheck): Flaw | undefined {
  if (value === undefined || value === null) return undefined;
  const found = check(value);
  found?.keys.push(key);
  return found;
}

function mapOf(fields: Record<string, ShapeCheck>): ShapeCheck {
  const entries = Object.entries(fields).map(([field, check]) => ({ field, check }));
  return (value) => {
    if (!isObject(value)) return { keys: [], wanted: 'a map' };
    for (const { field, check } of entries) {
      const inside = value[field];
      const found = inside === undefined ? undefined : checkWithin(inside, field, check);
      if (found) return found;
    }
    return undefined;
  };
}

const listOf =
  (item: ShapeCheck): ShapeCheck =>
  (value) => {
    if (!Array.isArray(value)) return { keys: [], wanted: 'a list' };
    for (let index = 0; index < value.length; index++) {
      const found = checkWithin(value[index] ?? '', index, item);
      if (found) return found;
    }
    return undefined;
  };

const isTextOrAbsent = fits('a text', isString);
const isFlagOrAbsent = fits('true or false', (value) => typeof value === 'boolean');
const listOfTexts = fits('a map of texts', (value) => isObject(value) && Object.values(value).every(isString));

const providerShape = mapOf({
  name: isTextOrAbsent,
  cluster: mapOf({
    server: isTextOrAbsent,
    'certificate-authority-data': isTextOrAbsent,
    'tls-server-name': isTextOrAbsent,
    'proxy-url': isTextOrAbsent,
    'insecure-skip-tls-verify': isFlagOrAbsent,
    'disable-compression': isFlagOrAbsent,
    extensions: listOf(mapOf({ name: isTextOrAbsent })),
  }),
});

/** Nobody has checked what files hold, or what answered for a hub: what readers count on is checked here, once. */
const checkProfile = mapOf({
  metadata: mapOf({
    name: isTextOrAbsent,
    namespace: isTextOrAbsent,
    labels: listOfTexts,
    annotations: listOfTexts,
    creationTimestamp: isTextOrAbsent,
    deletionTimestamp: isTextOrAbsent,
    uid: isTextOrAbsent,
    resourceVersion: isTextOrAbsent,
    finalizers: listOf(isTextOrAbsent),
    ownerReferences: listOf(mapOf({ kind: isTextOrAbsent, name: isTextOrAbsent })),
    managedFields: listOf(
      mapOf({
        manager: isTextOrAbsent,
        operation: isTextOrAbsent,
        apiVersion: isTextOrAbsent,
        subresource: isTextOrAbsent,
        time: isTextOrAbsent,
        fieldsV1: mapOf({}),
      }),
    ),
  }),
  spec: mapOf({ displayName: isTextOrAbsent, clusterManager: mapOf({ name: isTextOrAbsent }) }),
  status: mapOf({
    version: mapOf({ kubernetes: isTextOrAbsent }),
    conditions: listOf(
      mapOf({
        type: isTextOrAbsent,
        status: isTextOrAbsent,
        reason: isTextOrAbsent,
        message: isTextOrAbsent,
        lastTransitionTime: isTextOrAbsent,
      }),
    ),
    properties: listOf(mapOf({ name: isTextOrAbsent, value: isTextOrAbsent })),
    accessProviders: listOf(providerShape),
    credentialProviders: listOf(providerShape),
  }),
});

/** What is where something else should be; `undefined` for a profile that is well-formed. */
export function findFlaw(profile: ClusterProfile): string | undefined {
  const found = checkProfile(profile);
  if (!found) return undefined;
  return `${formatKeys(found.keys.toReversed()).slice(1)} should be ${found.wanted}`;
}

/** A name of whatever type, to tell profiles apart by. */
export function describeTitle({ metadata }: ClusterProfile): string {
  const { name, namespace } = (isObject(metadata) ? metadata : {}) as Record<string, unknown>;
  if ((!isString(name) && typeof name !== 'number') || name === '') return 'a ClusterProfile without a name';
  return isString(namespace) ? nameOf({ metadata } as ClusterProfile) : String(name);
}

/** Why nothing can be made of a profile; `undefined` for one that is well-formed. */
export function findMisshape(profile: ClusterProfile): UserError | undefined {
  const wrong = findFlaw(profile) ?? (profile.metadata?.name ? undefined : 'metadata.name is missing');
  if (wrong === undefined) return undefined;
  return new UserError(`${describeTitle(profile)} is not well-formed: ${wrong}`, {
    hint: 'clusterprofile validate says what is wrong with it',
  });
}

export function assertShape(profile: ClusterProfile): void {
  const error = findMisshape(profile);
  if (error) throw error;
}
