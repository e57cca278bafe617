import { group } from './clusterprofile.ts';

/** The part of an OpenAPI v3 structural schema that these CRDs use. */
export interface Schema {
  type: 'object' | 'array' | 'string' | 'boolean' | 'integer';
  description?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: Schema;
  items?: Schema;
  enum?: readonly string[];
  format?: 'date-time' | 'byte' | 'int64';
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  'x-kubernetes-list-type'?: 'map';
  'x-kubernetes-list-map-keys'?: readonly string[];
  'x-kubernetes-preserve-unknown-fields'?: true;
  'x-kubernetes-validations'?: readonly { rule: string; message: string }[];
}

type Rest = Omit<Schema, 'type' | 'description'>;

const text = (description: string, rest: Rest = {}): Schema => ({ type: 'string', description, ...rest });
const flag = (description: string): Schema => ({ type: 'boolean', description });
const list = (description: string, items: Schema, rest: Rest = {}): Schema => ({
  type: 'array',
  description,
  items,
  ...rest,
});

const map = (description: string, properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  description,
  properties,
  ...(required.length > 0 && { required }),
});

/** A list that server-side apply merges by one field of its items, which is therefore unique. */
const keyed = (description: string, key: string, items: Schema): Schema =>
  list(description, items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] });

const typeMeta = {
  apiVersion: text('Group and version of this object.'),
  kind: text('Kind of this object.'),
  metadata: { type: 'object' } as const,
};

/** metav1.Condition. */
const condition = map(
  'One aspect of the state of the cluster.',
  {
    type: text('What the condition is about: Joined, ControlPlaneHealthy, or example.com/OwnType.', {
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    }),
    status: text('Whether it holds.', { enum: ['True', 'False', 'Unknown'] }),
    reason: text('Why the status is what it is, as one CamelCase word for programs.', {
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    }),
    message: text('The same for people; may be empty.', { maxLength: 32_768 }),
    lastTransitionTime: text('When the status last changed.', { format: 'date-time' }),
    observedGeneration: {
      type: 'integer',
      description: 'The metadata.generation that the condition was derived from.',
      format: 'int64',
      minimum: 0,
    },
  },
  ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
);

const property = map(
  'One fact about the cluster.',
  {
    name: text('Name of the fact: that of a ClusterProperty, or one of the cluster manager.', {
      minLength: 1,
      maxLength: 253,
    }),
    value: text('The fact itself; its meaning depends on the name.', { minLength: 1, maxLength: 1024 }),
    lastObservedTime: text('When the fact was last seen on the cluster, not when it was written here.', {
      format: 'date-time',
    }),
  },
  ['name', 'value'],
);

const extension = map(
  'Data for one reader, under a name that reader knows.',
  {
    name: text('Which reader the data is for.'),
    extension: {
      type: 'object',
      description: 'The data; never a credential.',
      'x-kubernetes-preserve-unknown-fields': true,
    },
  },
  ['extension', 'name'],
);

/** The cluster entry of a kubeconfig (client-go, clientcmd/api/v1). */
const cluster = map(
  'How the API server of the cluster is reached, as in a kubeconfig.',
  {
    server: text('URL of the API server.'),
    'certificate-authority': text('File of CA certificates; meaningless here, a profile has no file system.'),
    'certificate-authority-data': text('CA certificates of the API server, PEM in base64.', { format: 'byte' }),
    'tls-server-name': text('Name to check the server certificate against, if not the host of the URL.'),
    'insecure-skip-tls-verify': flag('Do not check the server certificate.'),
    'proxy-url': text('Proxy to the API server: http, https or socks5.'),
    'disable-compression': flag('Ask for uncompressed responses.'),
    extensions: list('Data for readers such as credential plugins.', extension),
  },
  ['server'],
);

const accessProvider = map(
  'One way to access the cluster.',
  { name: text('Kind of access, known to the consumers that support it.'), cluster },
  ['name'],
);

const clusterManager: Schema = {
  ...map('The cluster manager that owns this profile.', { name: text('Name of that manager instance.') }, ['name']),
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'ClusterManager is immutable' }],
};

const clusterProfileSchema = map(
  'One member cluster of an inventory: the profiles of one namespace.',
  {
    ...typeMeta,
    spec: map(
      'What the cluster manager declares.',
      { clusterManager, displayName: text('Name of the cluster for people.') },
      ['clusterManager'],
    ),
    status: map('What the cluster manager observes.', {
      version: map('Versions found on the cluster.', { kubernetes: text('Its Kubernetes version.') }),
      properties: keyed('Facts about the cluster.', 'name', property),
      conditions: keyed('State of the cluster.', 'type', condition),
      accessProviders: keyed('Ways to access the cluster.', 'name', accessProvider),
      credentialProviders: keyed(
        'Deprecated: the earlier name of accessProviders, which wins where both name the same provider.',
        'name',
        accessProvider,
      ),
    }),
  },
  ['spec'],
);

const decision = map(
  'One chosen cluster.',
  {
    clusterProfileRef: map(
      'The ClusterProfile of the chosen cluster.',
      {
        name: text('Its name.'),
        namespace: text('Its namespace; absent or empty: the one of this object.'),
      },
      ['name'],
    ),
    reason: text('Why it was chosen.'),
  },
  ['clusterProfileRef'],
);

const placementDecisionSchema = map(
  'Clusters that a scheduler chose, in slices of up to 100 that carry one decision-key label.',
  {
    ...typeMeta,
    decisions: list('The chosen clusters of this slice.', decision, { minItems: 0, maxItems: 100 }),
    schedulerName: text('Which scheduler chose.'),
  },
  ['decisions'],
);

export interface CustomResourceDefinition {
  apiVersion: 'apiextensions.k8s.io/v1';
  kind: 'CustomResourceDefinition';
  metadata: { name: string };
  spec: {
    group: string;
    names: { kind: string; listKind: string; plural: string; singular: string };
    scope: 'Namespaced';
    versions: {
      name: string;
      served: boolean;
      storage: boolean;
      schema: { openAPIV3Schema: Schema };
      subresources?: { status: Record<string, never> };
    }[];
  };
}

function crd(kind: string, schema: Schema, hasStatus: boolean): CustomResourceDefinition {
  const singular = kind.toLowerCase();
  const version = { name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: schema } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular },
      scope: 'Namespaced',
      versions: [hasStatus ? { ...version, subresources: { status: {} } } : version],
    },
  };
}

/** The CRD of ClusterProfile, v1alpha1: the version that every release so far serves and stores. */
export const clusterProfileCrd = (): CustomResourceDefinition => crd('ClusterProfile', clusterProfileSchema, true);

/** The CRD of PlacementDecision, v1alpha1. */
export const placementDecisionCrd = (): CustomResourceDefinition =>
  crd('PlacementDecision', placementDecisionSchema, false);

/** The structural schema of a v1alpha1 ClusterProfile, for checks before a server sees it. */
export const schemaOfClusterProfile = (): Schema => clusterProfileSchema;

/** The same of a PlacementDecision. */
export const schemaOfPlacementDecision = (): Schema => placementDecisionSchema;
