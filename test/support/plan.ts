import type { KubernetesObject } from '../../src/object.ts';
import { subjectOfChange, type Change } from '../../src/kubernetes/change.ts';
import type { ClusterProfile } from '../../src/profile/clusterprofile.ts';

/** A profile that this tool made, in namespace `fleet`. */
export const clusterProfile = (
  name: string,
  { displayName = name, manager = 'gke-fleet' }: { displayName?: string; manager?: string } = {},
): ClusterProfile => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name, namespace: 'fleet', labels: { 'app.kubernetes.io/managed-by': 'clusterprofile' } },
  spec: { displayName, clusterManager: { name: manager } },
});

/** A change in a few words: `refused fleet/tokyo: why`. */
export const describeChange = (change: Change<KubernetesObject>): string => {
  const { name, namespace } = subjectOfChange(change).metadata;
  return `${change.action} ${namespace}/${name}${change.action === 'refused' ? `: ${change.reason}` : ''}`;
};
