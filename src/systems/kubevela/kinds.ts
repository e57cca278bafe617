// https://github.com/oam-dev/cluster-gateway/tree/master/pkg/apis/cluster/v1alpha1

export const kubevelaGroup = 'cluster.core.oam.dev';

export const credentialType = `${kubevelaGroup}/cluster-credential-type`;
