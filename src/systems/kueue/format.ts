// https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/#multikueuecluster

export const secretNamespace = 'kueue-system';

export const versions = ['v1beta2', 'v1beta1'];

export const cluster = {
  group: 'kueue.x-k8s.io',
  versions,
  kind: 'MultiKueueCluster',
  plural: 'multikueueclusters',
  clusterScoped: true,
};

export const config = {
  group: 'kueue.x-k8s.io',
  versions,
  kind: 'MultiKueueConfig',
  plural: 'multikueueconfigs',
  clusterScoped: true,
};
