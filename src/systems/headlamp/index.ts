// https://headlamp.dev/docs/latest/ (cluster inventory, Headlamp 0.43 and later)
import { defineSystem } from '../system.ts';

export default defineSystem({
  exporter: () => import('./export.ts'),
});
