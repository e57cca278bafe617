// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import { defineSystem } from '../system.ts';

export default defineSystem({
  importer: () => import('./import.ts'),
  exporter: () => import('./export.ts'),
  mapping: () => import('./mapping.ts'),
});
