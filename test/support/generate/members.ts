import { base64 } from '../profiles.ts';

/** What the importers of all systems are told of one cluster, called oslo. */
export interface MemberFacts {
  server: string;
  /** PEM. */
  ca: string;
  version: string;
  proxy?: string;
  tlsServerName?: string;
}

type Values = Record<string, unknown>;

const since = '2026-01-01T00:00:00Z';

const metadata = (namespace?: string, more: Values = {}): Values => ({
  name: 'oslo',
  ...(namespace && { namespace }),
  creationTimestamp: since,
  ...more,
});

const secret = (namespace: string, data: Values, { name = 'oslo', ...more }: Values = {}): Values => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { ...metadata(namespace), name, ...(more['labels'] ? { labels: more['labels'] } : {}) },
  ...(more['type'] ? { type: more['type'] } : {}),
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(String(value))])),
});

const kubeconfigOf = ({ server, ca, proxy, tlsServerName }: MemberFacts): Values => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    {
      name: 'oslo',
      cluster: {
        server,
        'certificate-authority-data': base64(ca),
        ...(proxy && { 'proxy-url': proxy }),
        ...(tlsServerName && { 'tls-server-name': tlsServerName }),
      },
    },
  ],
  contexts: [{ name: 'oslo', context: { cluster: 'oslo', user: 'oslo' } }],
  users: [{ name: 'oslo', user: { token: 'LEAKCANARY' } }],
  'current-context': 'oslo',
});

const kubeconfigText = (facts: MemberFacts): string => JSON.stringify(kubeconfigOf(facts));

const arn = 'arn:aws:eks:eu-north-1:111122223333:cluster/oslo';
const gkeCluster = 'projects/prod-fleet/locations/europe-north1/clusters/oslo';
const armGroup = '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers';
const aks = `${armGroup}/Microsoft.ContainerService/managedClusters/oslo`;

const managedCluster = ({ server, ca, version }: MemberFacts): Values => ({
  apiVersion: 'cluster.open-cluster-management.io/v1',
  kind: 'ManagedCluster',
  metadata: metadata(),
  spec: { hubAcceptsClient: true, managedClusterClientConfigs: [{ url: server, caBundle: base64(ca) }] },
  status: { version: { kubernetes: version } },
});

/** A host with the scheme in front of it, as Cluster API's own providers write some. */
const eksFacts = ({ server, ca, version }: MemberFacts): Values => ({
  status: 'ACTIVE',
  endpoint: server,
  version,
  certificateAuthority: { data: base64(ca) },
});

/** A cluster of each system as the system writes it, with whatever else is read for it; none of it is more than is needed. */
export const members: Record<string, (facts: MemberFacts) => Values[]> = {
  argocd: ({ server, ca, version, proxy, tlsServerName }) => [
    secret(
      'argocd',
      {
        name: 'oslo',
        server,
        config: JSON.stringify({
          bearerToken: 'LEAKCANARY',
          tlsClientConfig: { caData: base64(ca), ...(tlsServerName && { serverName: tlsServerName }) },
          ...(proxy && { proxyUrl: proxy }),
        }),
      },
      {
        labels: {
          'argocd.argoproj.io/secret-type': 'cluster',
          'argocd.argoproj.io/kubernetes-version': version,
        },
      },
    ),
  ],
  azure: ({ server, version }) => [
    {
      id: `${armGroup}/Microsoft.ContainerService/fleets/shop/members/oslo`,
      name: 'oslo',
      systemData: { createdAt: since },
      properties: { clusterResourceId: aks, provisioningState: 'Succeeded' },
    },
    {
      id: aks,
      name: 'oslo',
      location: 'northeurope',
      systemData: { createdAt: since },
      properties: {
        provisioningState: 'Succeeded',
        fqdn: server.replace(/^https:\/\//, ''),
        currentKubernetesVersion: version,
      },
    },
  ],
  'cluster-api': (facts) => [
    {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      metadata: metadata('shop'),
      spec: { topology: { version: facts.version } },
    },
    secret(
      'shop',
      { value: kubeconfigText(facts) },
      { name: 'oslo-kubeconfig', type: 'cluster.x-k8s.io/secret', labels: { 'cluster.x-k8s.io/cluster-name': 'oslo' } },
    ),
  ],
  clusternet: ({ server, ca, version }) => [
    {
      apiVersion: 'clusters.clusternet.io/v1beta1',
      kind: 'ManagedCluster',
      metadata: metadata('clusternet-oslo'),
      spec: { clusterId: 'bcb23eca-9945-4faa-a026-bb38ef66b818' },
      status: { apiserverURL: server, k8sVersion: version },
    },
    secret('clusternet-oslo', { 'ca.crt': ca, token: 'LEAKCANARY' }, { name: 'child-cluster-deployer' }),
  ],
  crossplane: (facts) => [
    {
      apiVersion: 'eks.aws.upbound.io/v1beta2',
      kind: 'Cluster',
      metadata: metadata(),
      spec: { forProvider: { region: 'eu-north-1' } },
      status: { atProvider: { arn, ...eksFacts(facts) } },
    },
  ],
  eks: (facts) => [{ cluster: { name: 'oslo', arn, createdAt: since, ...eksFacts(facts) } }],
  fleet: (facts) => [
    {
      apiVersion: 'fleet.cattle.io/v1alpha1',
      kind: 'Cluster',
      metadata: metadata('fleet-default'),
      spec: { kubeConfigSecret: 'oslo' },
    },
    secret('fleet-default', { value: kubeconfigText(facts) }),
  ],
  gardener: ({ server, ca, version }) => [
    {
      apiVersion: 'core.gardener.cloud/v1beta1',
      kind: 'Shoot',
      metadata: metadata('garden-shop'),
      spec: { kubernetes: { version } },
      status: { advertisedAddresses: [{ name: 'external', url: server }] },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata('garden-shop'), name: 'oslo.ca-cluster' },
      data: { 'ca.crt': ca },
    },
  ],
  gke: ({ server, ca, version }) => [
    {
      name: 'projects/prod-fleet/locations/europe-north1/memberships/oslo',
      endpoint: { gkeCluster: { resourceLink: `//container.googleapis.com/${gkeCluster}` } },
      state: { code: 'READY' },
      createTime: since,
    },
    {
      name: 'oslo',
      selfLink: `https://container.googleapis.com/v1/${gkeCluster}`,
      status: 'RUNNING',
      createTime: since,
      currentMasterVersion: version,
      endpoint: server,
      masterAuth: { clusterCaCertificate: base64(ca), password: 'LEAKCANARY' },
    },
    { name: 'projects/123456789012', projectId: 'prod-fleet' },
  ],
  istio: (facts) => [
    secret('istio-system', { oslo: kubeconfigText(facts) }, { labels: { 'istio/multiCluster': 'true' } }),
  ],
  karmada: ({ server, ca, version, proxy }) => [
    {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: metadata(),
      spec: {
        apiEndpoint: server,
        secretRef: { namespace: 'karmada-cluster', name: 'oslo' },
        ...(proxy && { proxyURL: proxy }),
      },
      status: { kubernetesVersion: version },
    },
    secret('karmada-cluster', { caBundle: ca, token: 'LEAKCANARY' }),
  ],
  kubeadmiral: ({ server, ca }) => [
    {
      apiVersion: 'core.kubeadmiral.io/v1alpha1',
      kind: 'FederatedCluster',
      metadata: metadata(),
      spec: { apiEndpoint: server, secretRef: { name: 'oslo' } },
      status: { conditions: [{ type: 'Joined', status: 'True', reason: 'Joined', lastTransitionTime: since }] },
    },
    secret('kube-admiral-system', { 'certificate-authority-data': ca, 'service-account-token-data': 'LEAKCANARY' }),
  ],
  kubeconfig: (facts) => [kubeconfigOf(facts)],
  kubefleet: ({ server, ca, version }) => [
    {
      apiVersion: 'cluster.kubernetes-fleet.io/v1',
      kind: 'MemberCluster',
      metadata: metadata(),
      status: {
        conditions: [{ type: 'Joined', status: 'True', reason: 'Joined', lastTransitionTime: since }],
        properties: {
          'k8s.io/k8s-version': { value: version },
          'k8s.io/cluster-entrypoint': { value: server },
          'k8s.io/cluster-certificate-authority-data': { value: ca },
        },
      },
    },
  ],
  kubestellar: (facts) => [managedCluster(facts)],
  kubevela: ({ server, ca, version, proxy }) => {
    const vela = 'cluster.core.oam.dev';
    const found = secret(
      'vela-system',
      { endpoint: server, 'ca.crt': ca, token: 'LEAKCANARY', ...(proxy && { 'proxy-url': proxy }) },
      { labels: { [`${vela}/cluster-credential-type`]: 'ServiceAccountToken' } },
    );
    const annotations = { [`${vela}/cluster-version`]: JSON.stringify({ gitVersion: version }) };
    return [{ ...found, metadata: { ...(found['metadata'] as Values), annotations } }];
  },
  kueue: (facts) => [
    {
      apiVersion: 'kueue.x-k8s.io/v1beta1',
      kind: 'MultiKueueCluster',
      metadata: metadata(),
      spec: { kubeConfig: { location: 'oslo', locationType: 'Secret' } },
    },
    secret('kueue-system', { kubeconfig: kubeconfigText(facts) }),
  ],
  ocm: (facts) => [managedCluster(facts)],
  rancher: ({ server, ca, version }) => [
    {
      apiVersion: 'management.cattle.io/v3',
      kind: 'Cluster',
      metadata: metadata(),
      status: { driver: 'EKS', apiEndpoint: server, caCert: base64(ca), version: { gitVersion: version } },
    },
  ],
  sveltos: (facts) => [
    {
      apiVersion: 'lib.projectsveltos.io/v1beta1',
      kind: 'SveltosCluster',
      metadata: metadata('shop'),
      status: { ready: true, version: facts.version },
    },
    secret('shop', { kubeconfig: kubeconfigText(facts) }, { name: 'oslo-sveltos-kubeconfig' }),
  ],
};

/** What the import of a system has to be asked so that it reads all of these facts. */
export const flagsOf: Record<string, string[]> = { clusternet: ['--read-ca'], gke: ['--reach', 'ip'] };
