// https://github.com/kubefleet-dev/kubefleet/blob/main/pkg/controllers/clusterinventory/clusterprofile/controller.go
// https://learn.microsoft.com/azure/kubernetes-fleet/concepts-member-cluster-labels
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://kubefleet.dev/docs/concepts/properties/',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
