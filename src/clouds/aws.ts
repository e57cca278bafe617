// Amazon EKS through @aws-sdk/client-eks: credentials, requests, pages, errors.
import type { CloudContext } from './context.ts';
import type { DescribeClusterResponse, EKSClient, EKSClientConfig, ListClustersResponse } from '@aws-sdk/client-eks';
import { codeOf, exit, isUserError, messageOf, UserError, usageError } from '../errors.ts';
import { readProxyFromEnv } from '../util/no-proxy.ts';
import { rememberSecret } from '../redact/known-secrets.ts';
import { waitUntil } from '../util/limits.ts';
import {
  parseApiBase,
  mapStatusToExitCode,
  describeForeignAnswer,
  describeForeignFailure,
  muteSdkWarnings,
  cleanServiceText,
  sendWithRetries,
  describeUnreachableApi,
  type Reply,
} from './http.ts';
import { readDetails, reportFailures, readTargets } from './targets.ts';
import { quoteForShell } from '../util/shell.ts';

type AwsEnv = CloudContext['env'];

interface EksQuery {
  /** Empty: the one of the profile. */
  regions: readonly string[];
  profile: string | undefined;
}

const awsPageSize = 100;

/** Everything is sent to one endpoint where the variables of the AWS command line name one. */
function readAwsEndpoint(env: AwsEnv): string | undefined {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  const variable = ['AWS_ENDPOINT_URL_EKS', 'AWS_ENDPOINT_URL'].find((name) => env[name]);
  return variable && parseApiBase(env[variable] ?? '', variable);
}

/** Keys of the environment. As in the SDK, a profile goes before them. */
function readGivenCredentials(env: AwsEnv, profile: string | undefined): EKSClientConfig['credentials'] {
  const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']];
  const sessionToken = env['AWS_SESSION_TOKEN'];
  if (profile || !accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

function hintAwsLogin(profile: string | undefined): string {
  const as = profile ? ` --profile ${quoteForShell(profile)}` : '';
  return `aws configure${as}, or aws sso login${as}`;
}

/** Nothing of a credential process is shown: its command line may hold a secret. */
function describeAwsCredentialError(error: unknown, profile: string | undefined): UserError {
  const offline = /^E[A-Z_]+$/.test(codeOf(error) ?? '');
  const message = messageOf(error);
  const [first = ''] = message.split('\n');
  const none = /Could not load credentials from any providers|EC2 Metadata|metadata service/i.test(message);
  const detail = first.startsWith('Command failed') ? 'its credential_process failed' : cleanServiceText(first);
  return new UserError(
    none ? `no AWS credentials found${profile ? ` for profile ${profile}` : ''}` : `no credentials from AWS: ${detail}`,
    {
      code: offline ? exit.unreachable : exit.auth,
      hint: offline ? undefined : hintAwsLogin(profile),
      cause: error,
    },
  );
}

/** An error of the SDK: of the service where there is a status. */
interface AwsFailure {
  name: string;
  message: string;
  $fault?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string> };
}

const throttled = /^(Throttl|TooManyRequests|RequestLimitExceeded)/;

/** An answer that is an error; anything else the SDK throws is none, such as a lost connection. */
function toAwsReply(error: unknown): Reply {
  const failure = error as AwsFailure;
  const status = failure.$metadata?.httpStatusCode ?? failure.$response?.statusCode;
  if (!(error instanceof Error) || status === undefined) throw error;
  if (status < 300) throw describeForeignAnswer('EKS', failure.$response?.headers?.['content-type']);
  const headers = new Map(Object.entries(failure.$response?.headers ?? {}));
  return { status: throttled.test(failure.name) ? 429 : status, header: (name) => headers.get(name), body: failure };
}

const expired = /^(Expired|Unrecognized|Invalid(Signature|ClientToken|AccessKey)|Incomplete|Missing|Signature)/;

/** An answer of EKS as an error. The first line only: AWS shows a refused request as it was signed, token and all. */
function describeAwsError({ status, body }: Reply, action: string, profile: string | undefined): UserError {
  const { name, message, $fault } = body as AwsFailure;
  // Something in between, such as a proxy: EKS would say more, and its 404 would be no cluster that is gone.
  if (!$fault || name === 'SyntaxError' || name === 'UnknownError') return describeForeignFailure('EKS', status);
  const said = `${name}: ${cleanServiceText(message.split('\n')[0] ?? '') || `EKS answered ${status}`}`;
  const denied = status === 401 || status === 403;
  const stale = expired.test(name);
  return new UserError(denied && !stale && !said.includes(action) ? `${said} (it takes ${action})` : said, {
    code: stale ? exit.auth : mapStatusToExitCode(status),
    hint: stale
      ? hintAwsLogin(profile)
      : denied
        ? 'aws sts get-caller-identity shows who asks; it takes eks:ListClusters and eks:DescribeCluster'
        : undefined,
  });
}

interface Region {
  name: string;
  client: EKSClient;
  /** One read, tried again as long as that may help. */
  read<T>(action: string, send: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

const ignoreLog = (): void => {};
/** The SDK would otherwise write to the console. */
const logger = { trace: ignoreLog, debug: ignoreLog, info: ignoreLog, warn: ignoreLog, error: ignoreLog };

/** Clients of the regions with one set of credentials; throws at once where there are none. */
async function connectRegion(query: EksQuery, context: CloudContext): Promise<Region[]> {
  const { env, signal } = context;
  const { profile } = query;
  const { EKSClient } = await import('@aws-sdk/client-eks');
  const endpoint = readAwsEndpoint(env);
  // The SDK has no idea of HTTPS_PROXY.
  const proxy = readProxyFromEnv(new URL(endpoint ?? 'https://eks.amazonaws.com'), env);
  const httpsAgent = proxy && new (await import('https-proxy-agent')).HttpsProxyAgent(proxy);
  const config = (region: string | undefined, credentials: EKSClientConfig['credentials']): EKSClientConfig => ({
    ...(region && { region }),
    ...(profile && { profile }),
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    // Retries are ours, see `sendWithRetries`.
    maxAttempts: 1,
    logger,
    customUserAgent: 'clusterprofile',
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000, ...(httpsAgent && { httpsAgent }) },
  });
  const first = new EKSClient(config(query.regions[0], readGivenCredentials(env, profile)));
  const usual = await first.config.region().catch(() => undefined);
  if (!usual) throw usageError('which region? --region names it', 'aws configure get region shows yours');
  const shared = async (): ReturnType<typeof first.config.credentials> => {
    const credentials = await first.config.credentials();
    rememberSecret(credentials.secretAccessKey);
    rememberSecret(credentials.sessionToken);
    return credentials;
  };
  await waitUntil(signal, shared()).catch((error: unknown) => {
    throw signal.aborted ? error : describeAwsCredentialError(error, profile);
  });
  const regions = query.regions.length > 0 ? query.regions : [usual];
  return regions.map((name, index) => ({
    name,
    client: index === 0 ? first : new EKSClient(config(name, shared)),
    async read<T>(action: string, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const tried = sendWithRetries(
        (limited) => send(limited).then((body): Reply => ({ status: 200, header: () => undefined, body }), toAwsReply),
        context,
      );
      const reply = await tried.catch((error: unknown) => {
        if (signal.aborted || isUserError(error)) throw error;
        // They may have to be renewed on the way.
        if (error instanceof Error && /^(Credentials|Token)ProviderError$/.test(error.name))
          throw describeAwsCredentialError(error, profile);
        throw describeUnreachableApi(endpoint ?? readFailedHost(name, error), error);
      });
      if (reply.status === 200) return reply.body as T;
      throw describeAwsError(reply, action, profile);
    },
  }));
}

/** Where a request went to; the error knows when its name could not be resolved. */
function readFailedHost(region: string, error: unknown): string {
  const host = error instanceof Error && 'hostname' in error ? String(error.hostname) : `eks.${region}.amazonaws.com`;
  return `https://${host}`;
}

/** The names of all clusters of a region, with those that run elsewhere and are only registered (`all`). */
async function listClusterNames({ client, read }: Region): Promise<string[]> {
  const { ListClustersCommand } = await import('@aws-sdk/client-eks');
  const names = new Set<string>();
  const seen = new Set<string>();
  for (let nextToken: string | undefined; ;) {
    const input = { maxResults: awsPageSize, include: ['all'], ...(nextToken && { nextToken }) };
    const page: ListClustersResponse = await read('eks:ListClusters', (signal) =>
      client.send(new ListClustersCommand(input), { abortSignal: signal }),
    );
    // The SDK leaves out what it does not know, so that another service's answer would be an empty list.
    if (!Array.isArray(page.clusters) || !page.clusters.every((name) => typeof name === 'string'))
      throw describeForeignAnswer('EKS');
    for (const name of page.clusters) names.add(name);
    nextToken = page.nextToken || undefined;
    if (!nextToken) return [...names];
    if (seen.has(nextToken)) throw new UserError('EKS answers the same page again', { code: exit.unreachable });
    seen.add(nextToken);
  }
}

interface RegionTarget {
  region: Region;
  name: string;
}

/** One cluster as the API answers it; `undefined` when it was deleted since the list was read. */
async function describeCluster({ region, name }: RegionTarget): Promise<object | undefined> {
  const { DescribeClusterCommand } = await import('@aws-sdk/client-eks');
  try {
    const { cluster }: DescribeClusterResponse = await region.read('eks:DescribeCluster', (signal) =>
      region.client.send(new DescribeClusterCommand({ name }), { abortSignal: signal }),
    );
    if (cluster?.name !== name) throw describeForeignAnswer('EKS');
    // As the command line prints it.
    return { cluster: { ...cluster, createdAt: cluster.createdAt?.toISOString() } };
  } catch (error) {
    if (isUserError(error) && error.code === exit.notFound) return undefined;
    throw error;
  }
}

const titleOf = ({ region, name }: RegionTarget): string => `cluster ${name} (${region.name})`;

async function readRegion(regions: readonly Region[], context: CloudContext): Promise<object[]> {
  const lists = await readTargets(
    regions,
    ({ name }) => `region ${name}`,
    async (region) => (await listClusterNames(region)).map((name): RegionTarget => ({ region, name })),
    context,
  );
  const targets = lists.done.flat();
  reportFailures(lists.failures, lists.done.length > 0, context);
  const clusters = await readDetails(targets, titleOf, describeCluster, undefined, context);
  const failed = new Set(clusters.failures.map(({ target }) => target));
  const undescribed = targets.filter((target) => failed.has(titleOf(target)));
  return [
    ...clusters.done.filter((cluster) => cluster !== undefined),
    ...undescribed.map(({ name, region }) => ({ undescribed: { name, region: region.name } })),
  ];
}

/**
 * The answers of DescribeCluster, for all clusters of the regions; what could not be read is reported, and of clusters
 * that could not be described there is the name.
 */
export async function* readEksClusters(query: EksQuery, context: CloudContext): AsyncIterable<object> {
  muteSdkWarnings();
  // The SDK's own switch for a warning about old versions of Node.js, which nobody can do anything about here.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const regions = await connectRegion(query, context);
  try {
    yield* await readRegion(regions, context);
  } finally {
    for (const { client } of regions) client.destroy();
  }
}
