import type { IncomingHttpHeaders } from 'node:http';

/** A request as the proxy saw it, and what became of it. */
export interface ProxiedRequest {
  /** From 0, in order of arrival. */
  index: number;
  /** From 1: requests with the same number shared a TCP connection. */
  connection: number;
  method: string;
  /** With the query. */
  path: string;
  query: URLSearchParams;
  /** Without credentials: authorization reads `Bearer …`. */
  headers: IncomingHttpHeaders;
  body: string;
  /** Milliseconds since the proxy started. */
  at: number;
  /** The status sent to the client; undefined while there is none, and after a reset before it. */
  status: number | undefined;
  /** Whether the hub got the request. */
  forwarded: boolean;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Text as it is, anything else as JSON. */
  body?: unknown;
}

/** What to do to one request. Fields combine: a delay before a reply, a slow body that is cut. */
export interface Fault {
  /** Before the request is forwarded or answered. */
  delayMs?: number;
  /** Answered by the proxy; the hub never sees the request. */
  reply?: Reply;
  /**
   * A TCP reset: `request` before the hub sees the request, `response` after the hub did the work and before the client
   * hears of it, `body` in the middle of the response's body.
   */
  reset?: 'request' | 'response' | 'body';
  /** The connection ends after that many bytes of the response's body, short of what its header promised. */
  cutBodyAt?: number;
  /** The response's body in pieces of `bytes`, `everyMs` apart. */
  slowBody?: { bytes: number; everyMs: number };
  /** The most items of a page that the hub is asked for, whatever the client wants. */
  pageSize?: number;
  /** After how many seconds the hub ends a watch, whatever the client asks for. */
  watchSeconds?: number;
}

/** The first rule that returns a fault decides. */
export type Rule = (request: Readonly<ProxiedRequest>) => Fault | undefined;

/** A rule that holds for the next `count` requests that match, and for those only. */
export function times(count: number, fault: Fault, matches: (request: ProxiedRequest) => boolean = () => true): Rule {
  let left = count;
  return (request) => (left > 0 && matches(request) && left-- > 0 ? fault : undefined);
}

function failure(
  code: number,
  reason: string,
  message: string,
  headers: Record<string, string> = {},
  metadata = {},
): Fault {
  const body = { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message, reason, code };
  return { reply: { status: code, headers, body } };
}

/** In seconds, or as a date, which HTTP allows as well; undefined leaves the header out. */
const retryHeader = (retryAfter: number | Date | undefined): Record<string, string> =>
  retryAfter === undefined
    ? {}
    : { 'retry-after': retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter) };

/** As priority and fairness says it. */
export const tooManyRequests = (retryAfter?: number | Date): Fault =>
  failure(429, 'TooManyRequests', 'The server is currently unable to handle the request', {
    ...retryHeader(retryAfter),
    'x-kubernetes-pf-flowschema-uid': '00000000-0000-0000-0000-000000000001',
    'x-kubernetes-pf-prioritylevel-uid': '00000000-0000-0000-0000-000000000002',
  });

export const unavailable = (retryAfter?: number | Date): Fault =>
  failure(503, 'ServiceUnavailable', 'The server is currently unable to handle the request', retryHeader(retryAfter));

/** 410 as a LIST gets it for a page whose snapshot was compacted; `token` is the offer to go on inconsistently. */
const expired = (token?: string): Fault =>
  failure(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    {},
    token === undefined ? {} : { continue: token },
  );

/** 410 on every page after the first one. */
export const expiredPages =
  (token?: string): Rule =>
  ({ query }) =>
    query.has('continue') ? expired(token) : undefined;
