// https://projectsveltos.io/main/register/register-cluster/
import { option } from '../../options.ts';
import type { ExportContext, Exporter } from '../../export/kit/exporter.ts';
import { nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { annotationFromOption, copyAnnotationsFrom, dropUncopied } from '../../export/kit/annotation-from.ts';
import { allowHostOption } from '../../export/kit/cloud-hosts.ts';
import { readAuthority, buildMetadata, labelledDrops, limitName } from '../../export/kit/exported.ts';
import { type KubernetesObject, type ObjectMeta } from '../../object.ts';
import { buildMemberKubeconfig } from '../../export/kit/remote-secret.ts';
import { defineSecretKind } from '../../import/kit/secrets.ts';
import { buildWorkloadIdentity } from './workload-identity.ts';

const flags = {
  credentials: option.choice(
    '--credentials <how>',
    "exec-kubeconfig: kubeconfigs with the provider file's plugins, which every image of Sveltos has to have; embed: with tokens (default: workload identity)",
    ['exec-kubeconfig', 'embed'],
    { settable: 'personal' },
  ),
  roleArn: option.text('--role-arn <arn>', 'the AWS role that Sveltos takes, for EKS clusters', {
    settable: 'personal',
  }),
  annotationFrom: annotationFromOption,
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

interface SveltosObject extends KubernetesObject {
  spec?: object;
  stringData?: Record<string, string>;
}

const buildSveltosSecret = (metadata: ObjectMeta, stringData: Record<string, string>): SveltosObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata,
  stringData,
});

/** In the namespace of its profile, where Sveltos looks for the Secrets that it names too. */
function buildSveltosCluster(profile: ClusterProfile, { options }: Context, spec: object): SveltosObject {
  const { name, namespace, labels = {} } = profile.metadata;
  return {
    apiVersion: `${sveltosCluster.group}/${sveltosCluster.versions[0]}`,
    kind: sveltosCluster.kind,
    metadata: buildMetadata(profile, name, {
      namespace,
      labels,
      annotations: copyAnnotationsFrom(profile, options.annotationFrom),
    }),
    spec,
  };
}

/** Sveltos logs in itself, as a cloud's own identity. */
function exportByIdentity(profile: ClusterProfile, context: Context): SveltosObject[] {
  const { name, namespace } = profile.metadata;
  const access = context.access(profile);
  const identity = buildWorkloadIdentity(profile, access, context.options);
  const authority = readAuthority(access.cluster);
  const caName = limitName(`${name}-sveltos-ca`, nameOf(profile));
  const object = buildSveltosCluster(profile, context, {
    workloadIdentity: { ...identity, ...(authority && { caSecretRef: { name: caName } }) },
  });
  if (!authority) return [object];
  return [object, buildSveltosSecret(buildMetadata(profile, caName, { namespace }), { 'ca.crt': authority })];
}

/** With a kubeconfig, which an object may have instead of an identity only. */
function exportByKubeconfig(profile: ClusterProfile, context: Context, embed: boolean): SveltosObject[] {
  const { name, namespace } = profile.metadata;
  const kubeconfigName = limitName(`${name}-sveltos-kubeconfig`, nameOf(profile));
  const kubeconfig = buildMemberKubeconfig(profile, context, embed);
  return [
    buildSveltosCluster(profile, context, { kubeconfigName, kubeconfigKeyName: 'kubeconfig' }),
    buildSveltosSecret(buildMetadata(profile, kubeconfigName, { namespace }), { kubeconfig }),
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

const sveltosExporter: Exporter<SveltosObject, typeof flags> = {
  exampleFlags: '',
  kinds: [defineSecretKind(), sveltosCluster],
  options: flags,
  drops({ credentials, annotationFrom }) {
    const kubeconfigDropped = credentials === 'embed' ? [...labelledDrops, 'exec extension' as const] : labelledDrops;
    return dropUncopied(credentials === undefined ? identityDrops : kubeconfigDropped, annotationFrom);
  },
  translate(profile, context) {
    const how = context.options.credentials;
    return how === undefined
      ? exportByIdentity(profile, context)
      : exportByKubeconfig(profile, context, how === 'embed');
  },
};

export default sveltosExporter;
