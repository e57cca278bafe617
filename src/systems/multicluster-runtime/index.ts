// https://github.com/kubernetes-sigs/multicluster-runtime/tree/main/providers/cluster-inventory-api
import { defineSystem } from '../system.ts';

export default defineSystem({
  exporter: () => import('./export.ts'),
});
