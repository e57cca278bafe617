import type { Agent, IncomingMessage, RequestOptions } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTimer } from '../io/clock.ts';
import { computeRetryWait } from '../util/retry-after.ts';
import { codeOf, exit, messageOf, UserError, isUserError } from '../errors.ts';
import type { Throttle } from './client/throttle.ts';

/** What a request needs besides its path; made by `access/`. */
export interface Transport {
  /** Origin and path prefix of the API server. */
  base: URL;
  agent(): Promise<Agent>;
  /** How many requests are in flight at once. */
  throttle: Throttle;
  /** Whether answers may come packed: less to carry, more to do at both ends. */
  compresses: boolean;
  /** Authorization and impersonation headers of the moment. */
  headers(): Promise<Record<string, string | string[]>>;
  /** After a 401: gets new credentials, `false` where there are none to get. */
  renew(): Promise<boolean>;
  /** Limit for one request, in milliseconds; 0 for none. */
  timeout: number;
  /** Ends everything: the command's own time is over. */
  signal: AbortSignal;
  /** SIGINT or SIGTERM: nothing new begins, writes in flight may finish. */
  interrupt: AbortSignal;
  /** Takes what the server itself warns of. */
  warn(message: string): void;
}

export interface HttpRequest {
  method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
  /** What the answer may be; JSON of the whole object when absent. */
  accept?: string | undefined;
  /** Bytes that the answer may have; a page of a list when absent. */
  longestAnswer?: number;
  /** A success is read by who asks, as it comes: its body is the `IncomingMessage`, and has no limit of time. */
  isStream?: boolean;
}

export interface HttpResponse {
  status: number;
  headers: IncomingMessage['headers'];
  body: unknown;
}

const tries = 6;
const longestRetryWait = 30_000;

/** Path and query as text: to make a URL of each costs as much as the rest of our own part of a request. */
function formatRequestPath({ base }: Transport, { path, query = {} }: HttpRequest): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(query))
    if (value !== undefined) pairs.push(`${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  return base.pathname.replace(/\/$/, '') + path + (pairs.length > 0 ? `?${pairs.join('&')}` : '');
}

/** Bytes of a page, unpacked: a list of 500 large objects has a tenth of them. */
const longestPage = 64 * 1024 * 1024;

const describeTooLong = (host: string, most: number): UserError =>
  new UserError(`${host} answers with more than ${most / 1024 / 1024} MiB (limit of one page)`, {
    code: exit.unreachable,
  });

/** The whole body. By events: an async iterator costs as much as the rest of a small request. */
const readBytes = (response: IncomingMessage, host: string, most: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) response.destroy(describeTooLong(host, most));
    });
    response.on('error', reject);
    response.on('end', () => {
      if (response.complete) resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      else reject(Object.assign(new Error('the answer ended early'), { code: 'ECONNRESET' }));
    });
  });

async function readBody(response: IncomingMessage, host: string, most = longestPage): Promise<string> {
  const bytes = await readBytes(response, host, most);
  if (response.headers['content-encoding'] !== 'gzip') return bytes.toString('utf8');
  const { gunzipSync } = process.getBuiltinModule('node:zlib');
  try {
    return gunzipSync(bytes, { maxOutputLength: most }).toString('utf8');
  } catch (error) {
    throw codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? describeTooLong(host, most) : error;
  }
}

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text; // A proxy in between answers in its own words.
  }
};

type Send = typeof import('node:https').request;

let senders: { secure: Send; plain: Send } | undefined;

/** `node:https` is loaded with the first request; nothing before it needs it. */
function loadSender(url: URL): Send {
  senders ??= {
    secure: process.getBuiltinModule('node:https').request,
    plain: process.getBuiltinModule('node:http').request,
  };
  return url.protocol === 'http:' ? senders.plain : senders.secure;
}

/** Writes may finish for a while after an interruption; reads end at once. */
const grace = 5000;

/**
 * Calls `end` when the time of a request is over, or the command's; returns what undoes that. One timer, no signals: it is
 * on the path of every request.
 */
function limitRequest(
  end: (error: Error) => void,
  { timeout, signal, interrupt }: Transport,
  isRead: boolean,
): () => void {
  const endWith = (code: string) => (): void => end(Object.assign(new Error('no answer in time'), { code }));
  let graceTimer: NodeJS.Timeout | undefined;
  const timer = timeout > 0 ? startTimer(endWith('ETIMEDOUT'), timeout) : undefined;
  const over = endWith('ABORT_ERR');
  const interrupted = (): void => {
    if (isRead) over();
    else graceTimer = setTimeout(over, grace);
  };
  signal.addEventListener('abort', over);
  interrupt.addEventListener('abort', interrupted);
  return () => {
    clearTimeout(timer);
    clearTimeout(graceTimer);
    signal.removeEventListener('abort', over);
    interrupt.removeEventListener('abort', interrupted);
  };
}

async function sendOnce(transport: Transport, request: HttpRequest, path: string): Promise<HttpResponse> {
  const { base } = transport;
  const payload = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const options: RequestOptions = {
    method: request.method,
    protocol: base.protocol,
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port,
    path,
    agent: await transport.agent(),
    headers: {
      accept: request.accept ?? 'application/json',
      'accept-encoding': transport.compresses && !request.isStream ? 'gzip' : 'identity',
      'user-agent': 'clusterprofile',
      ...(payload && { 'content-type': request.contentType ?? 'application/json', 'content-length': payload.length }),
      ...(await transport.headers()),
    },
  };
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      release();
      // A request whose connection is not there yet does not hear of its end: a proxy may never make one.
      outgoing.destroy(error);
      reject(error);
    };
    const outgoing = loadSender(base)(options, (response) => {
      if (request.isStream && response.statusCode === 200) {
        release();
        resolve({ status: 200, headers: response.headers, body: response });
        return;
      }
      readBody(response, base.host, request.longestAnswer).then((text) => {
        release();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parseBody(text) });
      }, fail);
    });
    const release = limitRequest(fail, transport, request.method === 'GET');
    outgoing.on('error', fail);
    outgoing.end(payload);
  });
}

type Outcome = HttpResponse | { error: unknown };

/** One try, when there is room for it; none where the command's time is over by then. */
async function sendInTurn(transport: Transport, request: HttpRequest, path: string): Promise<Outcome> {
  const { throttle, signal } = transport;
  const leave = await throttle.enter();
  const outcome: Outcome = signal.aborted
    ? { error: new Error('no time is left') }
    : await sendOnce(transport, request, path).catch((error: unknown) => ({ error }));
  leave('status' in outcome && outcome.status === 429);
  return outcome;
}

const computeBackoff = (attempt: number): number => Math.min(100 * 2 ** attempt, 5000) * (0.5 + Math.random() / 2);

/** A reset or cut connection; all our requests may be sent again. */
const isTransient = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'Z_BUF_ERROR'].includes(codeOf(error) ?? '') ||
  messageOf(error) === 'socket hang up';

function waitBeforeRetry(outcome: Outcome, attempt: number): number | undefined {
  if (attempt >= tries) return undefined;
  if ('error' in outcome) return isTransient(outcome.error) ? computeBackoff(attempt) : undefined;
  const header = outcome.headers['retry-after'];
  const isPassing = [429, 502, 503, 504].includes(outcome.status) || (outcome.status >= 500 && header !== undefined);
  return isPassing ? Math.min(longestRetryWait, computeRetryWait(header, computeBackoff(attempt))) : undefined;
}

function showWarnings(transport: Transport, headers: IncomingMessage['headers']): void {
  // Several headers come as one, with commas between them.
  const header = headers['warning'] ?? '';
  for (const [, message = ''] of header.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g))
    transport.warn(message.replace(/\\(.)/g, '$1'));
}

/**
 * Sends a request that may be repeated: throttling (429), gateway errors and lost connections are tried again with
 * Retry-After or a growing pause, a 401 once with new credentials. Every status comes back as a response; a server that
 * cannot be reached is a UserError.
 */
export async function call(transport: Transport, request: HttpRequest): Promise<HttpResponse> {
  const path = formatRequestPath(transport, request);
  let renewed = false;
  for (let attempt = 0; ; attempt++) {
    const outcome = await sendInTurn(transport, request, path);
    if ('status' in outcome && outcome.status === 401 && !renewed && (await transport.renew())) {
      renewed = true;
      continue;
    }
    const wait = waitBeforeRetry(outcome, attempt);
    const error = 'error' in outcome ? outcome.error : undefined;
    if (wait === undefined) {
      if ('error' in outcome) throw describeUnreachable(transport.base, error, transport);
      showWarnings(transport, outcome.headers);
      return outcome;
    }
    const ended = AbortSignal.any([transport.signal, transport.interrupt]);
    await sleep(wait, undefined, { signal: ended }).catch(() => {
      throw describeUnreachable(transport.base, error, transport);
    });
  }
}

/** TLS failures by what helps against them. */
const tlsHints: [pattern: RegExp, hint: string][] = [
  [
    /ERR_TLS_CERT_WITHOUT_SAN/,
    'the server needs a certificate with a SAN: Go clients, kubectl among them, refuse this one',
  ],
  [/ERR_TLS_CERT_ALTNAME_INVALID/, '--tls-server-name names what the certificate is for'],
  [/SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED/, '--certificate-authority names the CA that signed it'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'the certificate of the server has to be renewed'],
];

export function describeUnreachable(url: URL, error: unknown, { signal, interrupt }: Transport): UserError {
  if (isUserError(error)) return error;
  const code = codeOf(error) ?? '';
  if (interrupt.aborted) return new UserError('interrupted', { code: exit.interrupted, cause: error });
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
