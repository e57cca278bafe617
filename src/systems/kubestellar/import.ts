// https://docs.kubestellar.io/release-0.28.0/direct/its
// https://github.com/kubestellar/kubestellar/blob/main/api/control/v1alpha1/types.go (customization properties)
import type { Warn } from '../../util/notices.ts';
import { option } from '../../options.ts';
import { keys, type Cluster } from '../../profile/clusterprofile.ts';
import { detectCredential } from '../../redact/credential-patterns.ts';
import { copyLabels, isLeaving, peekAt, filterReadable, readSubject } from '../../import/kit/facts.ts';
import { isKind, textMap, type KubernetesObject } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { buildClientConfigAccess, managedClusterKind, readManagedCluster } from '../../import/kit/managed-cluster.ts';
import {
  defineImporter,
  type Item,
  type ListContext,
  type ImportContext,
  unknownOf,
} from '../../import/kit/importer.ts';
import { kubestellarConfigMap } from './kinds.ts';

const manager = 'kubestellar';

const inventory = fromKinds([managedClusterKind]);

const isCustomization = (object: unknown): object is KubernetesObject =>
  isKind(object, kubestellarConfigMap) && peekAt(object, 'metadata', 'namespace') === kubestellarConfigMap.namespace;

/** Only such keys are properties: KubeStellar expands them in Go templates. */
const goIdentifier = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

const secretWord = /token|passw|secret|credential|private_?key|api_?key/i;

/** The values are free text, so what sounds or looks like a secret is kept out even when they are asked for. */
function filterIdentifiers(facts: Readonly<Record<string, string>>, warn: Warn): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, content] of Object.entries(facts)) {
    if (!goIdentifier.test(name)) continue;
    if (secretWord.test(name) || detectCredential(content) !== undefined)
      warn(`customization property ${name} looks like a credential, left out`);
    else kept[name] = content;
  }
  return kept;
}

/** A cluster with its ConfigMap of customization properties; a ConfigMap by itself is only checked. */
interface Customized extends Item<KubernetesObject> {
  customization: KubernetesObject | undefined;
}

function join(objects: unknown[]): Customized[] {
  const maps = new Map(objects.filter(isCustomization).map((each) => [peekAt(each, 'metadata', 'name'), each]));
  return (objects as KubernetesObject[]).map((object) => ({
    object,
    customization: isKind(object, managedClusterKind) ? maps.get(peekAt(object, 'metadata', 'name')) : undefined,
  }));
}

const flags = {
  customizationProperties: option.flag(
    '--customization-properties',
    `ConfigMaps of namespace ${kubestellarConfigMap.namespace} and annotations as properties; they are free text; without it, those in the inventory stay`,
  ),
  copyLabels,
};
type Context = ImportContext<typeof flags>;

function translate({ object, customization }: Customized, context: Context): Cluster | undefined {
  const asked = context.options.customizationProperties;
  if (isCustomization(object)) {
    if (asked) textMap(object, 'data');
    return undefined;
  }
  readSubject(object);
  if (isLeaving(object, context)) return undefined;
  const facts = readManagedCluster(object, context);
  // As KubeStellar looks them up: the ConfigMap, then annotations. A claim of the same name is OCM's own fact.
  const [data = {}] = filterReadable(
    [customization].filter((each) => each !== undefined),
    (each) => textMap(each, 'data'),
  );
  const custom = asked && {
    ...filterIdentifiers(textMap(object, 'metadata', 'annotations'), context.warn),
    ...filterIdentifiers(data, context.warn),
  };
  const properties = { ...custom, ...facts.properties };
  const unknown = customization ? [] : [unknownOf(kubestellarConfigMap, { properties: [goIdentifier] }, context)];
  const { [keys.clusterSetLabel]: set, ...others } = facts.labels ?? {};
  const labels = set ? facts.labels : others;
  return { ...facts, labels, properties, access: [buildClientConfigAccess(object, manager, context)], unknown };
}

async function* list(context: ListContext<typeof flags>): AsyncIterable<unknown> {
  yield* inventory.list(context);
  if (context.options.customizationProperties)
    yield* context.details(kubestellarConfigMap, 'without --customization-properties none is asked for');
}

export default defineImporter<Customized, typeof flags>({
  manager,
  // `ocm` reads the same objects.
  notInAuto: true,
  options: flags,
  ...inventory,
  otherKinds: [kubestellarConfigMap],
  accepts: (object) => inventory.accepts(object) || isCustomization(object),
  list,
  join,
  translate,
});
