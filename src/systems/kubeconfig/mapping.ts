// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  [
    'clusters[].name (or contexts[].name)',
    'metadata.name, spec.displayName',
    'made a legal name; the raw one is displayed',
  ],
  ['clusters[].cluster.server', 'status.accessProviders[].cluster.server', 'without user info, query and fragment'],
  [
    'clusters[].cluster.certificate-authority-data',
    'status.accessProviders[].cluster.certificate-authority-data',
    'certificates only',
  ],
  [
    'clusters[].cluster.extensions',
    'status.accessProviders[].cluster.extensions',
    'kept, unless one looks like a credential',
  ],
  ['users[].user.exec.command', 'status.accessProviders[].name', 'a known plugin; the command is never run'],
];
