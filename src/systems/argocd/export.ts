import { option } from '../../options.ts';
import { dropOfLabels } from '../../export/kit/drops.ts';
import type { ExportContext, Exporter } from '../../export/kit/exporter.ts';
import { accessProvidersOf, domain, nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { usageError } from '../../errors.ts';
import { isDnsSubdomain, makeObjectName } from '../../profile/names.ts';
import { defineSecretKind, readSecretText } from '../../import/kit/secrets.ts';
import { annotationFromOption, copyAnnotationsFrom, dropUncopied } from '../../export/kit/annotation-from.ts';
import { argocdAuth, formatArgocdConfig, chooseArgocdLogin, loginFlags } from './config.ts';
import { argocdMarker, foreignLabel } from './labels.ts';
import { labsChecks } from './labs-controller.ts';
import { buildMetadata, labelledDrops, limitName } from '../../export/kit/exported.ts';
import { type KubernetesObject } from '../../object.ts';
import { labelFromOption, copyLabelsFrom } from '../../export/kit/label-from.ts';

const flags = {
  argocdNamespace: option.text('--argocd-namespace <namespace>', 'where Argo CD runs', { default: 'argocd' }),
  nameTemplate: option.text('--name-template <template>', 'name in Argo CD', { default: '{name}' }),
  labelFrom: labelFromOption,
  annotationFrom: annotationFromOption,
  ...loginFlags,
  credentials: option.choice(
    '--credentials <how>',
    'exec: plugins in the image of Argo CD (default, and all there is)',
    ['exec'],
    { settable: 'personal' },
  ),
  listGenerator: option.flag(
    '--list-generator',
    'the spec.generators of an ApplicationSet with a list of the clusters instead of Secrets: cluster, url, profile, profileNamespace',
  ),
};
type Context = ExportContext<typeof flags>;

interface ArgocdSecret extends KubernetesObject {
  type: string;
  stringData: { name: string; server: string; config: string };
}

/** An element of a list generator: parameters of a template, all of them texts as the template engine wants them. */
interface ListElement {
  /** What two of one name are told by: `cluster`. */
  name: string;
  element: { cluster: string; url: string; profile: string; profileNamespace?: string };
}

type Part = ArgocdSecret | ListElement;

/** What Argo CD calls the cluster: the same in a Secret and in a list generator. */
function readElementName({ metadata }: ClusterProfile, { options }: Context): string {
  const template = options.nameTemplate;
  if (template === '{name}') return metadata.name;
  const [unknown] = template.replaceAll(/\{(name|namespace)\}/g, '').match(/\{[^}]*\}?|\}/) ?? [];
  if (unknown !== undefined)
    throw usageError(`--name-template knows {name} and {namespace}, not ${JSON.stringify(unknown)}`);
  return template.replaceAll('{name}', metadata.name).replaceAll('{namespace}', metadata.namespace ?? '');
}

/** Argo CD takes any text for a name, and the API server does not. */
const makeSecretName = (name: string): string => `cluster-${isDnsSubdomain(name) ? name : makeObjectName(name)}`;

function toArgocdSecret(profile: ClusterProfile, context: Context): ArgocdSecret {
  const login = chooseArgocdLogin(profile, context);
  const name = readElementName(profile, context);
  const labels = Object.entries(profile.metadata.labels ?? {}).filter(([key]) => !foreignLabel.test(key));
  const { command, provideClusterInfo } = login.plugin;
  if (provideClusterInfo) context.warn('its plugin asks for the cluster, which needs Argo CD 3.5 or later', profile);
  // Without a provider file nothing says which command it is.
  if (command !== '' && !command.endsWith(argocdAuth))
    context.warn(`${command} is not in the image of Argo CD: mount it into application-controller and server`, profile);
  const metadata = buildMetadata(profile, limitName(makeSecretName(name), nameOf(profile)), {
    namespace: context.options.argocdNamespace,
    labels: {
      ...Object.fromEntries(labels),
      ...copyLabelsFrom(profile, context.options.labelFrom, foreignLabel),
      [argocdMarker]: 'cluster',
    },
    annotations: {
      ...copyAnnotationsFrom(profile, context.options.annotationFrom, foreignLabel),
      [`${domain}/access-provider`]: login.provider,
    },
  });
  const stringData = { name, server: login.cluster.server, config: formatArgocdConfig(login) };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData };
}

/** Neither a login nor labels: these are in the Secret, which Argo CD finds by `cluster` or `url`. */
function toElement(profile: ClusterProfile, context: Context): ListElement {
  const { name: profileName, namespace } = profile.metadata;
  const cluster = readElementName(profile, context);
  const servers = new Set(accessProvidersOf(profile).map((provider) => provider.cluster?.server));
  if (servers.size > 1 && context.providers.length === 0)
    context.warn(`it has several servers; --provider-file says which one its Secret has`, profile);
  const url = context.access(profile).cluster.server;
  return {
    name: cluster,
    element: { cluster, url, profile: profileName, ...(namespace && { profileNamespace: namespace }) },
  };
}

const isElement = (part: Part): part is ListElement => 'element' in part;

/** Argo CD knows a cluster by its server, so that one of two Secrets is never used. */
function sayOneServer(parts: readonly Part[], warn: (message: string) => void): void {
  const byServer = new Map<string, string>();
  for (const part of parts) {
    const { name, server } = isElement(part) ? { name: part.name, server: part.element.url } : part.stringData;
    const other = byServer.get(server);
    if (other) warn(`${other} and ${name} have one server, and Argo CD uses one of them`);
    byServer.set(server, name);
  }
}

/** The server of a Secret on the cluster, as Argo CD compares it. */
function readServer(object: KubernetesObject): string[] {
  const server = readSecretText(object, 'server');
  return server === undefined ? [] : [server.trim().replace(/\/$/, '')];
}

/** What `spec.generators` of an ApplicationSet is, which is a list. */
const buildGenerators = (elements: readonly ListElement['element'][]): object => [{ list: { elements } }];

/** Cluster Secrets, or with `--list-generator` the generator of an ApplicationSet that chooses among them. */
const argocdExporter: Exporter<Part, typeof flags> = {
  exampleFlags: '--argocd-builtin',
  fileName: 'list-generator',
  kinds: [defineSecretKind()],
  namespace: ({ argocdNamespace }) => argocdNamespace,
  options: flags,
  identity: {
    kind: defineSecretKind(undefined, `${argocdMarker}=cluster`),
    identify: readServer,
    problem: 'have one server, and Argo CD uses one of them',
  },
  drops: ({ annotationFrom }) => [
    ...dropUncopied(labelledDrops, annotationFrom, foreignLabel),
    dropOfLabels('labels of Argo CD', (key) => foreignLabel.test(key)),
  ],
  checks: labsChecks,
  translate: (profile, context) =>
    context.options.listGenerator ? toElement(profile, context) : toArgocdSecret(profile, context),
  combine(parts, { warn }) {
    sayOneServer(parts, warn);
    const elements = parts.filter(isElement).map(({ element }) => element);
    return elements.length > 0 ? [buildGenerators(elements)] : (parts as ArgocdSecret[]);
  },
  // A placement that chose no cluster: nothing is to be generated.
  empty: (options) => (options.listGenerator ? [buildGenerators([])] : []),
};

export default argocdExporter;
