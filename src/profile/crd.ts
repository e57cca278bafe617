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

const defineText = (description: string, rest: Rest = {}): Schema => ({ type: 'string', description, ...rest });
const defineFlag = (description: string): Schema => ({ type: 'boolean', description });
const defineList = (description: string, items: Schema, rest: Rest = {}): Schema => ({
  type: 'array',
  description,
  items,
  ...rest,
});

const defineMap = (description: string, properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  description,
  properties,
  ...(required.length > 0 && { required }),
});

/** A list that server-side apply merges by one field of its items, which is therefore unique. */
const defineKeyedList = (description: string, key: string, items: Schema): Schema =>
  defineList(description, items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] });

const typeMeta = {
  apiVersion: defineText('Group and version of this object.'),
  kind: defineText('Kind of this object.'),
  metadata: { type: 'object' } as const,
};

/** metav1.Condition. */
const conditionSchema = defineMap(
  'One aspect of the state of the cluster.',
  {
    type: defineText('What the condition is about: Joined, ControlPlaneHealthy, or example.com/OwnType.', {
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    }),
    status: defineText('Whether it holds.', { enum: ['True', 'False', 'Unknown'] }),
    reason: defineText('Why the status is what it is, as one CamelCase word for programs.', {
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    }),
    message: defineText('The same for people; may be empty.', { maxLength: 32_768 }),
    lastTransitionTime: defineText('When the status last changed.', { format: 'date-time' }),
    observedGeneration: {
      type: 'integer',
      description: 'The metadata.generation that the condition was derived from.',
      format: 'int64',
      minimum: 0,
    },
  },
  ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
);

const property = defineMap(
  'One fact about the cluster.',
  {
    name: defineText('Name of the fact: that of a ClusterProperty, or one of the cluster manager.', {
      minLength: 1,
      maxLength: 253,
    }),
    value: defineText('The fact itself; its meaning depends on the name.', { minLength: 1, maxLength: 1024 }),
    lastObservedTime: defineText('When the fact was last seen on the cluster, not when it was written here.', {
      format: 'date-time',
    }),
  },
  ['name', 'value'],
);

const extension = defineMap(
  'Data for one reader, under a name that reader knows.',
  {
    name: defineText('Which reader the data is for.'),
    extension: {
      type: 'object',
      description: 'The data; never a credential.',
      'x-kubernetes-preserve-unknown-fields': true,
    },
  },
  ['extension', 'name'],
);

/** The cluster entry of a kubeconfig (client-go, clientcmd/api/v1). */
const clusterSchema = defineMap(
  'How the API server of the cluster is reached, as in a kubeconfig.',
  {
    server: defineText('URL of the API server.'),
    'certificate-authority': defineText('File of CA certificates; meaningless here, a profile has no file system.'),
    'certificate-authority-data': defineText('CA certificates of the API server, PEM in base64.', { format: 'byte' }),
    'tls-server-name': defineText('Name to check the server certificate against, if not the host of the URL.'),
    'insecure-skip-tls-verify': defineFlag('Do not check the server certificate.'),
    'proxy-url': defineText('Proxy to the API server: http, https or socks5.'),
    'disable-compression': defineFlag('Ask for uncompressed responses.'),
    extensions: defineList('Data for readers such as credential plugins.', extension),
  },
  ['server'],
);

const accessProvider = defineMap(
  'One way to access the cluster.',
  { name: defineText('Kind of access, known to the consumers that support it.'), cluster: clusterSchema },
  ['name'],
);

const clusterManager: Schema = {
  ...defineMap('The cluster manager that owns this profile.', { name: defineText('Name of that manager instance.') }, [
    'name',
  ]),
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'ClusterManager is immutable' }],
};

const clusterProfileSchema = defineMap(
  'One member cluster of an inventory: the profiles of one namespace.',
  {
    ...typeMeta,
    spec: defineMap(
      'What the cluster manager declares.',
      { clusterManager, displayName: defineText('Name of the cluster for people.') },
      ['clusterManager'],
    ),
    status: defineMap('What the cluster manager observes.', {
      version: defineMap('Versions found on the cluster.', { kubernetes: defineText('Its Kubernetes version.') }),
      properties: defineKeyedList('Facts about the cluster.', 'name', property),
      conditions: defineKeyedList('State of the cluster.', 'type', conditionSchema),
      accessProviders: defineKeyedList('Ways to access the cluster.', 'name', accessProvider),
      credentialProviders: defineKeyedList(
        'Deprecated: the earlier name of accessProviders, which wins where both name the same provider.',
        'name',
        accessProvider,
      ),
    }),
  },
  ['spec'],
);

const decision = defineMap(
  'One chosen cluster.',
  {
    clusterProfileRef: defineMap(
      'The ClusterProfile of the chosen cluster.',
      {
        name: defineText('Its name.'),
        namespace: defineText('Its namespace; absent or empty: the one of this object.'),
      },
      ['name'],
    ),
    reason: defineText('Why it was chosen.'),
  },
  ['clusterProfileRef'],
);

const placementDecisionSchema = defineMap(
  'Clusters that a scheduler chose, in slices of up to 100 that carry one decision-key label.',
  {
    ...typeMeta,
    decisions: defineList('The chosen clusters of this slice.', decision, { minItems: 0, maxItems: 100 }),
    schedulerName: defineText('Which scheduler chose.'),
  },
  ['decisions'],
);

export interface CustomResourceDefinition {
  apiVersion: 'apiextensions.k8s.io/v1';
  kind: 'CustomResourceDefinition';
  metadata: { name: string };
  spec: {
    group: string;
    names: { kind: string; listKind: string; plural: string; singular: string; categories?: string[] };
    scope: 'Namespaced';
    versions: {
      name: string;
      served: boolean;
      storage: boolean;
      deprecated?: true;
      deprecationWarning?: string;
      additionalPrinterColumns?: readonly object[];
      schema: { openAPIV3Schema: Schema };
      subresources?: { status: Record<string, never> };
    }[];
  };
}

function buildCrd(kind: string, schema: Schema, hasStatus: boolean): CustomResourceDefinition {
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
export const buildClusterProfileCrd = (): CustomResourceDefinition =>
  buildCrd('ClusterProfile', clusterProfileSchema, true);

/** The CRD of PlacementDecision, v1alpha1. */
export const buildPlacementDecisionCrd = (): CustomResourceDefinition =>
  buildCrd('PlacementDecision', placementDecisionSchema, false);

/** The structural schema of a v1alpha1 ClusterProfile, for checks before a server sees it. */
export const getClusterProfileSchema = (): Schema => clusterProfileSchema;

/** The same of a PlacementDecision. */
export const getPlacementDecisionSchema = (): Schema => placementDecisionSchema;
