import { isObject, type KubernetesObject } from '../object.ts';
import { exit, UserError } from '../errors.ts';
import type { HttpResponse } from './http.ts';

/** The parts of a metav1.Status that matter here. */
export interface Status {
  message?: string | undefined;
  reason?: string | undefined;
  details?: {
    causes?: { reason?: string | undefined; message?: string | undefined; field?: string | undefined }[];
    kind?: string | undefined;
    name?: string | undefined;
  };
  metadata?: { continue?: string | undefined };
}

/** A page of a list, checked. */
interface ListPage {
  items: KubernetesObject[];
  continueToken: string | undefined;
  resourceVersion: string | undefined;
}

/** Only an API server says kind and apiVersion: a login page, a proxy or another service does not. */
const isTyped = (body: unknown): body is Record<string, unknown> & { kind: string; apiVersion: string } =>
  isObject(body) && typeof body['kind'] === 'string' && typeof body['apiVersion'] === 'string';

const readText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

type Cause = NonNullable<NonNullable<Status['details']>['causes']>[number];

const readCauses = (causes: unknown): Cause[] =>
  (Array.isArray(causes) ? causes : []).filter(isObject).map(({ reason, message, field }) => ({
    reason: readText(reason),
    message: readText(message),
    field: readText(field),
  }));

/** The Status of an answer, of which only what has its type is read; `undefined` where it has none. */
export function readStatus({ body }: HttpResponse): Status | undefined {
  if (!isTyped(body) || body.kind !== 'Status') return undefined;
  const [details, metadata] = [body['details'], body['metadata']].map((part) => (isObject(part) ? part : {}));
  return {
    message: readText(body['message']),
    reason: readText(body['reason']),
    details: {
      causes: readCauses(details?.['causes']),
      kind: readText(details?.['kind']),
      name: readText(details?.['name']),
    },
    metadata: { continue: readText(metadata?.['continue']) },
  };
}

/**
 * Whether a 404 is an API server's own word that there is no such thing. For a group that it does not serve, that is no
 * Status but the plain text of Go's router, together with the audit id that every answer of an API server carries.
 */
export const isOwnNotFound = (response: HttpResponse): boolean =>
  readStatus(response) !== undefined ||
  (response.body === '404 page not found\n' && response.headers['audit-id'] !== undefined);

/** The error for an answer that no API server gives. */
export function describeForeignServer(response: HttpResponse, host: string, what: string): UserError {
  const type = response.headers['content-type']?.split(';')[0] || 'no content type';
  const status = response.status === 200 ? '' : ` ${response.status}`;
  return new UserError(`${what}: ${host} answered${status} with ${type}, not with the Kubernetes API`, {
    code: response.status === 401 || response.status === 403 ? exit.auth : exit.unreachable,
    hint: 'is this the address of the API server, and is nothing in between that wants a login?',
  });
}

/** What a list was asked for. */
interface Listed {
  apiVersion: string;
  kind: string;
}

const isNamed = (item: unknown): item is KubernetesObject =>
  isObject(item) && isObject(item['metadata']) && typeof item['metadata']['name'] === 'string';

/** The items of a list may do without kind and version; those that have some have those of the list. */
const isOfKind = ({ apiVersion, kind }: KubernetesObject, listed: Listed): boolean =>
  (apiVersion ?? listed.apiVersion) === listed.apiVersion && (kind ?? listed.kind) === listed.kind;

/** Whether an object that a watch tells of is one of what was asked for. */
export const isWatched = (item: unknown, listed: Listed): item is KubernetesObject =>
  isNamed(item) && isOfKind(item, listed);

function isListOf(body: unknown, { apiVersion, kind }: Listed): body is Record<string, unknown> {
  if (!isTyped(body) || !isObject(body['metadata'] ?? {})) return false;
  if (body.kind === 'PartialObjectMetadataList') return body.apiVersion.startsWith('meta.k8s.io/');
  return body.apiVersion === apiVersion && [`${kind}List`, 'List'].includes(body.kind);
}

/** The page in an answer to a list of that kind. Throws a UserError for everything else, so that it is never an empty list. */
export function listIn(response: HttpResponse, listed: Listed, host: string, what: string): ListPage {
  const { body } = response;
  if (!isListOf(body, listed)) throw describeForeignServer(response, host, what);
  // Go writes an empty list without elements as null.
  const items: unknown = body['items'] ?? [];
  if (!Array.isArray(items) || body['items'] === undefined) throw describeForeignServer(response, host, what);
  const isPartial = body['kind'] === 'PartialObjectMetadataList';
  const wrong = items.findIndex((item) => !isNamed(item) || !(isPartial || isOfKind(item, listed)));
  if (wrong >= 0)
    throw new UserError(
      `${what}: item ${wrong + 1} of what ${host} answered is no ${isNamed(items[wrong]) ? listed.kind : 'object with a name'}`,
      { code: exit.unreachable },
    );
  const { continue: token, resourceVersion } = (body['metadata'] ?? {}) as Record<string, unknown>;
  return {
    items: items as KubernetesObject[],
    continueToken: readText(token) || undefined,
    resourceVersion: readText(resourceVersion) || undefined,
  };
}

/** Refuses a success that is no object; where one of a kind was sent, it is answered with its like. */
export function assertObject(response: HttpResponse, sent: unknown, host: string, what: string): void {
  const { body } = response;
  const expected = isTyped(sent) && sent.kind !== 'DeleteOptions' ? sent.kind : undefined;
  if (!isTyped(body) || (expected !== undefined && body.kind !== expected))
    throw describeForeignServer(response, host, what);
}

/** Refuses what is no answer to a deletion: that is a Status, or the object that waits for a finalizer. */
export function assertDeletion(response: HttpResponse, kind: string, host: string, what: string): void {
  const { body } = response;
  if (!isTyped(body) || (body.kind !== 'Status' && body.kind !== kind))
    throw describeForeignServer(response, host, what);
}
