// https://github.com/kubewharf/kubeadmiral/blob/main/pkg/apis/core/v1alpha1/types_federatedcluster.go
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://kubeadmiral.io/docs/concepts/cluster/',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
