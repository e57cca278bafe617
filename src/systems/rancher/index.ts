// https://github.com/rancher/rancher/blob/main/pkg/apis/management.cattle.io/v3/cluster_types.go
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://ranchermanager.docs.rancher.com/api/workflows/kubeconfigs',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
