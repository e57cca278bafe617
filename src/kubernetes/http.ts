import type { Agent, IncomingMessage, RequestOptions } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, exit, messageOf, UserError } from '../errors.ts';

/** What a request needs besides its path; made by `access/`. */
export interface Transport {
  /** Origin and path prefix of the API server. */
  base: URL;
  agent(): Promise<Agent>;
  /** Authorization and impersonation headers of the moment. */
  headers(): Promise<Record<string, string | string[]>>;
  /** After a 401: gets new credentials, `false` where there are none to get. */
  renew(): Promise<boolean>;
  /** Limit for one request, in milliseconds; 0 for none. */
  timeout: number;
  signal: AbortSignal;
  warn(message: string): void;
}

export interface HttpRequest {
  method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
}

export interface HttpResponse {
  status: number;
  headers: IncomingMessage['headers'];
  body: unknown;
}

const tries = 6;
const longestWait = 30_000;

function urlOf({ base }: Transport, { path, query }: HttpRequest): URL {
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/$/, '') + path;
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.set(key, value);
  return url;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (!response.complete) throw Object.assign(new Error('the answer ended early'), { code: 'ECONNRESET' });
  if (response.headers['content-encoding'] !== 'gzip') return bytes.toString('utf8');
  const { gunzipSync } = await import('node:zlib');
  return gunzipSync(bytes).toString('utf8');
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text; // A proxy in between answers in its own words.
  }
};

async function once(transport: Transport, request: HttpRequest, url: URL): Promise<HttpResponse> {
  const { request: send } = url.protocol === 'http:' ? await import('node:http') : await import('node:https');
  const payload = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const limit = transport.timeout > 0 ? AbortSignal.timeout(transport.timeout) : undefined;
  const options: RequestOptions = {
    method: request.method,
    agent: await transport.agent(),
    signal: limit ? AbortSignal.any([transport.signal, limit]) : transport.signal,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': 'clusterprofile',
      ...(payload && { 'content-type': request.contentType ?? 'application/json', 'content-length': payload.length }),
      ...(await transport.headers()),
    },
  };
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(limit?.aborted ? Object.assign(error, { code: 'ETIMEDOUT' }) : error);
    const outgoing = send(url, options, (response) => {
      textOf(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed(text) }),
        failed,
      );
    });
    outgoing.on('error', failed).end(payload);
  });
}

/** Milliseconds a Retry-After header asks for (seconds or an HTTP date), within the cap. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longestWait);
}

const backoff = (attempt: number): number => Math.min(100 * 2 ** attempt, 5000) * (0.5 + Math.random() / 2);

/** A reset or cut connection; all our requests may be sent again. */
const isTransient = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'Z_BUF_ERROR'].includes(codeOf(error) ?? '') ||
  messageOf(error) === 'socket hang up';

function waitFor(outcome: HttpResponse | { error: unknown }, attempt: number): number | undefined {
  if (attempt >= tries) return undefined;
  if ('error' in outcome) return isTransient(outcome.error) ? backoff(attempt) : undefined;
  const asked = retryAfter(outcome.headers['retry-after'], Date.now());
  if (outcome.status === 429 || [502, 503, 504].includes(outcome.status)) return asked ?? backoff(attempt);
  return outcome.status >= 500 ? asked : undefined;
}

function showWarnings(transport: Transport, headers: IncomingMessage['headers']): void {
  const header = headers['warning'];
  for (const text of typeof header === 'string' ? [header] : []) {
    const [, message] = /^299 \S+ "((?:[^"\\]|\\.)*)"/.exec(text) ?? [];
    if (message) transport.warn(message.replace(/\\(.)/g, '$1'));
  }
}

/**
 * Sends a request that may be repeated: throttling (429), gateway errors and lost connections are tried again with
 * Retry-After or a growing pause, a 401 once with new credentials. Every status comes back as a response; a server that
 * cannot be reached is a UserError.
 */
export async function call(transport: Transport, request: HttpRequest): Promise<HttpResponse> {
  const url = urlOf(transport, request);
  let renewed = false;
  for (let attempt = 0; ; attempt++) {
    const outcome = await once(transport, request, url).catch((error: unknown) => ({ error }));
    if ('status' in outcome && outcome.status === 401 && !renewed && (await transport.renew())) {
      renewed = true;
      continue;
    }
    const wait = transport.signal.aborted ? undefined : waitFor(outcome, attempt);
    if (wait === undefined) {
      if ('error' in outcome) throw unreachable(url, outcome.error, transport);
      showWarnings(transport, outcome.headers);
      return outcome;
    }
    await sleep(wait, undefined, { signal: transport.signal }).catch(() => undefined);
  }
}

/** TLS failures by what helps against them. */
const tlsHints: [pattern: RegExp, hint: string][] = [
  [/ERR_TLS_CERT_ALTNAME_INVALID/, '--tls-server-name names what the certificate is for'],
  [/SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED/, '--certificate-authority names the CA that signed it'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'the certificate of the server has to be renewed'],
];

function unreachable(url: URL, error: unknown, { signal }: Transport): UserError {
  if (error instanceof UserError) return error;
  const code = codeOf(error) ?? '';
  if (signal.aborted) return new UserError(`${url.host} did not answer in time`, { code: exit.timeout, cause: error });
  if (code === 'ETIMEDOUT')
    return new UserError(`${url.host} did not answer in time`, {
      code: exit.timeout,
      hint: 'give it more time with --request-timeout',
      cause: error,
    });
  const hint = tlsHints.find(([pattern]) => pattern.test(code))?.[1];
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'connection refused',
    ENOTFOUND: 'no such host',
    EHOSTUNREACH: 'no route to host',
  };
  return new UserError(`cannot reach ${url.host}: ${reasons[code] ?? messageOf(error)}`, {
    code: exit.unreachable,
    hint,
    cause: error,
  });
}
