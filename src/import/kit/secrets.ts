import { isUtf8 } from 'node:buffer';
import type { Listener } from '../../util/notices.ts';
import { partOf, unknownOf, type Item, type ListContext, type ImportContext, type Importer } from './importer.ts';
import type { UnknownFacts } from '../../profile/clusterprofile.ts';
import { option, type OptionTable } from '../../options.ts';
import { UserError } from '../../errors.ts';
import type { Endpoint } from '../../profile/endpoint.ts';
import { chooseScheme } from '../../profile/endpoint/server-url.ts';
import { peekAt } from './facts.ts';
import { isKind, isObject, text, value, type KubernetesObject, type ResourceKind } from '../../object.ts';
import { isKubeconfig, mergeKubeconfigs, type Kubeconfig } from '../../kubernetes/kubeconfig.ts';
import type { KubeCluster, KubeContext } from '../../kubernetes/kubeconfig-entries.ts';
import { isBase64 } from '../../documents/values.ts';
import { parseDocuments } from '../../documents/yaml-in.ts';

/** Secrets are read key by key, and only keys that hold no credential. Errors name the Secret and the key, nothing else. */
export const defineSecretKind = (namespace?: string, labelSelector?: string): ResourceKind => ({
  group: '',
  versions: ['v1'],
  kind: 'Secret',
  plural: 'secrets',
  ...(namespace && { namespace }),
  ...(labelSelector && { labelSelector }),
});

/** Those of a namespace that the objects of a system name, or that the system itself has. */
const defineNamedSecretKind = (namespace: string, labelSelector?: string): ResourceKind => ({
  ...defineSecretKind(namespace, labelSelector),
  isNamespaceNamed: true,
});

export const isSecret = (object: unknown): object is KubernetesObject =>
  isKind(object, defineSecretKind()) && typeof peekAt(object, 'metadata', 'name') === 'string';

/** True for a map of labels with the marker (`key=value`, or `key` with any value), at any depth. */
function holdsLabel(at: unknown, key: string, wanted: string | undefined): boolean {
  if (Array.isArray(at)) return at.some((item) => holdsLabel(item, key, wanted));
  if (!isObject(at)) return false;
  const found = isObject(at['labels']) ? at['labels'][key] : undefined;
  if (found !== undefined && (wanted === undefined || found === wanted)) return true;
  return Object.values(at).some((item) => holdsLabel(item, key, wanted));
}

/**
 * Why an object is not read that is nearly a Secret of a system which knows its own by a label: one without it that
 * `looksOwn` recognises, or what a controller makes such a Secret of (ExternalSecret, SealedSecret, VaultStaticSecret …).
 */
export function explainUnlabelled(
  object: unknown,
  label: string,
  looksOwn: (secret: KubernetesObject) => boolean,
): string | undefined {
  if (isSecret(object)) {
    const labels = peekAt(object, 'metadata', 'labels') ?? {};
    if (!isObject(labels)) return 'metadata.labels should be a map';
    return looksOwn(object) ? `it has no label ${label}` : undefined;
  }
  const kind = peekAt(object, 'kind');
  const [key = '', wanted] = label.split('=');
  if (typeof kind !== 'string' || !/Secret|OnePasswordItem/.test(kind) || !holdsLabel(object, key, wanted))
    return undefined;
  return `a Secret is made of it: kubectl get secrets -l ${label} -o yaml prints what is read`;
}

/** True for a Secret with the key, in whichever of its fields; nothing of it is read. */
export const holdsKey = (secret: object, key: string): boolean =>
  ['data', 'stringData'].some((field) => peekAt(secret, field, key) !== undefined);

/** The text under a key, decoded; `stringData` goes before `data`, as in the API server. Throws where it is no text. */
export function readSecretText(secret: KubernetesObject, key: string): string | undefined {
  const plain = text(secret, 'stringData', key);
  if (plain !== undefined) return plain;
  const encoded = text(secret, 'data', key);
  if (encoded === undefined) return undefined;
  const decoded = isBase64(encoded) ? Buffer.from(encoded, 'base64') : undefined;
  if (decoded && isUtf8(decoded)) return decoded.toString('utf8');
  const fault = decoded ? 'it is base64 of what is no text' : 'it is no base64 (plain text goes into stringData)';
  throw new UserError(`${titleSecret(secret.metadata)}: data.${key} is not read: ${fault}`);
}

/** Keys of an access provider that a CA makes. */
const ofCa = ['certificate-authority-data'] as const;

/** Keys of an access provider that a kubeconfig makes, beside its server. */
const ofKubeconfig = [
  ...ofCa,
  'tls-server-name',
  'insecure-skip-tls-verify',
  'proxy-url',
  'disable-compression',
] as const;

/** What of an access provider a Secret may hold. */
const accessIn = { all: true, kubeconfig: ofKubeconfig, ca: ofCa } as const;

/** What messages call a Secret. */
export const titleSecret = ({ namespace, name }: { namespace?: string | undefined; name: string }): string =>
  `Secret ${namespace === undefined ? '' : `${namespace}/`}${name}`;

/** Says that a Secret has not what it is there for: how its cluster is reached, or its CA, is then not known. */
export function missKey(
  secret: KubernetesObject,
  key: string,
  { partial }: Pick<ImportContext, 'partial'>,
  holds: 'all' | 'ca' = 'all',
): UnknownFacts {
  const part = titleSecret(secret.metadata);
  partial(`${part} has no key ${key}`);
  return { part, failed: true, access: accessIn[holds] };
}

/** The keys of a Secret, sorted. */
export const listSecretKeys = (secret: KubernetesObject): string[] =>
  [
    ...new Set(
      ['data', 'stringData'].flatMap((field) => Object.keys((value(secret, field) as object | undefined) ?? {})),
    ),
  ].toSorted();

/** Secrets by `namespace/name`, for objects that refer to them. */
export const indexSecrets = (objects: readonly unknown[]): Map<string, KubernetesObject> =>
  new Map(
    objects.filter(isSecret).map((secret) => [`${secret.metadata.namespace ?? ''}/${secret.metadata.name}`, secret]),
  );

/** What a kubeconfig has no cluster for where it names none: client-go takes no one of several. */
function chooseOnly<T>(entries: ReadonlyMap<string, T>, noun: string, where: string): T | undefined {
  if (entries.size > 1)
    throw new UserError(
      `${where}: it has no current-context and ${entries.size} ${noun}, and clients take none of them`,
    );
  return [...entries.values()][0];
}

/** The context that counts, and its cluster. */
function chooseContext(config: Kubeconfig, where: string): { context?: KubeContext | undefined; cluster: KubeCluster } {
  const { clusters, contexts, currentContext: current } = config;
  const context = current === undefined ? chooseOnly(contexts, 'contexts', where) : contexts.get(current);
  if (current !== undefined && !context) throw new UserError(`${where}: its current-context does not exist`);
  const cluster = context ? clusters.get(context.cluster ?? '') : chooseOnly(clusters, 'clusters', where);
  if (!cluster) throw new UserError(`${where}: its context refers to no cluster`);
  return { context, cluster };
}

/**
 * The cluster of a kubeconfig's current context (without one, of its only context or its only cluster), without its
 * users. Throws a UserError that shows no value of the content.
 */
export function readKubeconfigEndpoint(content: string, where: string, { warn }: Pick<Listener, 'warn'>): Endpoint {
  const document = parseDocuments(content, where).find(isKubeconfig);
  if (!document) throw new UserError(`${where}: not a kubeconfig`);
  const config = mergeKubeconfigs([{ document, file: where }]);
  const { context, cluster } = chooseContext(config, where);
  if (config.clusters.size > 1)
    warn(`the kubeconfig in ${where} has ${config.clusters.size} clusters, the current context's counts`);
  for (const fault of [...config.unread, ...config.ignored]) warn(fault);
  if (cluster.caFile) warn(`the CA in ${where} is a file of somebody else's machine, left out`);
  const { server, caData, caFile, insecure, tlsServerName, proxyUrl, disableCompression } = cluster;
  const user = config.users.get(context?.user ?? '');
  const scheme = chooseScheme(caData, caFile, insecure, user?.certData, user?.certFile);
  const place = `${where}: ${cluster.at ?? 'cluster'}.cluster.server`;
  return { server, place, scheme, caData, caFile, insecure, tlsServerName, proxyUrl, disableCompression };
}

/** `--read-secrets`, of systems whose objects name the Secrets of their clusters. */
export const readSecretsOption = option.flag(
  '--read-secrets',
  'read server and CA from the Secrets that the objects refer to, and nothing else of them; without it, those in the inventory stay',
);

/** The flags of a system that reads Secrets. */
interface SecretFlags extends OptionTable {
  readSecrets: typeof readSecretsOption;
}

/** Objects, then with `--read-secrets` the Secrets of the namespaces where theirs are, as `namespacesOf` reads from each. */
export async function* withSecrets(
  objects: AsyncIterable<unknown>,
  context: ListContext<SecretFlags>,
  { namespacesOf, labelSelector }: { namespacesOf: (object: unknown) => readonly unknown[]; labelSelector?: string },
): AsyncIterable<unknown> {
  const namespaces = new Set<string>();
  for await (const object of objects) {
    for (const namespace of namespacesOf(object)) if (typeof namespace === 'string') namespaces.add(namespace);
    yield object;
  }
  if (!context.options.readSecrets) return;
  for (const namespace of namespaces) {
    const kind = defineNamedSecretKind(namespace, labelSelector);
    yield* context.details(kind, 'without --read-secrets none is asked for');
  }
}

/**
 * The parts of a source whose objects refer to Secrets in one namespace of the system, or in the one that `namespaceOf`
 * reads from an object, where these have `key`: those of a file come along, live ones with `--read-secrets`.
 */
export const withSecretsIn = (
  namespace: string,
  inventory: Pick<Importer, 'kinds' | 'accepts' | 'list'>,
  { key, namespaceOf = () => namespace }: { key?: string; namespaceOf?: (object: unknown) => unknown } = {},
): Pick<Importer<WithSecret, SecretFlags>, 'kinds' | 'otherKinds' | 'accepts' | 'list' | 'options'> => ({
  ...inventory,
  otherKinds: [defineNamedSecretKind(namespace)],
  options: { readSecrets: readSecretsOption },
  accepts: (object) =>
    inventory.accepts(object) ||
    (isSecret(object) && (object.metadata.namespace === namespace || (key !== undefined && holdsKey(object, key)))),
  list: (context) => withSecrets(inventory.list(context), context, { namespacesOf: (object) => [namespaceOf(object)] }),
});

/**
 * What a Secret would tell of an access provider, where it was not read: all of it, what stands beside the server in a
 * kubeconfig, or the CA.
 */
export function unknownOfSecret(
  namespace: unknown,
  holds: keyof typeof accessIn,
  context: Pick<ImportContext, 'parts'>,
): UnknownFacts {
  const access = accessIn[holds];
  const kind = defineSecretKind(typeof namespace === 'string' ? namespace : undefined);
  // Secrets were read, and the one that is named was not among them: nothing says that it held nothing.
  return unknownOf(kind, { access }, context) ?? { part: partOf(kind), failed: false, access };
}

/** Where the CA of a cluster is kept. */
export interface CaPlace {
  namespace: string | undefined;
  /** Absent where the cluster refers to no Secret. */
  name: string | undefined;
  key: string;
  /** Secrets without it are not asked for. */
  label?: string;
}

/** Says why there is no CA of a cluster whose server its clients are to check. */
export function explainNoCa(
  { namespace, name, key, label }: CaPlace,
  secret: KubernetesObject | undefined,
  { parts }: Pick<ImportContext, 'parts'>,
): string {
  if (name === undefined) return 'it refers to no Secret, which its CA would be in';
  const title = titleSecret({ namespace, name });
  if (secret) return `its ${title} has no CA (key ${key})`;
  return parts.get(partOf(defineSecretKind(namespace)))
    ? `its CA is in ${title}, which does not exist${label === undefined ? '' : ` or has no label ${label}`}`
    : 'its CA is in its Secret, which was not read (--read-secrets)';
}

/** An object with the Secret that it refers to. */
export interface WithSecret extends Item<KubernetesObject> {
  secret: KubernetesObject | undefined;
}

/** The objects of a kind, each with the Secret that it names. */
export function pairSecrets(
  objects: readonly unknown[],
  kind: ResourceKind,
  nameOf: (object: KubernetesObject) => string,
): WithSecret[] {
  const byName = indexSecrets(objects);
  const clusters = objects.filter((object): object is KubernetesObject => isKind(object, kind));
  return clusters.map((object) => ({ object, secret: byName.get(nameOf(object)) }));
}
