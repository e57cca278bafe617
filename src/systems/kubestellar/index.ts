// https://docs.kubestellar.io/release-0.28.0/direct/its
// https://github.com/kubestellar/kubestellar/blob/main/api/control/v1alpha1/types.go (customization properties)
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://docs.kubestellar.io/release-0.28.0/direct/its',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
