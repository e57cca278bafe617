import type { KubernetesObject, ResourceKind } from '../object.ts';
import { byName, type ClusterProfile } from './clusterprofile.ts';
import { usageError } from '../errors.ts';
import { compileSelector } from './label-selector.ts';

/** Which profiles to list. The inventory does what it can where they are kept; callers filter the rest. */
export interface Query {
  /** One namespace; absent means all of them. */
  namespace?: string | undefined;
  /** One profile by name. */
  name?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

/** Splits `a=b,c=d` at its commas. */
const splitRequirements = (selector: string): string[] =>
  selector
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

const equality = /^([^!=\s]+)\s*(==|=|!=)\s*([^\s=]*)$/;

/** The field selectors that custom resources have: name and namespace. Throws a usage error for any other field. */
function matchesFields(
  selector: string | undefined,
): (object: { metadata: { name: string; namespace?: string } }) => boolean {
  const all = splitRequirements(selector ?? '').map((text) => {
    const [, field = '', operator, value = ''] = equality.exec(text) ?? [];
    if (field !== 'metadata.name' && field !== 'metadata.namespace')
      throw usageError(`field selectors know metadata.name and metadata.namespace, not ${JSON.stringify(text)}`);
    const key = field === 'metadata.name' ? 'name' : 'namespace';
    return (object: { metadata: { name: string; namespace?: string } }) =>
      ((object.metadata[key] ?? '') === value) === (operator !== '!=');
  });
  return (object) => all.every((matches) => matches(object));
}

/** What a query selects of profiles that are at hand, sorted; for inventories without a server that selects. */
export function selectProfilesBy(
  profiles: Iterable<ClusterProfile>,
  { namespace, name, labelSelector, fieldSelector }: Query,
): ClusterProfile[] {
  const labels = compileSelector(labelSelector);
  const fields = matchesFields(fieldSelector);
  return [...profiles]
    .filter(({ metadata }) => namespace === undefined || (metadata.namespace ?? '') === namespace)
    .filter(({ metadata }) => name === undefined || metadata.name === name)
    .filter((profile) => labels(profile.metadata.labels ?? {}) && fields(profile))
    .toSorted(byName);
}

/** Objects of a kind among those that are at hand, by API group and kind; for inventories without a server. */
export const filterByKind = (
  objects: Iterable<unknown>,
  { group, kind }: ResourceKind,
  namespace: string | undefined,
): KubernetesObject[] =>
  [...objects].filter((object): object is KubernetesObject => {
    if (typeof object !== 'object' || object === null) return false;
    const { apiVersion, kind: name, metadata } = object as Partial<KubernetesObject>;
    if (name !== kind || typeof apiVersion !== 'string' || typeof metadata?.name !== 'string') return false;
    const ours = group === '' ? !apiVersion.includes('/') : apiVersion.startsWith(`${group}/`);
    return ours && (namespace === undefined || (metadata.namespace ?? '') === namespace);
  });
