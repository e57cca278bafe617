// https://github.com/kubernetes-sigs/cluster-inventory-api/tree/main/pkg/access
import { defineSystem } from '../system.ts';

export default defineSystem({
  exporter: () => import('./export.ts'),
});
