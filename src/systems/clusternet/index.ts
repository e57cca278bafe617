// https://clusternet.io/docs/tutorials/cluster-management/checking-cluster-registration/
// https://github.com/clusternet/clusternet/tree/main/pkg/controllers/clusters (clusterstatus, clusterlifecycle)
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://clusternet.io/docs/tutorials/cluster-management/checking-cluster-registration/',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
