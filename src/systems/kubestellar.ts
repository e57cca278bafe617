// https://docs.kubestellar.io/release-0.28.0/direct/its
// https://github.com/kubestellar/kubestellar/blob/main/api/control/v1alpha1/types.go (customization properties)
import { keys, type Cluster, type KubernetesObject } from '../clusterprofile.ts';
import { copyLabels, holdsCredential, isLeaving, peek, readable } from '../kubernetes/facts.ts';
import { isKind, textMap } from '../kubernetes/fields.ts';
import { fromKinds } from '../kubernetes/kinds.ts';
import { clientConfigAccess, managedCluster, managedClusterFacts } from '../kubernetes/managed-cluster.ts';
import { system, type ListContext, type SourceContext } from '../system.ts';

const manager = 'kubestellar';
const configMap = {
  group: '',
  versions: ['v1'],
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespace: 'customization-properties',
};

const inventory = fromKinds([managedCluster]);

const isCustomization = (object: unknown): object is KubernetesObject =>
  isKind(object, configMap) && peek(object, 'metadata', 'namespace') === configMap.namespace;

/** Only such keys are properties: KubeStellar expands them in Go templates. */
const goIdentifier = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;
const secretWord = /token|passw|secret|credential|private_?key|api_?key/i;

/** The values are free text, so what sounds or looks like a secret is kept out even when they are asked for. */
function identifiers(facts: Readonly<Record<string, string>>, warnings: string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, content] of Object.entries(facts)) {
    if (!goIdentifier.test(name)) continue;
    if (secretWord.test(name) || holdsCredential(content))
      warnings.push(`customization property ${name} looks like a credential, left out`);
    else kept[name] = content;
  }
  return kept;
}

/** The ConfigMap of a cluster. Beside the object and not around it: an error then still names what was read. */
const customization = new WeakMap<object, KubernetesObject>();

function join(objects: unknown[]): KubernetesObject[] {
  const maps = new Map(objects.filter(isCustomization).map((each) => [peek(each, 'metadata', 'name'), each]));
  for (const object of objects as KubernetesObject[]) {
    const found = maps.get(peek(object, 'metadata', 'name'));
    if (isKind(object, managedCluster) && found) customization.set(object, found);
  }
  return objects as KubernetesObject[];
}

function translate(object: KubernetesObject, context: SourceContext): Cluster | undefined {
  const asked = context.options['customizationProperties'] === true;
  if (isCustomization(object)) {
    if (asked) textMap(object, 'data');
    return undefined;
  }
  const facts = managedClusterFacts(object, context);
  if (isLeaving(object, context)) return undefined;
  const { warnings } = facts;
  // As KubeStellar looks them up: the ConfigMap, then annotations. A claim of the same name is OCM's own fact.
  const [data = {}] = readable(
    [customization.get(object)].filter((each) => each !== undefined),
    (each) => textMap(each, 'data'),
  );
  const custom = asked && {
    ...identifiers(textMap(object, 'metadata', 'annotations'), warnings),
    ...identifiers(data, warnings),
  };
  const properties = { ...custom, ...facts.properties };
  const { [keys.clusterSetLabel]: set, ...others } = facts.labels ?? {};
  const labels = set ? facts.labels : others;
  return { ...facts, labels, properties, access: [clientConfigAccess(object, manager, warnings)] };
}

async function* list(context: ListContext): AsyncIterable<unknown> {
  yield* inventory.list(context);
  if (context.options['customizationProperties']) yield* context.objects(configMap);
}

export default system<KubernetesObject>({
  source: {
    manager,
    // `ocm` reads the same objects.
    notInAuto: true,
    docs: 'https://docs.kubestellar.io/release-0.28.0/direct/its',
    options: [
      {
        flags: '--customization-properties',
        description: `ConfigMaps of namespace ${configMap.namespace} and annotations as properties; they are free text`,
      },
      copyLabels,
    ],
    ...inventory,
    accepts: (object) => inventory.accepts(object) || isCustomization(object),
    list,
    join,
    translate,
    mapping: [
      ['metadata.name', 'metadata.name, spec.displayName, metadata.labels[open-cluster-management.io/cluster-name]'],
      ['metadata.deletionTimestamp', '', 'no profile'],
      [
        `metadata.labels[${managedCluster.group}/clusterset]`,
        'metadata.labels[multicluster.x-k8s.io/clusterset]',
        'where there is one',
      ],
      [
        'status.version.kubernetes',
        'status.version.kubernetes',
        'else the claim kubeversion.open-cluster-management.io',
      ],
      ['status.clusterClaims[*]', 'status.properties[*]', 'the first of two with one name'],
      [
        'status.conditions[ManagedClusterConditionAvailable]',
        'status.conditions[ControlPlaneHealthy]',
        'Unknown where the hub has not reported it',
      ],
      ['status.conditions[ManagedClusterJoined]', 'status.conditions[Joined]'],
      ['spec.managedClusterClientConfigs[0]', 'status.accessProviders[kubestellar].cluster'],
      ['status.{capacity,allocatable}', `status.properties[${managedCluster.group}/{capacity,allocatable}.*]`],
      ['spec.taints', `status.properties[${managedCluster.group}/taints]`],
      [
        `ConfigMap ${configMap.namespace}/<name> data, annotations`,
        'status.properties[*]',
        'with --customization-properties: keys that are Go identifiers, unless they sound like a secret',
      ],
      ['metadata.labels[*]', 'metadata.labels', 'with --copy-labels'],
    ],
  },
});
