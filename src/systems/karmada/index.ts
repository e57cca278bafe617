// https://github.com/karmada-io/karmada/blob/master/pkg/apis/cluster/v1alpha1/types.go
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://karmada.io/docs/reference/karmada-api/cluster-resources/cluster-v1alpha1',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
