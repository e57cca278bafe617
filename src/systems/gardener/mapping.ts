// https://gardener.cloud/docs/gardener/shoot/shoot_status/
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';
import { suffix } from './kinds.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.namespace, name', 'metadata.namespace, name, spec.displayName', '--namespace goes first'],
  ['status.uid, else metadata.uid', 'metadata.labels[multicluster.x-k8s.io/inventory-member-id]'],
  ['metadata.labels', 'metadata.labels', 'without Kubernetes and gardener.cloud keys'],
  ['spec.kubernetes.version', 'status.version.kubernetes', `version-source.${domain}=desired`],
  [
    'status.conditions[ControlPlaneHealthy, APIServerAvailable]',
    'status.conditions[ControlPlaneHealthy]',
    'the worse one; Progressing is Unknown; False/Hibernated where status.hibernated',
  ],
  ['status.lastOperation', 'status.conditions[Joined]', 'False while Create or Delete goes on'],
  ['spec.region, spec.provider.workers[].zones', 'status.properties[topology.kubernetes.io/region, zone]'],
  [
    'spec.provider.type, purpose; status.seedName, hibernated; namespace',
    `status.properties[provider.${domain}, purpose.${domain}, seed.${domain}, hibernated.${domain}, group.${domain}]`,
  ],
  [
    'status.advertisedAddresses external, unmanaged, wildcard-tls-seed-bound',
    'status.accessProviders[gardener].cluster.server',
    'the first one there is; internal with --internal-endpoint',
  ],
  [`ConfigMap <name>${suffix} ca.crt`, 'status.accessProviders[gardener].cluster.certificate-authority-data', 'public'],
];
