// https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret
import type { Cluster, KubernetesObject } from '../clusterprofile.ts';
import { refusal } from '../errors.ts';
import { condition } from '../kubernetes/conditions.ts';
import { reach } from '../kubernetes/endpoint.ts';
import { peek, userLabels } from '../kubernetes/facts.ts';
import { identityOf, text } from '../kubernetes/fields.ts';
import { fromKinds } from '../kubernetes/kinds.ts';
import { embeddedLosses, kubeconfigLosses } from '../kubernetes/exported.ts';
import { clusterIdOption, remoteSecret, type RemoteSecret } from '../kubernetes/remote-secret.ts';
import { isSecret, kubeconfigEndpoint, secretKeys, secretKind, secretText } from '../kubernetes/secrets.ts';
import { byText } from '../names.ts';
import { system, type Exporter, type SourceContext } from '../system.ts';

const manager = 'istio';
const marker = 'istio/multiCluster';
const idAnnotation = 'networking.istio.io/cluster';
const inventory = fromKinds([secretKind('istio-system', `${marker}=true`)]);

/** One key of a remote Secret: istiod takes each for a cluster, and the key for its name. */
interface Remote {
  secret: KubernetesObject;
  key: string;
  name: string;
  alone: boolean;
}

const isRemote = (object: unknown): object is KubernetesObject =>
  isSecret(object) && peek(object, 'metadata', 'labels', marker) === 'true';

/** `--type=config` writes the literal key `config`, and the name into the annotation. */
const nameOf = (secret: KubernetesObject, key: string): string =>
  (key === 'config' && text(secret, 'metadata', 'annotations', idAnnotation)) || key;

const age = ({ metadata }: KubernetesObject): string =>
  `${metadata.creationTimestamp ?? ''} ${metadata.namespace ?? ''}/${metadata.name}`;

/** The first Secret that registers a cluster counts, as for istiod: by age, then by name. */
function join(objects: unknown[], context: SourceContext): Remote[] {
  const secrets = objects.filter(isRemote).toSorted((a, b) => byText(age(a), age(b)));
  const remotes = new Map<string, Remote>();
  for (const secret of secrets) {
    const all = secretKeys(secret);
    for (const key of all) {
      const name = nameOf(secret, key);
      const there = remotes.get(name);
      if (there)
        context.warn(
          `${name} is registered by Secret ${there.secret.metadata.name} already, the one in ${secret.metadata.name} is left out`,
        );
      else remotes.set(name, { secret, key, name, alone: all.length === 1 });
    }
  }
  return [...remotes.values()];
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function translate({ secret, key, name, alone }: Remote): Cluster {
  const warnings: string[] = [];
  const { namespace = '', name: own, creationTimestamp } = secret.metadata;
  const endpoint = kubeconfigEndpoint(secretText(secret, key) ?? '', `${namespace}/${own}[${key}]`, warnings);
  return {
    name,
    identity: `${identityOf(secret)}#${key}`,
    memberId: uuid.test(name) ? name : undefined,
    labels: alone ? userLabels(secret, /^istio$/) : undefined,
    // Istio knows whether it is connected, but not in this object.
    conditions: [condition('Joined', 'True', 'ClusterRegistered', { time: creationTimestamp })],
    access: [reach(manager, endpoint, warnings)],
    warnings,
  };
}

const exporter: Exporter<RemoteSecret> = {
  exampleFlags: '--credentials exec --provider-file providers.json',
  kinds: [secretKind()],
  namespaceOption: 'istioNamespace',
  options: [
    { flags: '--istio-namespace <namespace>', description: 'where istiod runs', default: 'istio-system' },
    clusterIdOption,
    {
      flags: '--credentials <how>',
      description:
        'exec: istiod allows credential plugins, and has them in its image; embed: write tokens into the output (default: refuse)',
      choices: ['exec', 'embed'],
    },
  ],
  loses: kubeconfigLosses,
  losesWith: { embed: embeddedLosses },
  translate(profile, context) {
    const credentials = text(context.options, 'credentials');
    if (credentials === undefined)
      throw refusal(
        'a remote Secret needs a credential in it, and istiod takes no plugin by default',
        '--credentials exec, where istiod runs with PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS=exec and has the plugins; --credentials embed writes tokens into the output',
      );
    return remoteSecret(profile, context, {
      prefix: 'istio-remote-secret-',
      marker,
      annotation: idAnnotation,
      namespace: text(context.options, 'istioNamespace'),
      embed: credentials === 'embed',
    });
  },
};

export default system<Remote>({
  exporter,
  source: {
    ...inventory,
    manager,
    docs: 'https://istio.io/latest/docs/setup/install/multicluster/',
    accepts: isRemote,
    join,
    translate,
    mapping: [
      [
        'data key (for the key config: annotation networking.istio.io/cluster)',
        'metadata.name, spec.displayName',
        'one cluster a key',
      ],
      [
        'data key that is a UUID',
        'metadata.labels[multicluster.x-k8s.io/inventory-member-id]',
        'the UID of namespace kube-system',
      ],
      ['metadata.creationTimestamp', 'status.conditions[Joined]'],
      [
        'kubeconfig, cluster of its current context',
        'status.accessProviders[istio].cluster',
        'server, CA, TLS name, proxy; users are never read',
      ],
      ['metadata.labels', 'metadata.labels', 'only of a Secret with one key'],
    ],
  },
});
