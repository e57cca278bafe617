// https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/#multikueuecluster
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://kueue.sigs.k8s.io/docs/concepts/multikueue/',
  importer: () => import('./import.ts'),
  exporter: () => import('./export.ts'),
  mapping: () => import('./mapping.ts'),
});
