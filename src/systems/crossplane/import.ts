// https://github.com/crossplane-contrib/provider-upjet-aws/blob/main/apis/cluster/eks/v1beta2/zz_cluster_types.go
import type { ImportContext } from '../../import/kit/importer.ts';
import { type Cluster } from '../../profile/clusterprofile.ts';
import { accessProviderOption, eksCluster } from '../../import/kit/eks-cluster.ts';
import { subjectOf, userLabels } from '../../import/kit/facts.ts';
import { flag, maps, text, value, type KubernetesObject } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { importer, type Item } from '../../import/kit/importer.ts';

const flags = {
  accessProvider: accessProviderOption,
};

type Context = ImportContext<typeof flags>;

const kind = { kind: 'Cluster', plural: 'clusters' };

/** The provider's first API is cluster-scoped, the one for Crossplane 2 has namespaces. */
const kinds = [
  { ...kind, group: 'eks.aws.upbound.io', versions: ['v1beta2', 'v1beta1'], clusterScoped: true },
  { ...kind, group: 'eks.aws.m.upbound.io', versions: ['v1beta1'] },
];

const observed = ['status', 'atProvider'];

const [ca, vpc] = ['certificateAuthority', 'vpcConfig'];

/** An object with one block only: a map in the newer versions, a list of one where it is computed and in the older. */
function block(object: KubernetesObject, name: string): object {
  const found = value(object, ...observed, name);
  const only = Array.isArray(found) ? maps(object, ...observed, name)[0] : found;
  return { status: { atProvider: { [name]: only } } };
}

/**
 * What the provider has observed. Its conditions tell how the reconciling goes, not how the cluster is; connection
 * Secrets and ClusterAuth hold credentials, and are never read.
 */
function translate({ object }: Item<KubernetesObject>, context: Context): Cluster {
  const { name, identity } = subjectOf(object);
  const leaving = value(object, 'metadata', 'deletionTimestamp') !== undefined;
  const network = block(object, vpc);
  const facts = {
    name: text(object, 'metadata', 'annotations', 'crossplane.io/external-name') || name,
    arn: text(object, ...observed, 'arn'),
    region: text(object, ...observed, 'region') ?? text(object, 'spec', 'forProvider', 'region'),
    status: leaving ? 'DELETING' : text(object, ...observed, 'status'),
    created: value(object, 'metadata', 'creationTimestamp'),
    version: text(object, ...observed, 'version'),
    desiredVersion: text(object, 'spec', 'forProvider', 'version'),
    platformVersion: text(object, ...observed, 'platformVersion'),
    endpoint: text(object, ...observed, 'endpoint'),
    caData: text(block(object, ca), ...observed, ca, 'data'),
    publicEndpoint: flag(network, ...observed, vpc, 'endpointPublicAccess'),
    vpc: text(network, ...observed, vpc, 'vpcId'),
    outpostId: text(object, ...observed, 'clusterId'),
  };
  return {
    ...eksCluster(facts, identity, context),
    namespace: text(object, 'metadata', 'namespace'),
    labels: userLabels(object, /(^|\.)(crossplane|upbound)\.io$/),
  };
}

export default importer<Item<KubernetesObject>, typeof flags>({
  ...fromKinds(kinds),
  manager: 'crossplane',
  options: flags,
  translate,
});
