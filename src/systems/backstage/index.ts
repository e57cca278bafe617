// https://backstage.io/docs/features/kubernetes/configuration/#catalog
import { defineSystem } from '../system.ts';

export default defineSystem({
  exporter: () => import('./export.ts'),
});
