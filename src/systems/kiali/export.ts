// https://kiali.io/docs/configuration/multi-cluster/
import { option } from '../../options.ts';
import { allowHostOption } from '../../export/kit/cloud-hosts.ts';
import type { Exporter } from '../../export/kit/exporter.ts';
import { kubeconfigDrops } from '../../export/kit/exported.ts';
import {
  buildRemoteSecret,
  clusterIdOption,
  identifyRemote,
  type RemoteSecret,
} from '../../export/kit/remote-secret.ts';
import { defineSecretKind } from '../../import/kit/secrets.ts';

const kialiMarker = 'kiali.io/multiCluster';

const flags = {
  kialiNamespace: option.text('--kiali-namespace <namespace>', 'where Kiali runs', { default: 'istio-system' }),
  clusterIdFrom: clusterIdOption,
  allowHost: allowHostOption,
  credentials: option.choice(
    '--credentials <how>',
    'exec: plugins in the image of Kiali (default, and all it takes)',
    ['exec'],
    { settable: 'personal' },
  ),
};

const exporter: Exporter<RemoteSecret, typeof flags> = {
  kinds: [defineSecretKind()],
  namespace: ({ kialiNamespace }) => kialiNamespace,
  options: flags,
  identity: identifyRemote(defineSecretKind(undefined, `${kialiMarker}=true`), 'Kiali'),
  drops: () => kubeconfigDrops,
  translate: (profile, context) =>
    buildRemoteSecret(profile, context, {
      prefix: 'kiali-remote-cluster-secret-',
      marker: kialiMarker,
      annotation: 'kiali.io/cluster',
      namespace: context.options.kialiNamespace,
    }),
};

export default exporter;
