import type { KubernetesObject } from '../object.ts';
import { exit, UserError, type ExitCode, isUserError } from '../errors.ts';
import { assertObject, describeForeignServer, isOwnNotFound, listIn, readStatus, type Status } from './answers.ts';
import { cleanForeignText } from '../redact/door.ts';
import { call, type HttpRequest, type HttpResponse, type Transport } from './http.ts';
import { quoteForShell } from '../util/shell.ts';

interface ResourcePath {
  group: string;
  version: string;
  plural: string;
  namespace?: string | undefined;
}

/** A list of objects of a kind. */
interface ListPath extends ResourcePath {
  kind: string;
}

export interface ListQuery {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  limit?: number;
  /** Names, labels and annotations only: what else is in an object is not sent. */
  metadataOnly?: boolean;
}

/** An answer of the API server that is not a success, with what it says. */
export class ApiError extends UserError {
  readonly status: number;
  readonly body: Status;

  constructor(message: string, status: number, body: Status, code: ExitCode, hint?: string) {
    super(message, { code, hint });
    this.status = status;
    this.body = body;
  }
}

/** Tells an ApiError from any other error. */
export const isApiError = (error: unknown): error is ApiError =>
  isUserError(error) && 'status' in error && 'body' in error;

const listPageSize = 500;

export function formatPath({ group, version, plural, namespace }: ResourcePath, ...rest: string[]): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespace ? ['namespaces', namespace] : [];
  return [root, ...[...scope, plural, ...rest].map(encodeURIComponent)].join('/');
}

const codes: Record<number, ExitCode> = {
  401: exit.auth,
  403: exit.auth,
  404: exit.notFound,
  408: exit.timeout,
  409: exit.refused,
  422: exit.input,
  400: exit.input,
  // Throttled until no try was left: the server's answer did not come in time.
  429: exit.timeout,
};

const formatApiVersion = ({ group, version }: ResourcePath): string => (group === '' ? version : `${group}/${version}`);

/** Statuses that mean the same from whoever is in between. */
const anyServer = new Set([429, 502, 503, 504]);

/** As long as what a server says of an object with many faults. */
const longestStatusMessage = 4000;

const cleanMessage = <T extends { message?: string | undefined }>(of: T): T =>
  of.message === undefined ? of : { ...of, message: cleanForeignText(of.message, longestStatusMessage) };

/** A Status whose texts can be shown: an admission webhook or a proxy may quote whatever it was sent. */
function cleanStatus(status: Status | undefined): Status | undefined {
  if (!status) return undefined;
  const { details } = status;
  return { ...cleanMessage(status), details: { ...details, causes: details?.causes?.map(cleanMessage) ?? [] } };
}

/**
 * The answer as an error: what the server says, the exit code it stands for, a hint where there is one. What no API server
 * says of itself (an HTML page with 404) does not count as its word.
 */
function describeApiError(response: HttpResponse, host: string, what: string): UserError {
  const { status } = response;
  const own = cleanStatus(readStatus(response));
  if (!own && !anyServer.has(status) && !(status === 404 && isOwnNotFound(response)))
    return describeForeignServer(response, host, what);
  const message = own?.message ?? `the server answered ${status}`;
  const code = codes[status] ?? exit.unreachable;
  return new ApiError(`${what}: ${message}`, status, own ?? {}, code, hintApiError(status, message));
}

function hintApiError(status: number, message: string): string | undefined {
  if (status === 401) return 'kubectl auth whoami shows who you are to the hub; log in again or name another --context';
  const [, verb, resource, rest] = /cannot (\S+) resource "([^"]+)"(.*)$/.exec(message) ?? [];
  if (status === 403 && verb) {
    const [, group] = /in API group "([^"]*)"/.exec(rest ?? '') ?? [];
    const [, namespace] = /in the namespace "([^"]+)"/.exec(rest ?? '') ?? [];
    const right = `${quoteForShell(verb)} ${quoteForShell(`${resource}${group ? `.${group}` : ''}`)}`;
    const place = namespace ? `-n ${quoteForShell(namespace)}` : '-A';
    return `kubectl auth can-i ${right} ${place} shows it; ask for that right`;
  }
  return undefined;
}

/** One API server. Fixed paths, so no discovery is needed. */
export interface Client {
  /** Its origin, for messages. */
  readonly host: string;
  /** Sends one request; anything but a success is an ApiError that begins with `what`. */
  send(what: string, request: HttpRequest): Promise<HttpResponse>;
  /**
   * Pages of a list. When a continue token has expired (410) the list goes on from the token in the error, or starts
   * again where there is none; `onInconsistent` hears of both, since the pages are then not of one moment.
   */
  pages<T extends KubernetesObject>(
    resource: ListPath,
    query: ListQuery,
    onInconsistent: () => void,
  ): AsyncIterable<T[]>;
}

const readUid = ({ metadata }: KubernetesObject): string => metadata.uid ?? `${metadata.namespace}/${metadata.name}`;

function readPage(response: HttpResponse, resource: ListPath, { host }: URL): ReturnType<typeof listIn> {
  const what = `cannot list ${resource.plural}`;
  if (response.status !== 200) throw describeApiError(response, host, what);
  return listIn(response, { apiVersion: formatApiVersion(resource), kind: resource.kind }, host, what);
}

const restartsAllowed = 3;

async function* listRawPages<T extends KubernetesObject>(
  transport: Transport,
  resource: ListPath,
  query: ListQuery,
  onInconsistent: () => void,
): AsyncIterable<T[]> {
  const { labelSelector, fieldSelector, limit = listPageSize, metadataOnly } = query;
  const selectors = { labelSelector: labelSelector || undefined, fieldSelector: fieldSelector || undefined };
  const request = (token?: string): Promise<HttpResponse> => {
    const response = call(transport, {
      method: 'GET',
      path: formatPath(resource),
      accept: metadataOnly ? 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' : undefined,
      query: { limit: String(limit), ...selectors, continue: token },
    });
    // Nobody may be waiting for it any more; whoever is hears of its failure.
    response.catch(() => {});
    return response;
  };
  const seen = new Set<string>();
  const tokens = new Set<string>();
  let restarts = 0;
  let token: string | undefined;
  let coming: Promise<HttpResponse> | undefined = request();
  while (coming) {
    const response: HttpResponse = await coming;
    if (response.status === 410 && token && restarts++ < restartsAllowed) {
      onInconsistent();
      token = readStatus(response)?.metadata?.continue || undefined;
      coming = request(token);
      continue;
    }
    const { items, continueToken } = readPage(response, resource, transport.base);
    token = continueToken;
    if (token !== undefined && tokens.has(token))
      throw new UserError(`cannot list ${resource.plural}: ${transport.base.host} answers the same page again`, {
        code: exit.unreachable,
      });
    if (token !== undefined) tokens.add(token);
    coming = token === undefined ? undefined : request(token);
    // The hub makes the next page while this one is handled, once the request for it is out.
    if (coming) await new Promise((resolve) => setImmediate(resolve));
    // After a restart the same object may come again.
    const news = (items as T[]).filter((item) => !seen.has(readUid(item)));
    for (const item of news) seen.add(readUid(item));
    yield news;
  }
}

export const createClient = (transport: Transport): Client => ({
  host: transport.base.origin,
  async send(what, request) {
    const response = await call(transport, request);
    const { host } = transport.base;
    if (response.status < 200 || response.status >= 300) throw describeApiError(response, host, what);
    assertObject(response, request.body, host, what);
    return response;
  },
  pages: (resource, query, onInconsistent) => listRawPages(transport, resource, query, onInconsistent),
});
