import type { ApplyOptions, Conflict, Result } from './change.ts';
import type { KubernetesObject } from '../object.ts';
import { titleOf } from '../profile/clusterprofile.ts';
import { apiStatus, exit, UserError } from '../errors.ts';
import { withoutCredentials } from '../redact/credential-fields.ts';
import { assertDeletion } from './answers.ts';
import { ApiError, isApiError } from './client/api-error.ts';
import type { Client } from './client.ts';
import type { HttpRequest } from './http.ts';

/** Writing any object by server-side apply: what a hub and a consumer's cluster have in common. */
export const buildApplyRequest = (
  path: string,
  body: unknown,
  { forceConflicts = false, dryRun }: ApplyOptions,
  fieldManager: string,
): HttpRequest => ({
  method: 'PATCH',
  path,
  query: {
    fieldManager,
    fieldValidation: 'Strict',
    force: String(forceConflicts),
    dryRun: dryRun === 'server' ? 'All' : undefined,
  },
  body,
  contentType: 'application/apply-patch+yaml',
});

/** The causes of a 409 from server-side apply, for when somebody wrote between our list and our patch. */
function describeConflict(error: ApiError, object: KubernetesObject): UserError {
  const causes = error.body.details?.causes ?? [];
  const conflicts = causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field = '', message = '' }): Conflict => {
      const [, owner = message] = /^conflict with "([^"]+)"/.exec(message) ?? [];
      return { field, owner, theirs: undefined, ours: undefined };
    });
  const fields = conflicts.map(({ field, owner }) => `${field} (${owner})`).join(', ');
  return new UserError(`${titleOf(object)}: other field managers own ${fields || 'fields of it'}`, {
    code: exit.refused,
    hint: '--force-conflicts takes the fields over',
    cause: error,
  });
}

/** A failed write as what it means to the user: a conflict, an immutable field, a namespace that is not there. */
export function explainWriteFailure(thrown: unknown, object: KubernetesObject): unknown {
  if (!isApiError(thrown)) return thrown;
  const { status, code, hint } = thrown;
  const message = withoutCredentials(thrown.message, object);
  const error = message === thrown.message ? thrown : new ApiError(message, status, thrown.body, code, hint);
  if (status === 409) return describeConflict(error, object);
  if (/ is immutable/.test(message)) return new UserError(message, { code: exit.refused, cause: error });
  return error;
}

/** The namespace that a failed write did not find; `undefined` for every other failure. */
export function findMissingNamespace(error: unknown): string | undefined {
  if (!isApiError(error) || error.status !== 404) return undefined;
  const { kind, name } = error.body.details ?? {};
  return kind === 'namespaces' ? name : undefined;
}

export const readResourceVersion = (body: unknown): string | undefined =>
  (body as KubernetesObject).metadata?.resourceVersion;

/** What is gone at once is answered with a Status, what waits for its finalizers with the object itself. */
const isWaiting = (body: unknown): boolean => {
  const { metadata } = body as Partial<KubernetesObject>;
  return metadata?.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length > 0;
};

/** Deletes only this very object as it was listed: not one that somebody made or changed since. */
export async function remove(
  client: Client,
  path: string,
  object: KubernetesObject,
  { dryRun }: ApplyOptions,
): Promise<Result> {
  const { uid, resourceVersion } = object.metadata;
  // In the options: where a body has some, the server does not look at those of the query.
  const options = { preconditions: { uid, resourceVersion }, ...(dryRun === 'server' && { dryRun: ['All'] }) };
  const what = `cannot delete ${titleOf(object)}`;
  try {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
    const response = await client.send(what, { method: 'DELETE', path, body });
    assertDeletion(response, object.kind, new URL(client.host).host, what);
    return isWaiting(response.body) ? 'terminating' : 'deleted';
  } catch (error) {
    // Somebody else has deleted it, or this was done by a request whose answer was lost.
    if (apiStatus(error) === 404) return 'deleted';
    throw error;
  }
}

/** Gives up what this tool's field manager owns of an object: what others apply too stays, and the object with it. */
export async function release(
  client: Client,
  path: string,
  { apiVersion, kind, metadata }: KubernetesObject,
  options: ApplyOptions,
  fieldManager: string,
): Promise<Result> {
  const { name, namespace, uid } = metadata;
  const body = { apiVersion, kind, metadata: { name, ...(namespace && { namespace }), ...(uid && { uid }) } };
  await client.send(`cannot release ${titleOf(body)}`, buildApplyRequest(path, body, options, fieldManager));
  return 'released';
}

/** What a write comes to, and what a dry run says without one. */
export const clientResult = {
  create: 'created',
  update: 'configured',
  delete: 'deleted',
  release: 'released',
} as const;

/** Annotations by which an object asks not to be deleted (cli-utils), and controllers that own it. */
export const isProtected = ({ metadata }: KubernetesObject): boolean =>
  metadata.annotations?.['client.lifecycle.config.k8s.io/deletion'] === 'detach' ||
  metadata.annotations?.['cli-utils.sigs.k8s.io/on-remove'] === 'keep' ||
  (metadata.ownerReferences?.some(({ controller }) => controller) ?? false);

/** Makes a namespace unless it is there. */
export async function ensureNamespace(client: Client, name: string): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await client
    .send(`cannot create namespace ${name}`, { method: 'POST', path: '/api/v1/namespaces', body })
    .catch((error: unknown) => {
      if (apiStatus(error) !== 409) throw error;
    });
}
