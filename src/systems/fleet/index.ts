// https://fleet.rancher.io/cluster-registration
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://fleet.rancher.io/cluster-registration',
  importer: () => import('./import.ts'),
  exporter: () => import('./export.ts'),
  mapping: () => import('./mapping.ts'),
});
