// https://projectsveltos.io/main/register/register-cluster/
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://projectsveltos.io/main/register/register-cluster/',
  importer: () => import('./import.ts'),
  exporter: () => import('./export.ts'),
  mapping: () => import('./mapping.ts'),
});
