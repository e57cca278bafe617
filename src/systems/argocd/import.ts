// https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters
import type { Listener, Warn } from '../../util/notices.ts';
import { option } from '../../options.ts';
import { domain, keys, type AccessProvider, type Cluster } from '../../profile/clusterprofile.ts';
import { UserError } from '../../errors.ts';
import { parseGoJson, type JsonFields } from '../../documents/json.ts';
import { argocdMarker as marker } from './labels.ts';
import { buildCondition } from '../../import/kit/conditions.ts';
import { buildAccessProvider, type Endpoint } from '../../profile/endpoint.ts';
import { readEksRegion } from '../../profile/endpoint/cloud-hosts.ts';
import { isOwnApiServer } from '../../profile/endpoint/hosts.ts';
import { chooseScheme, parseUrl } from '../../profile/endpoint/server-url.ts';
import { peekAt, filterUserLabels } from '../../import/kit/facts.ts';
import { flag, identityOf, text, textMap, value, type KubernetesObject, isObject, readOwn } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { isSecret, defineSecretKind, explainUnlabelled, holdsKey, readSecretText } from '../../import/kit/secrets.ts';
import { defineImporter, type Item, type ImportContext } from '../../import/kit/importer.ts';

const flags = {
  includeHub: option.flag('--include-hub', 'the cluster that Argo CD runs in too (https://kubernetes.default.svc)'),
};
type Context = ImportContext<typeof flags>;

const manager = 'argocd';

const inventory = fromKinds([defineSecretKind('argocd', `${marker}=cluster`)]);

const isArgocdSecret = (object: unknown): object is KubernetesObject =>
  isSecret(object) && peekAt(object, 'metadata', 'labels', marker) === 'cluster';

/** An entry of `argocd cluster list -o json`: credentials are left out by Argo CD, health and version are in. */
const isListed = (object: unknown): boolean =>
  isObject(object) &&
  object['kind'] === undefined &&
  typeof object['server'] === 'string' &&
  isObject(object['config']);

/** What messages call an entry of the array. */
function titleListed(entry: unknown, index: number): string {
  const names = [peekAt(entry, 'name'), peekAt(entry, 'server')];
  return `[${index}] ${names.find((each) => typeof each === 'string' && each !== '') as string}`;
}

/** The array that the CLI prints, or one entry. */
const acceptsArgocd = (object: unknown): boolean =>
  isArgocdSecret(object) || isListed(object) || (Array.isArray(object) && object.length > 0 && object.every(isListed));

/** The fields of a config that Argo CD reads. */
const configFields: JsonFields = {
  username: true,
  password: true,
  bearerToken: true,
  proxyUrl: true,
  disableCompression: true,
  tlsClientConfig: { insecure: true, serverName: true, caData: true, certData: true, keyData: true },
  awsAuthConfig: { clusterName: true, roleARN: true, profile: true },
  execProviderConfig: { command: true, args: true, env: true, apiVersion: true, installHint: true },
};

/** `config` is read key by key: what stands beside these is credentials. It may not even be JSON. */
function readConfig(secret: KubernetesObject): unknown {
  const content = readSecretText(secret, 'config');
  if (content === undefined || content.trim() === '') return {};
  const config = parseGoJson(content, configFields, 'key config');
  if (isObject(config)) return config;
  throw new UserError('key config: not a JSON object');
}

const arn = /^arn:aws[\w-]*:eks:([\w-]+):(\d{12}):cluster\/(.+)$/;

/** Facts that an access provider's name and extension need. Of `execProviderConfig`, the command and its first word. */
function readArgocdProvider(
  config: unknown,
  server: string,
): { name: string; region?: string | undefined; clusterId?: string | undefined } {
  const clusterId = text(config, 'awsAuthConfig', 'clusterName');
  if (value(config, 'awsAuthConfig') !== undefined) {
    return { name: 'eks', region: readEksRegion(parseUrl(server)?.hostname ?? ''), clusterId };
  }
  const command = text(config, 'execProviderConfig', 'command') ?? '';
  const args = peekAt(config, 'execProviderConfig', 'args');
  const first: unknown = Array.isArray(args) ? args[0] : undefined;
  if (/(^|\/)argocd-k8s-auth$/.test(command) && first === 'gcp') return { name: 'google' };
  if ((/(^|\/)argocd-k8s-auth$/.test(command) && first === 'azure') || /(^|\/)kubelogin$/.test(command))
    return { name: 'kubelogin' };
  return { name: manager };
}

type TypeCheck = readonly [type: string, isType: (content: unknown) => boolean];

const isText = (content: unknown): boolean => typeof content === 'string';
const oneText: TypeCheck = ['a string', isText];

/** Fields of a config that are not read here. One of another type makes Argo CD refuse the whole Secret. */
const unreadFields: readonly (readonly [path: string, check: TypeCheck])[] = [
  ['username', oneText],
  ['password', oneText],
  ['bearerToken', oneText],
  ['awsAuthConfig.roleARN', oneText],
  ['awsAuthConfig.profile', oneText],
  ['execProviderConfig.args', ['a list of strings', (content) => Array.isArray(content) && content.every(isText)]],
  [
    'execProviderConfig.env',
    ['a map of strings', (content) => isObject(content) && Object.values(content).every(isText)],
  ],
  ['execProviderConfig.apiVersion', oneText],
  ['execProviderConfig.installHint', oneText],
  ['tlsClientConfig.certData', oneText],
  ['tlsClientConfig.keyData', oneText],
];

/** Says which fields Argo CD cannot read. Their values may be credentials. */
function reportUnreadable(config: unknown, warn: Warn): void {
  for (const [path, [type, isType]] of unreadFields) {
    const content = peekAt(config, ...path.split('.')) ?? undefined;
    if (content !== undefined && !isType(content)) warn(`${path} of its config should be ${type}: Argo CD refuses it`);
  }
}

const argocdClouds: Record<string, string> = { eks: 'aws', google: 'gcp', kubelogin: 'azure' };

/** The server that stands for the cluster Argo CD itself runs in. */
function isHub(server: string): boolean {
  const url = parseUrl(server);
  return url?.protocol === 'https:' && url.port === '' && url.pathname === '/' && isOwnApiServer(url.hostname);
}

interface Facts {
  name: string | undefined;
  server: string;
  config: unknown;
}

function buildArgocdAccess({ server, config }: Facts, listener: Listener): AccessProvider | undefined {
  reportUnreadable(config, listener.warn);
  const { name, region, clusterId } = readArgocdProvider(config, server);
  const at = 'tlsClientConfig';
  const caData = text(config, at, 'caData');
  const insecure = flag(config, at, 'insecure');
  const endpoint: Endpoint = {
    server,
    // Argo CD hands it to client-go. Of the client certificate, only that there is one.
    scheme: chooseScheme(caData, insecure, peekAt(config, at, 'certData')),
    caData,
    insecure,
    tlsServerName: text(config, at, 'serverName'),
    proxyUrl: text(config, 'proxyUrl'),
    disableCompression: flag(config, 'disableCompression'),
    ...(clusterId && {
      extensions: [{ name: keys.execExtension, extension: { ...(region && { region }), clusterId } }],
    }),
  };
  return buildAccessProvider(name, endpoint, listener);
}

/** What a Secret and a listed entry have in common. An EKS ARN in the place of a server is a name, not an address. */
function readCommon(
  facts: Facts,
  listener: Listener,
): Pick<Cluster, 'name' | 'access'> & { properties: Record<string, string | undefined> } {
  const { server, config, name } = facts;
  const [, arnRegion, account, arnName] = arn.exec(server) ?? [];
  const provider = readArgocdProvider(config, server);
  const host = /^[a-z]+:\/\/([^/:]+)/i.exec(server)?.[1];
  return {
    name: name ?? arnName ?? host ?? server,
    properties: {
      [`provider.${domain}`]: arnRegion ? 'aws' : readOwn(argocdClouds, provider.name),
      [`account.${domain}`]: account,
      [keys.regionProperty]: arnRegion ?? provider.region,
    },
    access: arnRegion ? [] : [buildArgocdAccess(facts, listener)],
  };
}

/** Blanks around the commas are trimmed, as Argo CD does. */
const trimList = (list: string | undefined): string | undefined =>
  list
    ?.split(',')
    .map((each) => each.trim())
    .filter(Boolean)
    .join(',');

function fromSecret(secret: KubernetesObject, context: Context): Cluster | undefined {
  const { options, leaveOut } = context;
  const server = readSecretText(secret, 'server')?.trim();
  if (!server) throw new UserError('data.server is missing');
  if (isHub(server) && !options.includeHub) return leaveOut('Secret', "of Argo CD's own cluster", '--include-hub');
  const facts = readCommon(
    { name: readSecretText(secret, 'name') || undefined, server, config: readConfig(secret) },
    context,
  );
  const skipped = text(secret, 'metadata', 'annotations', 'argocd.argoproj.io/skip-reconcile') === 'true';
  const time = text(secret, 'metadata', 'creationTimestamp');
  return {
    ...facts,
    identity: identityOf(secret),
    memberId: text(secret, 'metadata', 'uid'),
    labels: filterUserLabels(secret, /(^|\.)argocd\.argoproj\.io$/),
    version: text(secret, 'metadata', 'labels', 'argocd.argoproj.io/kubernetes-version'),
    conditions: [
      skipped
        ? buildCondition('Joined', 'False', 'ReconciliationSkipped', { time })
        : buildCondition('Joined', 'True', 'ClusterRegistered', { time }),
    ],
    properties: {
      ...facts.properties,
      [`group.${domain}`]: readSecretText(secret, 'project'),
      [`namespaces.${domain}`]: trimList(readSecretText(secret, 'namespaces')),
    },
  };
}

const connectionHealth: Record<string, [status: string, reason: string]> = {
  Successful: ['True', 'Connected'],
  Failed: ['False', 'ConnectionFailed'],
  Unknown: ['Unknown', 'ConnectionUnknown'],
};

function fromList(entry: unknown, context: Context): Cluster | undefined {
  const { options, leaveOut } = context;
  const server = text(entry, 'server') ?? '';
  if (isHub(server) && !options.includeHub) return leaveOut('item', "of Argo CD's own cluster", '--include-hub');
  const facts = readCommon({ name: text(entry, 'name') || undefined, server, config: value(entry, 'config') }, context);
  const at = value(entry, 'info', 'connectionState') === undefined ? ['connectionState'] : ['info', 'connectionState'];
  const word = text(entry, ...at, 'status');
  // A status of a later Argo CD says nothing yet, and is said.
  const [status, reason] = readOwn(connectionHealth, word ?? '') ?? [word];
  const time = text(entry, ...at, 'attemptedAt');
  return {
    ...facts,
    identity: `argocd/cluster/${server}`,
    labels: textMap(entry, 'labels'),
    version: text(entry, 'info', 'serverVersion') ?? text(entry, 'serverVersion'),
    conditions: [
      status
        ? buildCondition('ControlPlaneHealthy', status, reason, { message: text(entry, ...at, 'message'), time })
        : undefined,
      buildCondition('Joined', 'True', 'ClusterRegistered', { time }),
    ],
    properties: { ...facts.properties, [`group.${domain}`]: text(entry, 'project') },
  };
}

export default defineImporter<Item, typeof flags>({
  ...inventory,
  manager,
  options: flags,
  accepts: acceptsArgocd,
  explainNearly: (object) =>
    explainUnlabelled(object, `${marker}=cluster`, (secret) =>
      ['server', 'config'].every((key) => holdsKey(secret, key)),
    ),
  join: (objects) =>
    objects.flatMap((each): Item[] =>
      Array.isArray(each)
        ? each.map((object, index) => ({ object, title: titleListed(object, index) }))
        : [{ object: each }],
    ),
  translate: ({ object }, context) => (isSecret(object) ? fromSecret(object, context) : fromList(object, context)),
});
