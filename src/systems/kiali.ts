// https://kiali.io/docs/configuration/multi-cluster/
import { text } from '../kubernetes/fields.ts';
import { kubeconfigLosses } from '../kubernetes/exported.ts';
import { clusterIdOption, remoteSecret, type RemoteSecret } from '../kubernetes/remote-secret.ts';
import { secretKind } from '../kubernetes/secrets.ts';
import { system, type Exporter } from '../system.ts';

const exporter: Exporter<RemoteSecret> = {
  kinds: [secretKind()],
  namespaceOption: 'kialiNamespace',
  options: [
    { flags: '--kiali-namespace <namespace>', description: 'where Kiali runs', default: 'istio-system' },
    clusterIdOption,
    {
      flags: '--credentials <how>',
      description: 'exec: plugins in the image of Kiali (default, and all it takes)',
      choices: ['exec'],
    },
  ],
  loses: kubeconfigLosses,
  translate: (profile, context) =>
    remoteSecret(profile, context, {
      prefix: 'kiali-remote-cluster-secret-',
      marker: 'kiali.io/multiCluster',
      annotation: 'kiali.io/cluster',
      namespace: text(context.options, 'kialiNamespace'),
    }),
};

export default system({ exporter });
