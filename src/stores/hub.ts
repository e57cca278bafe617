import { withKind } from '../kubernetes/list.ts';
import type { ApplyOptions, Change, Result } from '../kubernetes/change.ts';
import type { Query } from '../profile/selectors.ts';
import type { KubernetesObject, ResourceKind } from '../object.ts';
import { connect, type ConnectOptions, type WriteContext } from '../kubernetes/connect.ts';
import { group, nameOf, plural, type ClusterProfile } from '../profile/clusterprofile.ts';
import { apiStatus, exit, UserError } from '../errors.ts';
import type { Inventory } from './store.ts';
import { pathOf, type Client, type ResourcePath } from '../kubernetes/client.ts';
import type { HttpRequest } from '../kubernetes/http.ts';
import { hubView, ownedFields, strangerOf } from '../kubernetes/managed-fields.ts';
import {
  applyRequest,
  clientResult,
  ensureNamespace,
  isProtected,
  remove,
  versionOf,
  writeFailure,
} from '../kubernetes/apply.ts';

const version = 'v1alpha1';

const profiles = (namespace: string | undefined): ResourcePath => ({ group, version, plural, namespace });

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

/** The two writes of one profile: the object without its status, then the status. */
async function write(
  client: Client,
  profile: ClusterProfile,
  context: WriteContext,
  options: ApplyOptions,
  live?: ClusterProfile,
): Promise<Result> {
  const { status, ...object } = profile;
  const { namespace, name } = profile.metadata;
  const patch = (to: string, body: unknown): HttpRequest => applyRequest(to, body, options, context.fieldManager);
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

/** Objects of another kind, in the best version that the hub serves. */
async function* objects(
  client: Client,
  resource: ResourceKind,
  namespace: string | undefined,
  onInconsistent: () => void,
): AsyncIterable<KubernetesObject[]> {
  const { group, versions, plural, kind, fieldSelector } = resource;
  let missing: unknown;
  for (const version of versions)
    try {
      for await (const page of client.pages({ group, version, plural, namespace }, { fieldSelector }, onInconsistent))
        yield page.map((item) => (item.kind ? item : withKind(item, resource, version)));
      return;
    } catch (error) {
      if (apiStatus(error) !== 404) throw error;
      missing = error;
    }
  throw new UserError(`the hub does not have the ${kind} CRD (${plural}.${group})`, {
    code: exit.unreachable,
    hint: `whoever writes ${plural} installs it; kubectl get crd ${plural}.${group} shows whether it is there`,
    cause: missing,
  });
}

/** ClusterProfiles on a hub cluster. */
export function hub(options: ConnectOptions, context: WriteContext): Inventory {
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
    ensureNamespace: (name) => ensureNamespace(client, name),
    async apply(change: Change, applyOptions: ApplyOptions) {
      if (change.action === 'unchanged' || change.action === 'refused') return 'unchanged';
      if (applyOptions.dryRun === 'client') return clientResult[change.action];
      if (change.action === 'delete') {
        const { namespace: place, name } = change.before.metadata;
        return remove(client, pathOf(profiles(place), name), change.before, applyOptions);
      }
      if (change.action === 'release') return 'unchanged';
      const live = change.action === 'update' ? change.live : undefined;
      return write(client, change.after, context, applyOptions, live).catch((error: unknown) => {
        throw writeFailure(error, change.after);
      });
    },
  };
}
