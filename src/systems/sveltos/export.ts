// https://projectsveltos.io/main/register/register-cluster/
import type { ExportContext, Exporter } from '../../export/kit/exporter.ts';
import { nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { allowHostOption } from '../../export/kit/cloud-hosts.ts';
import { authorityOf, exported, labelledDrops, limitedName } from '../../export/kit/exported.ts';
import { text, type KubernetesObject, type ObjectMeta } from '../../object.ts';
import { memberKubeconfig } from '../../export/kit/remote-secret.ts';
import { secretKind } from '../../import/kit/secrets.ts';
import { workloadIdentity } from './workload-identity.ts';

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
function byIdentity(profile: ClusterProfile, context: ExportContext): Exported[] {
  const { name, namespace } = profile.metadata;
  const access = context.access(profile);
  const identity = workloadIdentity(profile, access, context.options);
  const authority = authorityOf(access.cluster, {});
  const caName = limitedName(`${name}-sveltos-ca`, nameOf(profile));
  const object = clusterOf(profile, {
    workloadIdentity: { ...identity, ...(authority && { caSecretRef: { name: caName } }) },
  });
  if (!authority) return [object];
  return [object, secretOf(exported(profile, caName, { namespace }), { 'ca.crt': authority })];
}

/** With a kubeconfig, which an object may have instead of an identity only. */
function byKubeconfig(profile: ClusterProfile, context: ExportContext, embed: boolean): Exported[] {
  const { name, namespace } = profile.metadata;
  const kubeconfigName = limitedName(`${name}-sveltos-kubeconfig`, nameOf(profile));
  const kubeconfig = memberKubeconfig(profile, context, embed);
  return [
    clusterOf(profile, { kubeconfigName, kubeconfigKeyName: 'kubeconfig' }),
    secretOf(exported(profile, kubeconfigName, { namespace }), { kubeconfig }),
  ];
}

const sveltosExporter: Exporter<Exported> = {
  exampleFlags: '',
  kinds: [secretKind(), sveltosCluster],
  options: [
    {
      flags: '--credentials <how>',
      description:
        "exec-kubeconfig: kubeconfigs with the provider file's plugins, which every image of Sveltos has to have; embed: with tokens (default: workload identity)",
      choices: ['exec-kubeconfig', 'embed'],
    },
    { flags: '--role-arn <arn>', description: 'the AWS role that Sveltos takes, for EKS clusters' },
    allowHostOption,
  ],
  drops: [
    ...labelledDrops,
    'proxy-url',
    'tls-server-name',
    'disable-compression',
    'insecure-skip-tls-verify',
    'additional-args',
  ],
  dropsWith: {
    'exec-kubeconfig': labelledDrops,
    embed: [...labelledDrops, 'exec extension'],
  },
  translate(profile, context) {
    const how = text(context.options, 'credentials');
    return how === undefined ? byIdentity(profile, context) : byKubeconfig(profile, context, how === 'embed');
  },
};

export default sveltosExporter;
