// https://github.com/knative/operator (1.22 and later: spec.clusterProfileRef)
import { defineSystem } from '../system.ts';

export default defineSystem({
  exporter: () => import('./export.ts'),
});
