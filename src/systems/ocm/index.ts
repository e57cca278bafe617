// https://open-cluster-management.io/docs/concepts/cluster-inventory/clusterprofile/
// https://github.com/open-cluster-management-io/ocm/tree/main/pkg/registration/hub/clusterprofile
// https://github.com/open-cluster-management-io/cluster-proxy/blob/main/pkg/proxyserver/controllers/clusterprofile_controller.go
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://open-cluster-management.io/docs/concepts/cluster-inventory/clusterprofile/',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
