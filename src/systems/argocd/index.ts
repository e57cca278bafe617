// https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters',
  importer: () => import('./import.ts'),
  exporter: () => import('./export.ts'),
  mapping: () => import('./mapping.ts'),
});
