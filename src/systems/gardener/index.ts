// https://gardener.cloud/docs/gardener/shoot/shoot_status/
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://gardener.cloud/docs/gardener/shoot/shoot_status/',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
