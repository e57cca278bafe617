// https://github.com/kubefleet-dev/kubefleet/blob/main/pkg/controllers/clusterinventory/clusterprofile/controller.go
// https://learn.microsoft.com/azure/kubernetes-fleet/concepts-member-cluster-labels

export const kubefleetVersion = 'k8s.io/k8s-version';

export const entryPoint = 'k8s.io/cluster-entrypoint';

export const kubefleetAuthority = 'k8s.io/cluster-certificate-authority-data';

export const memberCluster = {
  group: 'cluster.kubernetes-fleet.io',
  formerGroups: ['fleet.azure.com'],
  versions: ['v1', 'v1beta1'],
  kind: 'MemberCluster',
  plural: 'memberclusters',
  clusterScoped: true,
};
