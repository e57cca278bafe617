import { domain, isClusterProfile, profileKind, type ClusterProfile } from '../clusterprofile.ts';
import { UserError, isUserError } from '../../errors.ts';
import { isDnsLabel, isDnsSubdomain } from '../names.ts';
import { isPlacementDecision } from '../placement.ts';
import { findInexact, formatKeys, text, type KubernetesObject, isObject } from '../../object.ts';
import { makeList } from '../../util/text.ts';
import { isKnownVersion, knownVersions, versionOf } from '../versions.ts';
import { describeObject, describeOrigin, type ReadObject } from '../../documents/objects.ts';

/** Metadata that only the API server writes; it comes along in dumps. */
const serverSet = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

const hasNull = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.values(value).some(hasNull));

/** Without nulls, which the API takes as absent (Go clients write `conditions: null`). What has none is not copied. */
function withoutNulls(value: unknown): unknown {
  if (!hasNull(value)) return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) if (inner !== null) kept[key] = withoutNulls(inner);
  return kept;
}

/** A profile as somebody wants it: without what the server adds. */
function cleanManifest(profile: ClusterProfile): ClusterProfile {
  const clean = withoutNulls(profile) as ClusterProfile;
  const metadata = Object.fromEntries(Object.entries(clean.metadata).filter(([key]) => !serverSet.has(key)));
  return { ...clean, metadata: metadata as unknown as ClusterProfile['metadata'] };
}

/** Names the API server would not take; a directory must not take them either. */
function assertNames({ metadata: { name, namespace } }: ClusterProfile): void {
  if (!isDnsSubdomain(name)) throw new UserError(`metadata.name ${JSON.stringify(name)} is not a DNS-1123 subdomain`);
  if (namespace !== undefined && !(typeof namespace === 'string' && isDnsLabel(namespace)))
    throw new UserError(`metadata.namespace ${JSON.stringify(namespace)} is not a DNS-1123 label`);
}

/** What would be written with other digits is not written. */
function assertExact(profile: ClusterProfile): void {
  const path = findInexact(profile.status);
  if (path)
    throw new UserError(`status${formatKeys(path)} is an integer beyond 2^53, which cannot be kept; a text can`);
}

function checkManifest({ object, origin }: ReadObject): ClusterProfile {
  const place = describeOrigin(origin);
  if (!isClusterProfile(object)) {
    const group =
      isObject(object) && object['kind'] === profileKind
        ? ` of ${(object as unknown as KubernetesObject).apiVersion}`
        : '';
    throw new UserError(`${place}: ${describeObject(object)}${group} is not a ClusterProfile of multicluster.x-k8s.io`);
  }
  if (!isKnownVersion(versionOf(object)))
    throw new UserError(
      `${place}: ${describeObject(object)}: ${object.apiVersion} is not read, ${makeList([...knownVersions])} are`,
    );
  try {
    if (!text(object, 'metadata', 'name'))
      throw new UserError(
        'metadata.name is missing (generateName cannot be applied: a second run would make a second profile)',
      );
    if (!text(object, 'spec', 'clusterManager', 'name')) throw new UserError('spec.clusterManager.name is missing');
    assertNames(object);
    assertExact(object);
  } catch (error) {
    if (isUserError(error))
      throw new UserError(`${place}: ${error.message}`, {
        hint: 'clusterprofile validate -f shows everything that is wrong',
      });
    throw error;
  }
  return cleanManifest(object);
}

/** A file of this tool itself: defaults for flags. */
const isOfTool = (object: Record<string, unknown>): boolean =>
  typeof object['apiVersion'] === 'string' && object['apiVersion'].startsWith(`${domain}/`);

/** What may be kept beside profiles, and is written by others: Namespaces, what schedulers decided, defaults. */
const isBeside = ({ object }: ReadObject): boolean =>
  isPlacementDecision(object) ||
  (isObject(object) && (isOfTool(object) || (object['kind'] === 'Namespace' && object['apiVersion'] === 'v1')));

/**
 * The profiles of read objects, ready to be applied. Anything but a profile (and what may be kept beside them)
 * is an error that names the object and shows nothing of it.
 */
export function readManifests(objects: readonly ReadObject[]): ClusterProfile[] {
  const profiles = objects.filter((read) => !isBeside(read)).map((read) => ({ ...read, profile: checkManifest(read) }));
  const seen = new Map<string, ReadObject>();
  for (const read of profiles) {
    const { name, namespace = '' } = read.profile.metadata;
    const there = seen.get(`${namespace}/${name}`);
    if (there)
      throw new UserError(`${name} is given twice: ${describeOrigin(there.origin)} and ${describeOrigin(read.origin)}`);
    seen.set(`${namespace}/${name}`, read);
  }
  return profiles.map(({ profile }) => profile);
}
