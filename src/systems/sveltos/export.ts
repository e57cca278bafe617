// https://projectsveltos.io/main/register/register-cluster/
import { option } from '../../options.ts';
import type { ExportContext, Exporter } from '../../export/kit/exporter.ts';
import { nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { allowHostOption } from '../../export/kit/cloud-hosts.ts';
import { authorityOf, exported, labelledDrops, limitedName } from '../../export/kit/exported.ts';
import { type KubernetesObject, type ObjectMeta } from '../../object.ts';
import { memberKubeconfig } from '../../export/kit/remote-secret.ts';
import { secretKind } from '../../import/kit/secrets.ts';
import { workloadIdentity } from './workload-identity.ts';

const flags = {
  credentials: option.choice(
    '--credentials <how>',
    "exec-kubeconfig: kubeconfigs with the provider file's plugins, which every image of Sveltos has to have; embed: with tokens (default: workload identity)",
    ['exec-kubeconfig', 'embed'],
  ),
  roleArn: option.text('--role-arn <arn>', 'the AWS role that Sveltos takes, for EKS clusters'),
  allowHost: allowHostOption,
};

type Context = ExportContext<typeof flags>;

/** Not Sveltos' `ClusterProfile` of config.projectsveltos.io, which is a set of add-ons. */
export const sveltosCluster = {
  group: 'lib.projectsveltos.io',
  versions: ['v1beta1'],
  kind: 'SveltosCluster',
  plural: 'sveltosclusters',
};

interface Exported extends KubernetesObject {
  spec?: object;
  stringData?: Record<string, string>;
}

const secretOf = (metadata: ObjectMeta, stringData: Record<string, string>): Exported => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata,
  stringData,
});

/** In the namespace of its profile, where Sveltos looks for the Secrets that it names too. */
function clusterOf(profile: ClusterProfile, spec: object): Exported {
  const { name, namespace, labels = {} } = profile.metadata;
  return {
    apiVersion: `${sveltosCluster.group}/${sveltosCluster.versions[0]}`,
    kind: sveltosCluster.kind,
    metadata: exported(profile, name, { namespace, labels }),
    spec,
  };
}

/** Sveltos logs in itself, as a cloud's own identity. */
function byIdentity(profile: ClusterProfile, context: Context): Exported[] {
  const { name, namespace } = profile.metadata;
  const access = context.access(profile);
  const identity = workloadIdentity(profile, access, context.options);
  const authority = authorityOf(access.cluster);
  const caName = limitedName(`${name}-sveltos-ca`, nameOf(profile));
  const object = clusterOf(profile, {
    workloadIdentity: { ...identity, ...(authority && { caSecretRef: { name: caName } }) },
  });
  if (!authority) return [object];
  return [object, secretOf(exported(profile, caName, { namespace }), { 'ca.crt': authority })];
}

/** With a kubeconfig, which an object may have instead of an identity only. */
function byKubeconfig(profile: ClusterProfile, context: Context, embed: boolean): Exported[] {
  const { name, namespace } = profile.metadata;
  const kubeconfigName = limitedName(`${name}-sveltos-kubeconfig`, nameOf(profile));
  const kubeconfig = memberKubeconfig(profile, context, embed);
  return [
    clusterOf(profile, { kubeconfigName, kubeconfigKeyName: 'kubeconfig' }),
    secretOf(exported(profile, kubeconfigName, { namespace }), { kubeconfig }),
  ];
}

/** What an object with a cloud's own identity has no place for. */
const identityDrops = [
  ...labelledDrops,
  'proxy-url',
  'tls-server-name',
  'disable-compression',
  'insecure-skip-tls-verify',
  'additional-args',
] as const;

const sveltosExporter: Exporter<Exported, typeof flags> = {
  exampleFlags: '',
  kinds: [secretKind(), sveltosCluster],
  options: flags,
  drops({ credentials }) {
    if (credentials === 'exec-kubeconfig') return labelledDrops;
    return credentials === 'embed' ? [...labelledDrops, 'exec extension'] : identityDrops;
  },
  translate(profile, context) {
    const how = context.options.credentials;
    return how === undefined ? byIdentity(profile, context) : byKubeconfig(profile, context, how === 'embed');
  },
};

export default sveltosExporter;
