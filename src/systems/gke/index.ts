// Membership: https://cloud.google.com/kubernetes-engine/fleet-management/docs/reference/rest/v1/projects.locations.memberships
// Cluster: https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://cloud.google.com/kubernetes-engine/fleet-management/docs/reference/rest/v1/projects.locations.memberships',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
