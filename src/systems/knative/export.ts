// https://github.com/knative/operator (1.22 and later: spec.clusterProfileRef)
import { option } from '../../options.ts';
import type { Exporter, ExportContext } from '../../export/kit/exporter.ts';
import { keys, nameOf, tool, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { UserError, usageError } from '../../errors.ts';
import { buildMetadata } from '../../export/kit/exported.ts';
import { type KubernetesObject } from '../../object.ts';
import { isDnsSubdomain } from '../../profile/names.ts';
import { providerFileFlags } from '../../export/kit/plugin-flags.ts';
import { buildProviderFile, collectWanted, type Wanted } from '../../export/kit/provider-file.ts';
import { checkHealthy, droppedByReaders, readerChecks } from '../../export/kit/reader-checks.ts';
import { quoteForShell } from '../../util/shell.ts';

const home = 'knative-operator';

const flags = {
  knativeNamespace: option.text('--knative-namespace <namespace>', 'where the operator runs', { default: home }),
  serving: option.texts('--serving <profile[=name]>', 'a KnativeServing for the cluster of a profile too; repeatable'),
  eventing: option.texts(
    '--eventing <profile[=name]>',
    'a KnativeEventing for the cluster of a profile too; repeatable',
  ),
  ...providerFileFlags,
};
type Context = ExportContext<typeof flags>;

interface KnativeConfigMap extends KubernetesObject {
  data: Record<string, string>;
}

interface Installation extends KubernetesObject {
  spec: { clusterProfileRef: { name: string; namespace: string | undefined } };
}

const operator = { group: 'operator.knative.dev', versions: ['v1beta1'] };

const serving = { ...operator, kind: 'KnativeServing', plural: 'knativeservings', namespace: 'knative-serving' };

const eventing = { ...operator, kind: 'KnativeEventing', plural: 'knativeeventings', namespace: 'knative-eventing' };

const knativeConfigMap = { group: '', versions: ['v1'], kind: 'ConfigMap', plural: 'configmaps' };

/** What the operator mounts, under the name that its chart looks for. */
const buildMountedMap = (wanted: readonly Wanted[], context: Context): KnativeConfigMap => ({
  apiVersion: 'v1',
  kind: knativeConfigMap.kind,
  metadata: {
    name: 'clusterprofile-provider-file',
    namespace: context.options.knativeNamespace,
    labels: { [keys.managedByLabel]: tool },
  },
  data: { 'config.json': `${JSON.stringify(buildProviderFile(wanted, context), null, 2)}\n` },
});

/** The one exported profile of a name, or of `namespace/name`. */
function findKnativeProfile(name: string, wanted: readonly Wanted[], flag: string): ClusterProfile {
  const found = wanted.filter(({ profile }) => profile.metadata.name === name || nameOf(profile) === name);
  if (found.length > 1)
    throw new UserError(`${flag} ${name}: several profiles have that name`, {
      hint: `${flag} ${quoteForShell(`NAMESPACE/${name}`)}`,
    });
  if (!found[0]) throw usageError(`${flag} ${name}: no exported profile has that name`);
  return found[0].profile;
}

/** One installation of Knative on a member. The reference cannot be changed later. */
function parseInstallation(given: string, kind: typeof serving, wanted: readonly Wanted[], flag: string): Installation {
  const [reference = '', own] = given.split('=');
  const profile = findKnativeProfile(reference, wanted, flag);
  const { name, namespace } = profile.metadata;
  if (own !== undefined && !isDnsSubdomain(own))
    throw usageError(`${flag} ${given}: ${JSON.stringify(own)} is no name of an object`);
  return {
    apiVersion: `${kind.group}/${kind.versions[0]}`,
    kind: kind.kind,
    metadata: buildMetadata(profile, own ?? name, { namespace: kind.namespace }),
    spec: { clusterProfileRef: { name, namespace } },
  };
}

/** What a flag asks for, all of it distinct: the second of two of one name would take the place of the first. */
function parseInstallations(
  option: 'serving' | 'eventing',
  kind: typeof serving,
  wanted: readonly Wanted[],
  { options }: Context,
): Installation[] {
  const flag = `--${option}`;
  const made = new Map<string, string>();
  return options[option].map((given) => {
    const object = parseInstallation(given, kind, wanted, flag);
    const { name } = object.metadata;
    const other = made.get(name);
    if (other !== undefined)
      throw new UserError(`${flag} ${other} and ${flag} ${given} would both be ${kind.kind} ${name}`, {
        hint: `${flag} ${quoteForShell(given.split('=')[0] ?? '')}=NAME gives it another name`,
      });
    made.set(name, given);
    return object;
  });
}

const exporter: Exporter<Wanted, typeof flags> = {
  exampleFlags: '',
  options: flags,
  kinds: [knativeConfigMap, serving, eventing],
  namespace: ({ knativeNamespace }) => knativeNamespace,
  // An installation is asked for by a flag: a run without it must not take Knative from a cluster.
  prunes: [knativeConfigMap],
  drops: () => droppedByReaders,
  checks: readerChecks,
  cautions: [checkHealthy],
  translate: collectWanted,
  combine: (wanted, context) => [
    buildMountedMap(wanted, context),
    ...parseInstallations('serving', serving, wanted, context),
    ...parseInstallations('eventing', eventing, wanted, context),
  ],
};

export default exporter;
