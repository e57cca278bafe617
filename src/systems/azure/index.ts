// FleetMember: https://learn.microsoft.com/rest/api/fleet/fleet-members/list-by-fleet
// ManagedCluster: https://learn.microsoft.com/rest/api/aks/managed-clusters/list
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://learn.microsoft.com/rest/api/fleet/fleet-members/list-by-fleet',
  importer: () => import('./import.ts'),
  mapping: () => import('./mapping.ts'),
});
