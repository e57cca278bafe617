// cluster-inventory-api, apis/v1alpha2/clusterprofile_types.go, and docs/api-versions.md.
import { group } from '../clusterprofile.ts';
import { buildClusterProfileCrd, getClusterProfileSchema, type CustomResourceDefinition, type Schema } from '../crd.ts';

/** A schema with what is at a path of it changed; `[]` steps into the items of a list. */
function changeAt(schema: Schema, path: readonly string[], change: (there: Schema) => Schema): Schema {
  const [step, ...rest] = path;
  if (step === undefined) return change(schema);
  if (step === '[]') return schema.items ? { ...schema, items: changeAt(schema.items, rest, change) } : schema;
  const there = schema.properties?.[step];
  if (!there) return schema;
  return { ...schema, properties: { ...schema.properties, [step]: changeAt(there, rest, change) } };
}

const without =
  (name: string) =>
  (schema: Schema): Schema => ({
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([key]) => key !== name)),
  });

const withMore =
  (more: Partial<Schema>) =>
  (schema: Schema): Schema => ({ ...schema, ...more });

const isLabelValue = {
  rule: '!format.labelValue().validate(self).hasValue()',
  message: 'must be a valid Kubernetes label value',
};
const isUrl = { rule: "isURL(self) && url(self).getHost() != ''", message: 'must be an absolute URL with a host' };
const isProxy = {
  rule: "self == '' || (isURL(self) && url(self).getScheme() in ['http', 'https', 'socks5'] && url(self).getHost() != '')",
  message: 'must be an http, https or socks5 URL with a host',
};

const provider = ['status', 'accessProviders', '[]'];
const cluster = [...provider, 'cluster'];

const changes: readonly (readonly [path: readonly string[], change: (there: Schema) => Schema])[] = [
  [
    ['spec', 'clusterManager', 'name'],
    withMore({ minLength: 1, maxLength: 63, 'x-kubernetes-validations': [isLabelValue] }),
  ],
  [['status'], without('credentialProviders')],
  [['status', 'accessProviders'], withMore({ maxItems: 64 })],
  [provider, withMore({ required: ['cluster', 'name'] })],
  [[...provider, 'name'], withMore({ minLength: 1, maxLength: 253 })],
  [cluster, without('certificate-authority')],
  [[...cluster, 'server'], withMore({ maxLength: 2048, 'x-kubernetes-validations': [isUrl] })],
  [[...cluster, 'tls-server-name'], withMore({ maxLength: 253 })],
  [[...cluster, 'proxy-url'], withMore({ maxLength: 2048, 'x-kubernetes-validations': [isProxy] })],
  [[...cluster, 'extensions'], withMore({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })],
  [[...cluster, 'extensions', '[]', 'name'], withMore({ minLength: 1, maxLength: 253 })],
];

/** The schema of v1alpha2, from that of v1alpha1. */
const buildNextSchema = (schema: Schema): Schema =>
  changes.reduce((changed, [path, change]) => changeAt(changed, path, change), schema);

const column = (name: string, jsonPath: string, type = 'string'): object => ({ name, type, jsonPath });

/** What kubectl get shows of the kind, in v1alpha2. */
const printerColumns: readonly object[] = [
  column('Display Name', '.spec.displayName'),
  column('Manager', '.spec.clusterManager.name'),
  column('Version', '.status.version.kubernetes'),
  column('Healthy', '.status.conditions[?(@.type=="ControlPlaneHealthy")].status'),
  column('Age', '.metadata.creationTimestamp', 'date'),
];

/**
 * The CRD of ClusterProfile with v1alpha1, which every release so far serves and stores, or with v1alpha2 as of
 * cluster-inventory-api v0.2.0. The earliest version is stored, so that nothing has to be migrated.
 */
export function buildVersionedCrd(versions: readonly string[]): CustomResourceDefinition {
  const crd = buildClusterProfileCrd();
  const [first] = crd.spec.versions;
  if (!first || !versions.includes('v1alpha2')) return crd;
  const openAPIV3Schema = buildNextSchema(getClusterProfileSchema());
  const isAlone = !versions.includes('v1alpha1');
  const next = { ...first, name: 'v1alpha2', storage: isAlone, schema: { openAPIV3Schema } };
  const later = { ...next, additionalPrinterColumns: printerColumns };
  const [was, is] = ['v1alpha1', 'v1alpha2'].map((name) => `${group}/${name}`);
  const deprecationWarning = `${was} ClusterProfile is deprecated; use ${is}`;
  const older = { ...first, deprecated: true as const, deprecationWarning };
  const names = { ...crd.spec.names, categories: ['multicluster'] };
  return { ...crd, spec: { ...crd.spec, names, versions: isAlone ? [later] : [older, later] } };
}
