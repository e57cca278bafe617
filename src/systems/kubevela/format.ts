// https://github.com/oam-dev/cluster-gateway/tree/master/pkg/apis/cluster/v1alpha1

export const group = 'cluster.core.oam.dev';

export const credentialType = `${group}/cluster-credential-type`;
