// https://kiali.io/docs/configuration/multi-cluster/
import { defineSystem } from '../system.ts';

export default defineSystem({
  exporter: () => import('./export.ts'),
});
