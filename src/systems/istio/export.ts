// https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret
import { option } from '../../options.ts';
import { allowHostOption } from '../../export/kit/cloud-hosts.ts';
import type { Exporter } from '../../export/kit/exporter.ts';
import { refusal } from '../../errors.ts';
import { embeddedDrops, kubeconfigDrops } from '../../export/kit/exported.ts';
import {
  buildRemoteSecret,
  clusterIdOption,
  identifyRemote,
  type RemoteSecret,
} from '../../export/kit/remote-secret.ts';
import { defineSecretKind } from '../../import/kit/secrets.ts';
import { marker, idAnnotation } from './kinds.ts';

const flags = {
  istioNamespace: option.text('--istio-namespace <namespace>', 'where istiod runs', { default: 'istio-system' }),
  clusterIdFrom: clusterIdOption,
  allowHost: allowHostOption,
  credentials: option.choice(
    '--credentials <how>',
    'exec: istiod allows credential plugins, and has them in its image; embed: write tokens into the output (default: refuse)',
    ['exec', 'embed'],
    { settable: 'personal' },
  ),
};

const exporter: Exporter<RemoteSecret, typeof flags> = {
  exampleFlags: '--credentials exec --provider-file providers.json',
  kinds: [defineSecretKind()],
  namespace: ({ istioNamespace }) => istioNamespace,
  options: flags,
  identity: identifyRemote(defineSecretKind(undefined, `${marker}=true`), 'istiod'),
  drops: ({ credentials }) => (credentials === 'embed' ? embeddedDrops : kubeconfigDrops),
  translate(profile, context) {
    const credentials = context.options.credentials;
    if (credentials === undefined)
      throw refusal(
        'a remote Secret needs a credential in it, and istiod takes no plugin by default',
        '--credentials exec, where istiod runs with PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS=exec and has the plugins; --credentials embed writes tokens into the output',
      );
    return buildRemoteSecret(profile, context, {
      prefix: 'istio-remote-secret-',
      marker,
      annotation: idAnnotation,
      namespace: context.options.istioNamespace,
      embed: credentials === 'embed',
    });
  },
};

export default exporter;
