// Azure Resource Manager through the pipeline of @azure/arm-containerservicefleet: credentials, requests, pages, errors.
import type { CloudContext } from './context.ts';
import type { AccessToken, TokenCredential } from '@azure/identity';
import { codeOf, exit, isUserError, messageOf, UserError } from '../errors.ts';
import { text } from '../object.ts';
import { rememberSecret } from '../redact/known-secrets.ts';
import { waitUntil } from '../util/limits.ts';
import { checkBearerToken } from '../util/bearer.ts';
import {
  parseApiBase,
  mapStatusToExitCode,
  describeForeignAnswer,
  describeForeignFailure,
  muteSdkWarnings,
  readObjectBody,
  cleanServiceText,
  sendWithRetries,
  describeUnreachableApi,
  type Reply,
} from './http.ts';

const publicCloud = 'https://management.azure.com';
const azureLoginHint = 'az login, or set AZURE_CLIENT_ID, AZURE_TENANT_ID and a secret, certificate or federated token';

/** A token that is given as it is. How long it is good is not known; the server says when it is not. */
const useGivenToken = (token: string): TokenCredential => ({
  getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
});

/** The chain's errors have a paragraph for each credential it tried; the first line tells what happened. */
function describeAzureCredentialError(error: unknown, verbose: boolean): UserError {
  const lines = messageOf(error).split('\n').filter(Boolean);
  const none = error instanceof Error && /^(Aggregate|CredentialUnavailable)/.test(error.name);
  const detail = verbose ? cleanServiceText(lines.join('; ')) : cleanServiceText(lines[0] ?? '');
  const message = none ? `no Azure credentials found${verbose ? `: ${detail}` : ''}` : `no token from Azure: ${detail}`;
  return new UserError(message, { code: exit.auth, hint: azureLoginHint, cause: error });
}

/** The credential of a run, tried once before anything is read: without a token every read would fail alike. */
async function findAzureCredential(scope: string, context: CloudContext): Promise<TokenCredential> {
  const { env, signal, common } = context;
  const given = env['AZURE_ACCESS_TOKEN']?.trim();
  if (given) return useGivenToken(checkBearerToken(given, 'AZURE_ACCESS_TOKEN'));
  const { DefaultAzureCredential } = await import('@azure/identity');
  const failed = (error: unknown): never => {
    throw signal.aborted ? error : describeAzureCredentialError(error, common.verbose ?? false);
  };
  let chain: TokenCredential;
  try {
    chain = new DefaultAzureCredential();
  } catch (error) {
    return failed(error);
  }
  const getToken = async (scopes: string | string[]): Promise<AccessToken | null> => {
    const token = await waitUntil(signal, chain.getToken(scopes, { abortSignal: signal })).catch(failed);
    rememberSecret(token?.token);
    return token;
  };
  await getToken(scope);
  return { getToken };
}

interface ArmErrorBody {
  error?: { code?: string; message?: string };
}

const readErrorBody = ({ body }: Reply): ArmErrorBody => (typeof body === 'object' && body !== null ? body : {});

/** True where a cloud does not know an API version (yet): sovereign clouds are behind. */
const isUnknownVersion = (reply: Reply): boolean =>
  reply.status === 400 &&
  /^(NoRegisteredProviderFound|InvalidApiVersionParameter)$/.test(readErrorBody(reply).error?.code ?? '');

/** Whether an error is one of ARM itself: something in between, such as a proxy, has no code. */
export const isOwnError = (reply: Reply): boolean => typeof readErrorBody(reply).error?.code === 'string';

/** An answer of ARM as an error. Its message names the action and the scope that are missing. */
export function describeArmError(reply: Reply): UserError {
  if (!isOwnError(reply)) return describeForeignFailure('Azure Resource Manager', reply.status);
  const { code, message } = readErrorBody(reply).error ?? {};
  const said = message ?? `Azure Resource Manager answered ${reply.status}`;
  const hints: Record<number, string> = {
    401: 'az login (--tenant names another tenant), and check --subscription',
    403: 'az role assignment create --assignee <who> --role Reader --scope <the scope above>',
  };
  return new UserError(cleanServiceText(code && !said.includes(code) ? `${code}: ${said}` : said), {
    code: mapStatusToExitCode(reply.status),
    // Without a message it was something in between that answered, such as a proxy.
    hint: message ? hints[reply.status] : undefined,
  });
}

export interface Arm {
  /** One read, whatever its status. */
  get(path: string, apiVersion: string): Promise<Reply>;
  /**
   * All pages of a list. With several API versions the later ones stand in where an earlier one is not known;
   * `onFallback` hears of it.
   */
  pages(path: string, apiVersions: readonly string[], onFallback?: () => void): Promise<Record<string, unknown>[]>;
}

/** An answer that claims to be JSON and is not: its status counts, as with any other. */
function toUnparsedReply(error: unknown): Reply {
  const { statusCode, response } = error as Partial<RestError>;
  if (codeOf(error) !== 'PARSE_ERROR' || statusCode === undefined) throw error;
  return { status: statusCode, header: (name) => response?.headers.get(name), body: undefined };
}

interface RestError {
  statusCode: number;
  response: { headers: { get(name: string): string | undefined } };
}

/** A client whose requests carry the token, and go to no other origin than the one it is for. */
async function createArmClient(
  base: string,
  context: CloudContext,
): Promise<(url: URL, signal: AbortSignal) => Promise<Reply>> {
  const { createContainerServiceFleet } = await import('@azure/arm-containerservicefleet/api');
  const scope = `${base}/.default`;
  const credential = await findAzureCredential(scope, context);
  const insecure = base.startsWith('http:');
  const client = createContainerServiceFleet(credential, '', {
    endpoint: base,
    credentials: { scopes: [scope] },
    // Retries are ours, see `sendWithRetries`; ARM does not redirect reads.
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    allowInsecureConnection: insecure,
    userAgentOptions: { userAgentPrefix: 'clusterprofile' },
  });
  // The SDK's own policy sends no token without TLS. `apiBase` allows that for this machine only.
  if (insecure) client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
  return async (url, signal) => {
    if (url.origin !== new URL(base).origin)
      throw new UserError(`the next page is at ${url.origin}, not at ${base}: nothing was sent there`, {
        code: exit.unreachable,
      });
    const token = insecure ? await credential.getToken(scope) : null;
    const request = client.pathUnchecked(url.href).get({
      abortSignal: signal,
      ...(token && { headers: { authorization: `Bearer ${token.token}` } }),
    });
    return request.then(
      ({ status, headers, body }) => ({ status: Number(status), header: (name) => headers[name], body }),
      toUnparsedReply,
    );
  };
}

/** Reads of Azure Resource Manager with one set of credentials; throws at once where there are none. */
export async function connectArm(context: CloudContext, endpoint = publicCloud): Promise<Arm> {
  const { signal } = context;
  muteSdkWarnings();
  const base = parseApiBase(endpoint, '--endpoint');
  const send = await createArmClient(base, context);
  const read = (url: URL): Promise<Reply> =>
    sendWithRetries((limited) => send(url, limited), context).catch((error: unknown) => {
      throw signal.aborted || isUserError(error) ? error : describeUnreachableApi(base, error);
    });
  const get: Arm['get'] = (path, apiVersion) => read(new URL(`${base}${path}?api-version=${apiVersion}`));
  const { host } = new URL(base);
  const pagesOf = async (first: Reply): Promise<Record<string, unknown>[]> => {
    const pages: Record<string, unknown>[] = [];
    const seen = new Set<string>();
    for (let reply = first; ;) {
      if (reply.status !== 200) throw describeArmError(reply);
      const page = readObjectBody(reply, host, ['value']);
      if (!Array.isArray(page['value'])) throw describeForeignAnswer(host, reply.header('content-type'));
      pages.push(page);
      const next = text(page, 'nextLink');
      if (!next) return pages;
      if (seen.has(next)) throw new UserError('Azure answers the same page again', { code: exit.unreachable });
      seen.add(next);
      reply = await read(new URL(next, `${base}/`));
    }
  };
  return {
    get,
    async pages(path, apiVersions, onFallback) {
      for (const [index, version] of apiVersions.entries()) {
        const first = await get(path, version);
        const last = index === apiVersions.length - 1;
        if (!last && isUnknownVersion(first)) continue;
        if (index > 0) onFallback?.();
        return pagesOf(first);
      }
      return [];
    },
  };
}
