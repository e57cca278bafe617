// https://clusternet.io/docs/tutorials/cluster-management/checking-cluster-registration/
// https://github.com/clusternet/clusternet/tree/main/pkg/controllers/clusters (clusterstatus, clusterlifecycle)

export const clusternetDomain = 'clusters.clusternet.io';
