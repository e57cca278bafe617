// Cluster: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html
// ACK: https://aws-controllers-k8s.github.io/community/reference/eks/v1alpha1/cluster/
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
