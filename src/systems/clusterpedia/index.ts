// https://clusterpedia.io/docs/usage/import-clusters/
import { defineSystem } from '../system.ts';

export default defineSystem({
  exporter: () => import('./export.ts'),
});
