// https://fleet.rancher.io/cluster-registration
import { option } from '../../options.ts';
import type { Exporter, ExportContext } from '../../export/kit/exporter.ts';
import { nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { refusal } from '../../errors.ts';
import { annotationFromOption, copyAnnotationsFrom, dropUncopied } from '../../export/kit/annotation-from.ts';
import { buildMetadata, labelledDrops, limitName } from '../../export/kit/exported.ts';
import { type KubernetesObject } from '../../object.ts';
import { buildMemberKubeconfig } from '../../export/kit/remote-secret.ts';
import { defineSecretKind } from '../../import/kit/secrets.ts';
import { fleetCluster } from './kinds.ts';

const flags = {
  fleetNamespace: option.text('--fleet-namespace <namespace>', 'the workspace of the clusters', {
    default: 'fleet-default',
  }),
  annotationFrom: annotationFromOption,
  credentials: option.choice(
    '--credentials <how>',
    'embed: write a bearer token into the Secret (default: refuse)',
    ['embed'],
    { settable: 'personal' },
  ),
};
type Context = ExportContext<typeof flags>;

interface FleetObject extends KubernetesObject {
  spec?: object;
  stringData?: Record<string, string>;
}

/** Fleet's manager logs in with a kubeconfig of a Secret, and has no plugins: there is no form without a credential. */
function toFleet(profile: ClusterProfile, context: Context): FleetObject[] {
  if (context.options.credentials !== 'embed')
    throw refusal(
      'Fleet needs a kubeconfig with a credential in it, and its image has no credential plugins',
      '--credentials embed writes a token into the Secret; without one, let the agent of the cluster register itself',
    );
  const { name, labels = {} } = profile.metadata;
  const secret = limitName(`${name}-kubeconfig`, nameOf(profile));
  const namespace = context.options.fleetNamespace;
  return [
    {
      apiVersion: `${fleetCluster.group}/${fleetCluster.versions[0]}`,
      kind: fleetCluster.kind,
      metadata: buildMetadata(profile, name, {
        namespace,
        labels,
        annotations: copyAnnotationsFrom(profile, context.options.annotationFrom),
      }),
      spec: { kubeConfigSecret: secret },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: buildMetadata(profile, secret, { namespace }),
      // Without apiServerURL and apiServerCA, which are the hub's, for the agent: Fleet then takes those of its own configuration.
      stringData: { value: buildMemberKubeconfig(profile, context, true) },
    },
  ];
}

const exporter: Exporter<FleetObject, typeof flags> = {
  exampleFlags: '--credentials embed --provider-file providers.json',
  options: flags,
  kinds: [fleetCluster, defineSecretKind()],
  namespace: ({ fleetNamespace }) => fleetNamespace,
  drops: ({ annotationFrom }) => dropUncopied([...labelledDrops, 'exec extension'], annotationFrom),
  translate: toFleet,
};

export default exporter;
