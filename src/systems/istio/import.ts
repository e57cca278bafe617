// https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret
import { byText } from '../../util/text.ts';
import type { Cluster } from '../../profile/clusterprofile.ts';
import { buildCondition } from '../../import/kit/conditions.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import { peekAt, filterUserLabels, readOrReport } from '../../import/kit/facts.ts';
import { identityOf, text, type KubernetesObject } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  isSecret,
  explainUnlabelled,
  readKubeconfigEndpoint,
  listSecretKeys,
  defineSecretKind,
  readSecretText,
  titleSecret,
} from '../../import/kit/secrets.ts';
import { defineImporter, type Item, type ImportContext } from '../../import/kit/importer.ts';
import { marker, idAnnotation } from './kinds.ts';

const manager = 'istio';

const inventory = fromKinds([defineSecretKind('istio-system', `${marker}=true`)]);

/** One key of a remote Secret: istiod takes each for a cluster, and the key for its name. */
interface Remote extends Item<KubernetesObject> {
  key: string;
  name: string;
  alone: boolean;
}

const isRemote = (object: unknown): object is KubernetesObject =>
  isSecret(object) && peekAt(object, 'metadata', 'labels', marker) === 'true';

/** By its name, its annotation, or its label with a value that istiod does not look for. */
const looksRemote = ({ metadata }: KubernetesObject): boolean =>
  metadata.name.startsWith('istio-remote-secret-') ||
  peekAt(metadata, 'annotations', idAnnotation) !== undefined ||
  peekAt(metadata, 'labels', marker) !== undefined;

/** `--type=config` writes the literal key `config`, and the name into the annotation. */
const readIstioName = (secret: KubernetesObject, key: string): string =>
  (key === 'config' && text(secret, 'metadata', 'annotations', idAnnotation)) || key;

const formatSecretAge = ({ metadata }: KubernetesObject): string =>
  `${metadata.creationTimestamp ?? ''} ${metadata.namespace ?? ''}/${metadata.name}`;

/** The first Secret that registers a cluster counts, as for istiod: by age, then by name. */
function join(objects: unknown[], context: ImportContext): Remote[] {
  const secrets = objects.filter(isRemote).toSorted((a, b) => byText(formatSecretAge(a), formatSecretAge(b)));
  const remotes = new Map<string, Remote>();
  for (const secret of secrets) {
    const all = listSecretKeys(secret);
    if (all.length === 0) context.partial(`${titleSecret(secret.metadata)}: it has no data`);
    for (const key of all) {
      const name = readOrReport(titleSecret(secret.metadata), () => readIstioName(secret, key), context);
      if (name === undefined) continue;
      const there = remotes.get(name);
      if (there)
        context.warn(
          `${name} is registered by Secret ${there.object.metadata.name} already, the one in ${secret.metadata.name} is left out`,
        );
      else remotes.set(name, { object: secret, key, name, alone: all.length === 1 });
    }
  }
  return [...remotes.values()];
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function translate({ object: secret, key, name, alone }: Remote, context: ImportContext): Cluster {
  const time = text(secret, 'metadata', 'creationTimestamp');
  const endpoint = readKubeconfigEndpoint(readSecretText(secret, key) ?? '', `key ${key}`, context);
  return {
    name,
    identity: `${identityOf(secret)}#${key}`,
    memberId: uuid.test(name) ? name : undefined,
    labels: alone ? filterUserLabels(secret, /^istio$/) : undefined,
    // Istio knows whether it is connected, but not in this object.
    conditions: [buildCondition('Joined', 'True', 'ClusterRegistered', { time })],
    access: [buildAccessProvider(manager, endpoint, context)],
  };
}

export default defineImporter<Remote>({
  ...inventory,
  manager,
  accepts: isRemote,
  explainNearly: (object) => explainUnlabelled(object, `${marker}=true`, looksRemote),
  join,
  translate,
});
