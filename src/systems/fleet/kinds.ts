// https://fleet.rancher.io/cluster-registration

export const fleetCluster = { group: 'fleet.cattle.io', versions: ['v1alpha1'], kind: 'Cluster', plural: 'clusters' };
