// https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://istio.io/latest/docs/setup/install/multicluster/',
  importer: () => import('./import.ts'),
  exporter: () => import('./export.ts'),
  mapping: () => import('./mapping.ts'),
});
