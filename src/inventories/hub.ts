import { connect, type ConnectContext, type ConnectOptions } from '../access/connect.ts';
import { group, nameOf, plural, type ClusterProfile, type KubernetesObject } from '../clusterprofile.ts';
import { apiStatus, exit, UserError } from '../errors.ts';
import type { ApplyOptions, Change, Conflict, Inventory, Query, Result } from '../inventory.ts';
import { ApiError, pathOf, type Client, type ResourcePath } from '../kubernetes/client.ts';
import type { HttpRequest } from '../kubernetes/http.ts';
import { hubView, ownedFields, strangerOf } from '../ownership.ts';
import type { ResourceKind } from '../system.ts';

const version = 'v1alpha1';
const applyPatch = 'application/apply-patch+yaml';

const profiles = (namespace: string | undefined): ResourcePath => ({ group, version, plural, namespace });

export interface HubContext extends ConnectContext {
  /** Owner of the fields this run writes: `clusterprofile/<source>`. */
  fieldManager: string;
}

/** A hub without the CRD answers 404 to the list itself. */
function missingCrd(error: unknown): unknown {
  if (apiStatus(error) !== 404) return error;
  return new UserError('the hub does not have the ClusterProfile CRD', {
    code: exit.unreachable,
    hint: 'clusterprofile crd install',
    cause: error,
  });
}

/** List items come without kind and apiVersion from some servers. */
const typed = (item: ClusterProfile): ClusterProfile =>
  item.kind ? item : { ...item, apiVersion: `${group}/${version}`, kind: 'ClusterProfile' };

async function* list(client: Client, query: Query, onInconsistent: () => void): AsyncIterable<ClusterProfile[]> {
  const { namespace, name, labelSelector } = query;
  const fieldSelector = [query.fieldSelector, name && `metadata.name=${name}`].filter(Boolean).join(',');
  try {
    for await (const page of client.pages<ClusterProfile>(
      profiles(namespace),
      { labelSelector, fieldSelector },
      onInconsistent,
    ))
      yield page.map(typed);
  } catch (error) {
    throw missingCrd(error);
  }
}

/** The causes of a 409 from server-side apply, for when somebody wrote between our list and our patch. */
function conflictError(error: ApiError, profile: ClusterProfile): UserError {
  const causes = error.body.details?.causes ?? [];
  const conflicts = causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field = '', message = '' }): Conflict => {
      const [, owner = message] = /^conflict with "([^"]+)"/.exec(message) ?? [];
      return { field, owner, theirs: undefined, ours: undefined };
    });
  const fields = conflicts.map(({ field, owner }) => `${field} (${owner})`).join(', ');
  return new UserError(`${nameOf(profile)}: other field managers own ${fields || 'fields of it'}`, {
    code: exit.refused,
    hint: '--force-conflicts takes the fields over',
    cause: error,
  });
}

function refusal(error: unknown, profile: ClusterProfile): unknown {
  if (!(error instanceof ApiError)) return error;
  if (error.status === 409) return conflictError(error, profile);
  if (/ is immutable/.test(error.message)) return new UserError(error.message, { code: exit.refused, cause: error });
  if (error.status === 404 && /^.*namespaces "/.test(error.message))
    return new UserError(error.message, {
      code: exit.notFound,
      hint: `kubectl create namespace ${profile.metadata.namespace}, or --create-namespace`,
      cause: error,
    });
  return error;
}

/** The two writes of one profile: the object without its status, then the status. */
async function write(
  client: Client,
  profile: ClusterProfile,
  context: HubContext,
  options: ApplyOptions,
  live?: ClusterProfile,
): Promise<Result> {
  const { status, ...object } = profile;
  const { namespace, name } = profile.metadata;
  const query = {
    fieldManager: context.fieldManager,
    fieldValidation: 'Strict',
    force: String(options.forceConflicts ?? false),
    dryRun: options.dryRun === 'server' ? 'All' : undefined,
  };
  const patch = (path: string, body: unknown): HttpRequest => ({
    method: 'PATCH',
    path,
    query,
    body,
    contentType: applyPatch,
  });
  const path = pathOf(profiles(namespace), name);
  const first = await client.send(`cannot apply ${nameOf(profile)}`, patch(path, object));
  let last = first;
  // A dry run keeps nothing, so there is no object yet whose status could be checked.
  if (status && !(options.dryRun && !live)) {
    const body = { apiVersion: profile.apiVersion, kind: profile.kind, metadata: { name, namespace }, status };
    last = await client.send(`${nameOf(profile)} is applied, its status is not`, patch(`${path}/status`, body));
  }
  if (first.status === 201 || !live) return 'created';
  return live.metadata.resourceVersion === versionOf(last.body) && !options.dryRun ? 'unchanged' : 'configured';
}

const versionOf = (body: unknown): string | undefined => (body as KubernetesObject).metadata?.resourceVersion;

async function remove(client: Client, profile: ClusterProfile, { dryRun }: ApplyOptions): Promise<Result> {
  const { namespace, name, uid, resourceVersion } = profile.metadata;
  await client.send(`cannot delete ${nameOf(profile)}`, {
    method: 'DELETE',
    path: pathOf(profiles(namespace), name),
    query: { dryRun: dryRun === 'server' ? 'All' : undefined },
    // Only this very object as it was listed: not one that somebody made or changed since.
    body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } },
  });
  return 'deleted';
}

/** Objects of another kind, in the best version that the hub serves. */
async function* objects(
  client: Client,
  { group, versions, plural, kind, fieldSelector }: ResourceKind,
  namespace: string | undefined,
  onInconsistent: () => void,
): AsyncIterable<KubernetesObject[]> {
  let missing: unknown;
  for (const version of versions)
    try {
      for await (const page of client.pages({ group, version, plural, namespace }, { fieldSelector }, onInconsistent))
        yield page.map((item) => (item.kind ? item : { ...item, apiVersion: `${group}/${version}`, kind }));
      return;
    } catch (error) {
      if (apiStatus(error) !== 404) throw error;
      missing = error;
    }
  throw new UserError(`the hub does not have the ${kind} CRD (${plural}.${group})`, {
    code: exit.unreachable,
    cause: missing,
  });
}

/** Annotations by which an object asks not to be deleted (cli-utils), and controllers that own it. */
const isProtected = ({ metadata }: ClusterProfile): boolean =>
  metadata.annotations?.['client.lifecycle.config.k8s.io/deletion'] === 'detach' ||
  metadata.annotations?.['cli-utils.sigs.k8s.io/on-remove'] === 'keep' ||
  (metadata.ownerReferences?.some(({ controller }) => controller) ?? false);

/** ClusterProfiles on a hub cluster. */
export function hub(options: ConnectOptions, context: HubContext): Inventory {
  const { client, namespace } = connect(options, context);
  let whole = true;
  const inconsistent = (): void => {
    whole = false;
  };
  return {
    title: `hub ${client.host}`,
    namespace,
    isWhole: () => whole,
    list: (query) => list(client, query, inconsistent),
    objects: (kind, namespace) => objects(client, kind, namespace, inconsistent),
    view: (live, desired) => hubView(live, desired, context.fieldManager),
    stranger: strangerOf,
    made: (live) => ownedFields(live, context.fieldManager) !== undefined && !isProtected(live),
    async ensureNamespace(name) {
      const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      await client
        .send(`cannot create namespace ${name}`, { method: 'POST', path: '/api/v1/namespaces', body })
        .catch((error: unknown) => {
          if (apiStatus(error) !== 409) throw error;
        });
    },
    async apply(change: Change, applyOptions: ApplyOptions) {
      if (change.action === 'unchanged' || change.action === 'refused') return 'unchanged';
      if (applyOptions.dryRun === 'client')
        return ({ create: 'created', update: 'configured', delete: 'deleted' } as const)[change.action];
      if (change.action === 'delete') return remove(client, change.before, applyOptions);
      const live = change.action === 'update' ? change.live : undefined;
      return write(client, change.after, context, applyOptions, live).catch((error: unknown) => {
        throw refusal(error, change.after);
      });
    },
  };
}
