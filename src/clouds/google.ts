// The APIs of Google Cloud through google-auth-library: credentials, requests, and what their errors mean.
import type { CloudContext } from './context.ts';
import { existsSync, readFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { join } from 'node:path';
import type { AuthClient, JWTInput } from 'google-auth-library';
import { createTimeout } from '../util/duration.ts';
import { codeOf, exit, isUserError, messageOf, UserError } from '../errors.ts';
import { rememberSecret, rememberSecretsIn } from '../redact/known-secrets.ts';
import { waitUntil } from '../util/limits.ts';
import { checkBearerToken } from '../util/bearer.ts';
import {
  parseApiBase,
  mapStatusToExitCode,
  describeForeignFailure,
  muteSdkWarnings,
  readObjectBody,
  cleanServiceText,
  sendWithRetries,
  describeUnreachableApi,
  type Reply,
} from './http.ts';
import { quoteForShell } from '../util/shell.ts';

type GoogleEnv = CloudContext['env'];

const scopes = ['https://www.googleapis.com/auth/cloud-platform'];
const googleLoginHint = 'gcloud auth application-default login';

interface Api {
  base: string;
  /** gcloud's variable for another endpoint of it. */
  override: string;
  /** The role that lets somebody read what is read here. */
  role: string;
}

const overrides = 'CLOUDSDK_API_ENDPOINT_OVERRIDES_';
const apis = {
  gkehub: { base: 'https://gkehub.googleapis.com', override: `${overrides}GKEHUB`, role: 'roles/gkehub.viewer' },
  container: {
    base: 'https://container.googleapis.com',
    override: `${overrides}CONTAINER`,
    role: 'roles/container.clusterViewer',
  },
  cloudresourcemanager: {
    base: 'https://cloudresourcemanager.googleapis.com',
    override: `${overrides}CLOUDRESOURCEMANAGER`,
    role: 'roles/browser',
  },
} satisfies Record<string, Api>;

type ApiName = keyof typeof apis;

/** Where Application Default Credentials are a file: the one that is named, else where gcloud writes it. */
function findCredentialFile(env: GoogleEnv): string | undefined {
  const named = env['GOOGLE_APPLICATION_CREDENTIALS'];
  if (named) return named;
  const windows = process.platform === 'win32' ? env['APPDATA'] : undefined;
  const home = windows ?? (env['HOME'] && join(env['HOME'], '.config'));
  const folder = env['CLOUDSDK_CONFIG'] || (home && join(home, 'gcloud'));
  const file = folder && join(folder, 'application_default_credentials.json');
  return file && existsSync(file) ? file : undefined;
}

/** The content of that file. Nothing of it is shown: a parser would quote it. */
function readCredentials(env: GoogleEnv): JWTInput | undefined {
  const file = findCredentialFile(env);
  if (!file) return undefined;
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read the Google Cloud credentials in ${file}: ${codeOf(error) ?? 'unknown error'}`, {
      code: exit.auth,
      hint: googleLoginHint,
    });
  }
  try {
    const credentials: unknown = JSON.parse(content);
    rememberSecretsIn(credentials);
    return credentials as JWTInput;
  } catch {
    throw new UserError(`${file} is not a Google Cloud credential file`, { code: exit.auth, hint: googleLoginHint });
  }
}

/** Long enough for a metadata server, and short enough for somebody who only forgot to log in. */
const metadataWait = 2000;

/**
 * Whether there is a metadata server. Asked here and not by the SDK, which also looks up a name (a look-up that nothing
 * can end) and waits longer.
 */
async function hasMetadataServer(env: GoogleEnv): Promise<boolean> {
  const detection = env['METADATA_SERVER_DETECTION']?.trim().toLowerCase();
  if (detection === 'none') return false;
  if (detection === 'assume-present') return true;
  const host = env['GCE_METADATA_IP'] || env['GCE_METADATA_HOST'] || '169.254.169.254';
  const options = {
    agent: false,
    headers: { 'Metadata-Flavor': 'Google' },
    signal: createTimeout(metadataWait),
  } as const;
  return new Promise((resolve) => {
    httpGet(`http://${host.replace(/^http:\/\//, '')}/computeMetadata/v1/instance`, options, (response) => {
      response.resume();
      resolve(response.headers['metadata-flavor'] === 'Google');
    }).on('error', () => resolve(false));
  });
}

/** The library gives its token exchange a transporter that knows no signal; a command could then not end in time. */
function withSignal(client: AuthClient): AuthClient {
  const { stsCredential } = client as AuthClient & { stsCredential?: { transporter: unknown } };
  if (stsCredential) stsCredential.transporter = client.transporter;
  return client;
}

/** Application Default Credentials, or a token that is given as it is. */
async function createSourceClient(env: GoogleEnv, signal: AbortSignal): Promise<AuthClient> {
  const { GoogleAuth, OAuth2Client, Compute } = await import('google-auth-library');
  const quota = env['GOOGLE_CLOUD_QUOTA_PROJECT'];
  const clientOptions = { transporterOptions: { signal }, ...(quota && { quotaProjectId: quota }) };
  const variable = ['CLOUDSDK_AUTH_ACCESS_TOKEN', 'GOOGLE_OAUTH_ACCESS_TOKEN'].find((name) => env[name]);
  if (variable !== undefined) {
    const client = new OAuth2Client(clientOptions);
    client.setCredentials({ access_token: checkBearerToken(env[variable] ?? '', variable) });
    return client;
  }
  const credentials = readCredentials(env);
  // Given as an object, so that the library neither asks which project they are of nor takes anything else for a key.
  if (credentials) return withSignal(await new GoogleAuth({ credentials, scopes, clientOptions }).getClient());
  if (await hasMetadataServer(env)) return new Compute({ ...clientOptions, scopes });
  throw new UserError('no Google Cloud credentials found', { code: exit.auth, hint: googleLoginHint });
}

/** The client that signs requests; as another service account where gcloud is told so. */
async function createAuthClient(env: GoogleEnv, signal: AbortSignal): Promise<AuthClient> {
  const client = await createSourceClient(env, signal);
  const targetPrincipal = env['CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT'];
  if (!targetPrincipal) return client;
  const { Impersonated } = await import('google-auth-library');
  const variable = `${overrides}IAMCREDENTIALS`;
  const endpoint = env[variable];
  return new Impersonated({
    sourceClient: client,
    targetPrincipal,
    targetScopes: scopes,
    ...(endpoint && { endpoint: parseApiBase(endpoint, variable) }),
  });
}

/** What went wrong on the way to a token. */
function describeGoogleCredentialError(error: unknown): UserError {
  if (isUserError(error)) return error;
  const offline = /^E[A-Z_]+$/.test(codeOf(error) ?? '');
  return new UserError(`cannot get a token from Google Cloud: ${cleanServiceText(messageOf(error))}`, {
    code: offline ? exit.unreachable : exit.auth,
    hint: offline ? undefined : googleLoginHint,
    cause: error,
  });
}

interface ErrorDetail {
  reason?: string;
  metadata?: Record<string, string>;
}

interface GoogleErrorBody {
  error?: { message?: string; details?: ErrorDetail[] };
}

function hintGoogleError(
  status: number,
  detail: ErrorDetail | undefined,
  api: Api,
  project: string,
): string | undefined {
  if (status === 401) return `the token is not valid (any more): ${googleLoginHint}`;
  if (status !== 403) return undefined;
  if (detail?.reason === 'SERVICE_DISABLED') {
    const consumer = detail.metadata?.['consumer']?.replace(/^projects\//, '') ?? project;
    const service = detail.metadata?.['service'] ?? new URL(api.base).host;
    return `gcloud services enable ${quoteForShell(service)} --project ${quoteForShell(consumer)}`;
  }
  if (detail?.reason === 'ACCESS_TOKEN_SCOPE_INSUFFICIENT') return `the token lacks the scope ${scopes[0]}`;
  if (detail?.reason === 'SECURITY_POLICY_VIOLATED') return 'a VPC Service Controls perimeter keeps this caller out';
  return `gcloud projects add-iam-policy-binding ${quoteForShell(project)} --member <who> --role ${api.role}`;
}

/** An answer of an API as an error: its own message, the permission it takes, the command that helps. */
function describeGoogleError({ status, body }: Reply, request: GoogleRequest, answered: string): UserError {
  const api: Api = apis[request.api];
  const known = (typeof body === 'object' && body !== null ? body : {}) as GoogleErrorBody;
  const { host } = new URL(api.base);
  // Something in between, such as a proxy: the API would say more.
  if (!known.error) return describeForeignFailure(answered, status);
  const { message, details } = known.error;
  const detail = Array.isArray(details) ? details.find(({ reason }) => reason) : undefined;
  const said = cleanServiceText(message ?? `${host} answered ${status}`);
  const named = status !== 403 || detail?.reason === 'SERVICE_DISABLED' || said.includes(request.permission);
  return new UserError(named ? said : `${said} (it takes ${request.permission})`, {
    code: mapStatusToExitCode(status),
    hint: hintGoogleError(status, detail, api, request.project),
  });
}

/** One read of an API. */
interface GoogleRequest {
  api: ApiName;
  path: string;
  query?: Record<string, string | undefined>;
  project: string;
  permission: string;
  /** What its answers have; the API leaves out what is empty. */
  fields: readonly string[];
}

export type GoogleGet = (request: GoogleRequest) => Promise<Record<string, unknown>>;

/** Reads of Google Cloud APIs, at another endpoint where there is one, with one set of credentials; throws at once where there are none. */
export async function connectGoogle(context: CloudContext, endpoint: string | undefined): Promise<GoogleGet> {
  const { env, signal } = context;
  muteSdkWarnings();
  const client = await waitUntil(signal, createAuthClient(env, signal)).catch((error: unknown) => {
    throw signal.aborted ? error : describeGoogleCredentialError(error);
  });
  const baseOf = ({ override, base }: Api): string => {
    if (endpoint !== undefined) return parseApiBase(endpoint, '--endpoint');
    return env[override] ? parseApiBase(env[override], override) : base;
  };
  const headersFor = async (url: URL, signal: AbortSignal): Promise<Headers> => {
    const headers = await waitUntil(signal, client.getRequestHeaders(url)).catch((error: unknown) => {
      throw signal.aborted ? error : describeGoogleCredentialError(error);
    });
    rememberSecret(headers.get('authorization')?.replace(/^Bearer /, ''));
    return headers;
  };
  const send = async (url: URL, signal: AbortSignal): Promise<Reply> => {
    const headers = await headersFor(url, signal);
    const answer = await client.transporter.request<unknown>({
      url,
      headers,
      signal,
      responseType: 'json',
      retry: false,
      redirect: 'manual',
      validateStatus: () => true,
    });
    return { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, body: answer.data };
  };
  return async (request) => {
    const base = baseOf(apis[request.api]);
    const url = new URL(base + request.path);
    for (const [name, text] of Object.entries(request.query ?? {})) if (text) url.searchParams.set(name, text);
    const reply = await sendWithRetries((limited) => send(url, limited), context).catch((error: unknown) => {
      throw signal.aborted || isUserError(error) ? error : describeUnreachableApi(base, error);
    });
    if (reply.status !== 200) throw describeGoogleError(reply, request, url.host);
    return readObjectBody(reply, url.host, request.fields);
  };
}
