// https://cluster-api.sigs.k8s.io/developer/providers/contracts/overview
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://cluster-api.sigs.k8s.io/reference/api/crd-reference',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
