// https://github.com/crossplane-contrib/provider-upjet-aws/blob/main/apis/cluster/eks/v1beta2/zz_cluster_types.go
import { type Cluster } from '../../profile/clusterprofile.ts';
import { accessProviderOption, buildEksCluster } from '../../import/kit/eks-cluster.ts';
import { readSubject, filterUserLabels } from '../../import/kit/facts.ts';
import { flag, maps, text, value, type KubernetesObject } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { defineImporter, type Item, type ImportContext } from '../../import/kit/importer.ts';

const flags = {
  accessProvider: accessProviderOption,
};
type Context = ImportContext<typeof flags>;

const crossplaneKind = { kind: 'Cluster', plural: 'clusters' };

/** The provider's first API is cluster-scoped, the one for Crossplane 2 has namespaces. */
const crossplaneKinds = [
  { ...crossplaneKind, group: 'eks.aws.upbound.io', versions: ['v1beta2', 'v1beta1'], clusterScoped: true },
  { ...crossplaneKind, group: 'eks.aws.m.upbound.io', versions: ['v1beta1'] },
];

const observedPath = ['status', 'atProvider'];

const [ca, vpc] = ['certificateAuthority', 'vpcConfig'];

/** An object with one block only: a map in the newer versions, a list of one where it is computed and in the older. */
function readBlock(object: KubernetesObject, name: string): object {
  const found = value(object, ...observedPath, name);
  const only = Array.isArray(found) ? maps(object, ...observedPath, name)[0] : found;
  return { status: { atProvider: { [name]: only } } };
}

/**
 * What the provider has observed. Its conditions tell how the reconciling goes, not how the cluster is; connection
 * Secrets and ClusterAuth hold credentials, and are never read.
 */
function translate({ object }: Item<KubernetesObject>, context: Context): Cluster {
  const { name, identity } = readSubject(object);
  const leaving = value(object, 'metadata', 'deletionTimestamp') !== undefined;
  const network = readBlock(object, vpc);
  const facts = {
    name: text(object, 'metadata', 'annotations', 'crossplane.io/external-name') || name,
    arn: text(object, ...observedPath, 'arn'),
    region: text(object, ...observedPath, 'region') ?? text(object, 'spec', 'forProvider', 'region'),
    status: leaving ? 'DELETING' : text(object, ...observedPath, 'status'),
    created: text(object, 'metadata', 'creationTimestamp'),
    version: text(object, ...observedPath, 'version'),
    desiredVersion: text(object, 'spec', 'forProvider', 'version'),
    platformVersion: text(object, ...observedPath, 'platformVersion'),
    endpoint: text(object, ...observedPath, 'endpoint'),
    caData: text(readBlock(object, ca), ...observedPath, ca, 'data'),
    publicEndpoint: flag(network, ...observedPath, vpc, 'endpointPublicAccess'),
    vpc: text(network, ...observedPath, vpc, 'vpcId'),
    outpostId: text(object, ...observedPath, 'clusterId'),
  };
  return {
    ...buildEksCluster(facts, identity, context),
    namespace: text(object, 'metadata', 'namespace'),
    labels: filterUserLabels(object, /(^|\.)(crossplane|upbound)\.io$/),
  };
}

export default defineImporter<Item<KubernetesObject>, typeof flags>({
  ...fromKinds(crossplaneKinds),
  manager: 'crossplane',
  options: flags,
  translate,
});
