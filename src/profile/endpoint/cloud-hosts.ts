/** Which hosts are API servers of which cloud, in all of its partitions. */

export type Cloud = 'gcp' | 'azure' | 'aws';

/**
 * EKS: `ID.HASH.REGION.eks.amazonaws.com`, and of dual-stack clusters `ID.eks-cluster.REGION.api.aws`, with their
 * domains in China and in Europe's own cloud. https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
 */
const eksHosts = [
  /(?:\.([a-z0-9-]+))?\.eks\.amazonaws\.(?:com|com\.cn|eu)$/,
  /\.eks-cluster\.([a-z0-9-]+)\.api\.(?:aws|amazonwebservices\.com\.cn|amazonwebservices\.eu)$/,
];

const hosts: Record<Cloud, readonly RegExp[]> = {
  gcp: [/\.(?:googleapis\.com|gke\.goog)$/],
  // https://learn.microsoft.com/azure/aks/outbound-rules-control-egress: China, and two names of the US Government.
  azure: [/\.(?:azmk8s\.io|azmk8s\.us|azk8s\.cn|cx\.aks\.containerservice\.azure\.us)$/],
  aws: eksHosts,
};

/** Whether a host is one of the cloud's API servers. */
export const isCloudHost = (cloud: Cloud, hostname: string): boolean =>
  hosts[cloud].some((pattern) => pattern.test(hostname.toLowerCase()));

/** The region in the name of an EKS cluster's API server. */
export const readEksRegion = (hostname: string): string | undefined =>
  eksHosts.map((pattern) => pattern.exec(hostname.toLowerCase())?.[1]).find((region) => region !== undefined);
