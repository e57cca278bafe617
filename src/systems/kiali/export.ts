// https://kiali.io/docs/configuration/multi-cluster/
import type { Exporter } from '../../export/kit/exporter.ts';
import { text } from '../../object.ts';
import { kubeconfigDrops } from '../../export/kit/exported.ts';
import { clusterIdOption, remoteSecret, type RemoteSecret } from '../../export/kit/remote-secret.ts';
import { secretKind } from '../../import/kit/secrets.ts';

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
  drops: kubeconfigDrops,
  translate: (profile, context) =>
    remoteSecret(profile, context, {
      prefix: 'kiali-remote-cluster-secret-',
      marker: 'kiali.io/multiCluster',
      annotation: 'kiali.io/cluster',
      namespace: text(context.options, 'kialiNamespace'),
    }),
};

export default exporter;
