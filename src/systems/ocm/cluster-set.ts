// https://open-cluster-management.io/docs/concepts/cluster-inventory/managedclusterset/
import type { ImportContext } from '../../import/kit/importer.ts';
import { UserError } from '../../errors.ts';
import { groupBy } from '../../util/collections.ts';
import { filterKind, filterReadable } from '../../import/kit/facts.ts';
import { readMatch, text, type KubernetesObject } from '../../object.ts';
import { compileLabelSelector } from '../../import/kit/label-selector.ts';
import { managedClusterKind } from '../../import/kit/managed-cluster.ts';

const { group } = managedClusterKind;
const setVersions = ['v1beta2', 'v1beta1'];
export const clusterSet = { group, versions: setVersions, kind: 'ManagedClusterSet', plural: 'managedclustersets' };
export const setBinding = {
  group,
  versions: setVersions,
  kind: 'ManagedClusterSetBinding',
  plural: 'managedclustersetbindings',
};
export const namespace = { group: '', versions: ['v1'], kind: 'Namespace', plural: 'namespaces' };

const readSetName = (object: unknown): string => text(object, 'metadata', 'name') ?? '';

/** A ManagedClusterSetBinding: its namespace sees the clusters of a set. */
interface Binding {
  namespace: string;
  set: string;
  bound: boolean;
}

export function readBinding(object: KubernetesObject): Binding {
  const path = ['status', 'conditions'];
  const bound = readMatch(object, path, ['type', 'Bound'], (each) => text(each, 'status') === 'True') ?? false;
  return {
    namespace: text(object, 'metadata', 'namespace') ?? '',
    set: text(object, 'spec', 'clusterSet') ?? readSetName(object),
    bound,
  };
}

/** A ManagedClusterSet, as the clusters it selects. */
export interface ClusterSet {
  name: string;
  selects(labels: Readonly<Record<string, string>>): boolean;
}

export function setOf(object: KubernetesObject): ClusterSet {
  const name = readSetName(object);
  const path = ['spec', 'clusterSelector'];
  const type = text(object, ...path, 'selectorType') ?? 'ExclusiveClusterSetLabel';
  if (type === 'LabelSelector') return { name, selects: compileLabelSelector(object, ...path, 'labelSelector') };
  if (type !== 'ExclusiveClusterSetLabel' && type !== 'LegacyClusterSetLabel')
    throw new UserError('spec.clusterSelector.selectorType should be ExclusiveClusterSetLabel or LabelSelector');
  return { name, selects: (labels) => labels[`${group}/clusterset`] === name };
}

/** The namespaces that each set is bound to, as `lifecycle_controller.go` finds them. */
export function findBoundNamespaces(
  objects: KubernetesObject[],
  bindings: Binding[],
  { warn, partial, common }: ImportContext,
): [ClusterSet, string[]][] {
  const sets = new Map(filterReadable(filterKind(objects, clusterSet), setOf).map((set) => [set.name, set]));
  const closed = new Set(filterReadable(filterKind(objects, namespace), readSetName));
  const open = bindings.filter(({ namespace: at, bound }) => bound && !closed.has(at));
  for (const { namespace: at, set: name } of open)
    if (!sets.has(name)) {
      // A hub was asked for all of its sets; files have what somebody put into them.
      const say = common.filename?.length ? partial : warn;
      say(`${at}: there is no ManagedClusterSet ${name} for its ManagedClusterSetBinding`);
    }
  const found = groupBy(
    open,
    ({ set }) => sets.get(set),
    ({ namespace: at }) => at,
  );
  return [...found];
}
