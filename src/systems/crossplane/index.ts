// https://github.com/crossplane-contrib/provider-upjet-aws/blob/main/apis/cluster/eks/v1beta2/zz_cluster_types.go
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://marketplace.upbound.io/providers/upbound/provider-aws-eks',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
