// https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters
import { defineSystem } from '../system.ts';

export default defineSystem({
  exporter: () => import('./export.ts'),
});
