// https://kiali.io/docs/configuration/multi-cluster/
import { text } from '../kubernetes/fields.ts';
import { remoteLosses, remoteSecret, type RemoteSecret } from '../kubernetes/remote-secret.ts';
import { secretsOut } from '../kubernetes/secrets.ts';
import { system, type Exporter } from '../system.ts';

const exporter: Exporter<RemoteSecret> = {
  kinds: [secretsOut],
  namespaceOption: 'kialiNamespace',
  options: [{ flags: '--kiali-namespace <namespace>', description: 'where Kiali runs', default: 'istio-system' }],
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
