import { listPages } from '../kubernetes/list.ts';
import type { ApplyOptions, Change, Comparison, Result } from '../kubernetes/change.ts';
import type { KubernetesObject, ResourceKind } from '../object.ts';
import { connect, type WriteContext } from '../kubernetes/connect.ts';
import type { ConnectOptions } from '../kubernetes/flags.ts';
import { group, nameOf, plural, profileKind, type ClusterProfile } from '../profile/clusterprofile.ts';
import { convertProfile, knownVersions, movesProviders, versionOf } from '../profile/versions.ts';
import { describeTitle, findFlaw } from '../profile/shape/well-formed.ts';
import { createServedVersions, type ServedVersions } from './hub/served.ts';
import { compileSelector } from '../profile/label-selector.ts';
import type { Query } from '../profile/selectors.ts';
import { apiStatus, exit, UserError } from '../errors.ts';
import type { Inventory } from './store.ts';
import type { Client } from '../kubernetes/client.ts';
import { formatPath, type ListQuery } from '../kubernetes/client/pages.ts';
import type { HttpRequest } from '../kubernetes/http.ts';
import {
  listClientSideAppliers,
  takeOverClientSideApply,
  withoutClientSideApply,
} from '../kubernetes/client-side-apply.ts';
import { readOwnedFields } from '../kubernetes/field-set.ts';
import { compareApplied, findStranger, listConflicts } from '../kubernetes/managed-fields.ts';
import {
  buildApplyRequest,
  clientResult,
  ensureNamespace,
  isProtected,
  remove,
  readResourceVersion,
  explainWriteFailure,
} from '../kubernetes/apply.ts';

export interface HubContext extends WriteContext {
  /** What was written by client-side apply counts as written by this tool, as for kubectl apply --server-side. */
  takesOver?: boolean | undefined;
}

const resource: ResourceKind = { group, versions: knownVersions, kind: profileKind, plural };

const formatProfilePath = (profile: ClusterProfile): string =>
  formatPath(
    { group, version: versionOf(profile), plural, namespace: profile.metadata.namespace },
    profile.metadata.name,
  );

/** A hub without the CRD of a kind answers 404 to the list itself. */
function explainMissing(error: unknown, { group, plural, kind }: ResourceKind): unknown {
  if (apiStatus(error) !== 404) return error;
  if (kind === profileKind)
    return new UserError('the hub does not have the ClusterProfile CRD', {
      code: exit.unreachable,
      hint: 'clusterprofile crd install',
      cause: error,
    });
  return new UserError(`the hub does not have the ${kind} CRD (${plural}.${group})`, {
    code: exit.unreachable,
    hint: `whoever writes ${plural} installs it; kubectl get crd ${plural}.${group} shows whether it is there`,
    cause: error,
  });
}

/** Parts of what a hub tells. What an API server with the CRD does not have is refused: who answered is none. */
async function* refuseMisshapen<Part>(
  parts: AsyncIterable<Part[]>,
  profileOf: (part: Part) => ClusterProfile,
  { host }: Client,
): AsyncIterable<Part[]> {
  try {
    for await (const part of parts) {
      for (const profile of part.map(profileOf)) {
        const flaw = findFlaw(profile);
        if (flaw !== undefined)
          throw new UserError(
            `cannot list ${plural}: of ${describeTitle(profile)}, which ${host} answered with, ${flaw}`,
            {
              code: exit.unreachable,
              hint: 'is this the address of the API server?',
            },
          );
      }
      yield part;
    }
  } catch (error) {
    throw explainMissing(error, resource);
  }
}

/** A query as the API server takes it. */
function formatQuery({ namespace, name, labelSelector, fieldSelector: given }: Query): ListQuery & Query {
  // A server would say what is wrong with it in words of its own.
  compileSelector(labelSelector);
  const fieldSelector = [given, name && `metadata.name=${name}`].filter(Boolean).join(',');
  return { namespace, labelSelector, fieldSelector };
}

/** The two writes of one profile: the object without its status, then the status. */
async function writeProfile(
  client: Client,
  profile: ClusterProfile,
  context: WriteContext,
  options: ApplyOptions,
  live?: ClusterProfile,
): Promise<Result> {
  const { status, ...object } = profile;
  const { namespace, name } = profile.metadata;
  const patch = (to: string, body: unknown): HttpRequest => buildApplyRequest(to, body, options, context.fieldManager);
  const path = formatProfilePath(profile);
  const first = await client.send(`cannot apply ${nameOf(profile)}`, patch(path, object));
  let last = first;
  // A dry run keeps nothing, so there is no object yet whose status could be checked.
  if (status && !(options.dryRun && !live)) {
    const body = { apiVersion: profile.apiVersion, kind: profile.kind, metadata: { name, namespace }, status };
    last = await client.send(`${nameOf(profile)} is applied, its status is not`, patch(`${path}/status`, body));
  }
  if (first.status === 201 || !live) return 'created';
  return live.metadata.resourceVersion === readResourceVersion(last.body) && !options.dryRun
    ? 'unchanged'
    : 'configured';
}

async function applyChange(
  client: Client,
  change: Change,
  context: WriteContext,
  options: ApplyOptions,
): Promise<Result> {
  if (change.action === 'unchanged' || change.action === 'refused' || change.action === 'release') return 'unchanged';
  if (options.dryRun === 'client') return clientResult[change.action];
  if (change.action === 'delete') return remove(client, formatProfilePath(change.before), change.before, options);
  const live = change.action === 'update' ? change.live : undefined;
  if (live && 'takeOver' in change && !options.dryRun)
    await takeOverClientSideApply(client, formatProfilePath(live), live, context.fieldManager);
  return writeProfile(client, change.after, context, options, live).catch((error: unknown) => {
    throw explainWriteFailure(error, change.after);
  });
}

/** The profile in the version that the hub's profiles were listed in. */
function adoptProfile(profile: ClusterProfile, served: ServedVersions): ReturnType<NonNullable<Inventory['adopt']>> {
  const [own, version] = [versionOf(profile), served.versionOfKind(profileKind)];
  if (version === undefined || own === version) return { profile };
  const converted = convertProfile(profile, version);
  if (converted === profile)
    throw new UserError(`${nameOf(profile)} is of ${profile.apiVersion}, and the hub serves ${group}/${version}`, {
      hint: `write it as ${group}/${version}, or install a CRD that has ${own}`,
    });
  if (movesProviders(profile, version))
    return { profile: converted, note: `written as ${version}, with its credentialProviders as accessProviders` };
  const isServed = served.has(own);
  return { profile: converted, note: isServed ? undefined : `written as ${version}, the hub does not serve ${own}` };
}

/** What a write would find; with what client-side apply owns counted as ours where it is to be taken over. */
function compareProfile(
  live: ClusterProfile,
  wanted: ClusterProfile,
  { fieldManager, takesOver }: HubContext,
): Comparison {
  if (!takesOver || listClientSideAppliers(live).length === 0) return compareApplied(live, wanted, fieldManager);
  const found = compareApplied(withoutClientSideApply(live, fieldManager), wanted, fieldManager);
  // A value that client-side apply wrote is somebody's until it is taken by force.
  return { ...found, conflicts: listConflicts(live, wanted, fieldManager), takeOver: true };
}

/** ClusterProfiles on a hub cluster. */
export function openHub(options: ConnectOptions, context: HubContext): Inventory {
  const { client, namespace } = connect(options, context);
  const served = createServedVersions(client);
  let whole = true;
  const inconsistent = (): void => {
    whole = false;
  };
  async function* list<T extends KubernetesObject>(
    kind: ResourceKind,
    query: ListQuery & { namespace?: string | undefined },
  ): AsyncIterable<T[]> {
    try {
      yield* kind.group === group
        ? served.pages<T>(kind, query, inconsistent)
        : listPages<T>(client, kind, query, inconsistent);
    } catch (error) {
      throw explainMissing(error, kind);
    }
  }
  return {
    title: `hub ${client.host}`,
    namespace,
    isWellFormed: true,
    isWhole: () => whole,
    list: (query) => refuseMisshapen(list<ClusterProfile>(resource, formatQuery(query)), (profile) => profile, client),
    watch: (query) =>
      refuseMisshapen(
        served.events<ClusterProfile>(resource, formatQuery(query), context.warn),
        ({ object }) => object,
        client,
      ),
    adopt: (profile) => adoptProfile(profile, served),
    objects: (kind, place) => list(kind, { namespace: place, fieldSelector: kind.fieldSelector }),
    compare: (live, wanted) => ({ ...compareProfile(live, wanted, context), maker: findStranger(live) }),
    retire: (live) =>
      readOwnedFields(live, context.fieldManager) !== undefined && !isProtected(live) ? 'delete' : 'keep',
    ensureNamespace: (name) => ensureNamespace(client, name),
    apply: (change, applyOptions) => applyChange(client, change, context, applyOptions),
  };
}
