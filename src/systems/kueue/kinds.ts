// https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/#multikueuecluster

export const kueueSecretNamespace = 'kueue-system';

export const kueueVersions = ['v1beta2', 'v1beta1'];

export const multiKueueCluster = {
  group: 'kueue.x-k8s.io',
  versions: kueueVersions,
  kind: 'MultiKueueCluster',
  plural: 'multikueueclusters',
  clusterScoped: true,
};

export const config = {
  group: 'kueue.x-k8s.io',
  versions: kueueVersions,
  kind: 'MultiKueueConfig',
  plural: 'multikueueconfigs',
  clusterScoped: true,
};
