// https://kiali.io/docs/configuration/multi-cluster/
import { text } from '../kubernetes/fields.ts';
import { clusterIdOption, remoteLosses, remoteSecret, type RemoteSecret } from '../kubernetes/remote-secret.ts';
import { system, type Exporter } from '../system.ts';

const exporter: Exporter<RemoteSecret> = {
  options: [
    { flags: '--kiali-namespace <namespace>', description: 'where Kiali runs', default: 'istio-system' },
    clusterIdOption,
  ],
  loses: remoteLosses,
  translate: (profile, context) =>
    remoteSecret(profile, context, {
      prefix: 'kiali-remote-cluster-secret-',
      marker: 'kiali.io/multiCluster',
      annotation: 'kiali.io/cluster',
      namespace: text(context.options, 'kialiNamespace'),
    }),
};

export default system({ title: 'Kiali', exporter });
