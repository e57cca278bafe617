// What an Azure fleet is made of, as Azure Resource Manager answers it: fleets, members, clusters.
import type { ListContext } from '../../import/kit/importer.ts';
import { exit, isUserError, UserError } from '../../errors.ts';
import { maps, readEach, text } from '../../object.ts';
import { connectArm, describeArmError, isOwnError, type Arm } from '../../clouds/azure.ts';
import { readObjectBody } from '../../clouds/http.ts';
import { detectClusterKind, clustersPart, parseResourceId, type ArmObject } from './members.ts';
import { reportFailures, readDetails, readTargets, reportDetail, type TargetFailure } from '../../clouds/targets.ts';

interface AzureQuery {
  subscriptions: readonly string[];
  resourceGroup?: string | undefined;
  /** Fleets by name; all of the subscription or resource group when empty. */
  fleets: readonly string[];
  /** Also read the clusters. */
  enrich: boolean;
  /** Azure Resource Manager of another cloud. */
  endpoint: string | undefined;
}

/** Labels of members came with 2026-06-01; the clouds that do not have it get the one before. */
const fleetVersions = ['2026-06-01', '2025-03-01'];
const clusterKinds = {
  aks: { type: 'Microsoft.ContainerService/managedClusters', version: '2025-05-01' },
  arc: { type: 'Microsoft.Kubernetes/connectedClusters', version: '2024-01-01' },
};

const armProvider = 'providers/Microsoft.ContainerService/fleets';
const readArmName = (id: string): string => id.split('/').at(-1) ?? id;
const isNamedFleet = (id: string, name: string): boolean => readArmName(id).toLowerCase() === name.toLowerCase();
const encodeSegments = (...parts: string[]): string => parts.map(encodeURIComponent).join('/');

interface FoundFleets {
  pages: ArmObject[];
  ids: string[];
}

/** The fleets of one subscription that are asked for, by their resource ids. */
async function listFleets(client: Arm, subscription: string, query: AzureQuery): Promise<FoundFleets> {
  const { subscriptions, resourceGroup, fleets } = query;
  const scope = `/subscriptions/${encodeSegments(subscription)}`;
  const group = resourceGroup === undefined ? scope : `${scope}/resourceGroups/${encodeSegments(resourceGroup)}`;
  // Such a fleet is known by its id already: no right to list fleets is needed.
  if (resourceGroup !== undefined && fleets.length > 0 && subscriptions.length === 1)
    return { pages: [], ids: fleets.map((fleet) => `${group}/${armProvider}/${encodeSegments(fleet)}`) };
  const pages = await client.pages(`${group}/${armProvider}`, fleetVersions);
  const found = pages.flatMap((page) => readEach(page, ['value'], (fleet) => text(fleet, 'id') ?? ''));
  return {
    pages,
    ids: fleets.length === 0 ? found : found.filter((id) => fleets.some((fleet) => isNamedFleet(id, fleet))),
  };
}

/** Fleets that were named and are in none of the subscriptions. */
function reportUnfound({ fleets }: AzureQuery, ids: readonly string[]): TargetFailure[] {
  const missing = fleets.filter((fleet) => !ids.some((id) => isNamedFleet(id, fleet)));
  return missing.map((fleet) => ({
    target: `fleet ${fleet}`,
    error: new UserError('there is no such fleet', { code: exit.notFound }),
  }));
}

interface FoundClusters {
  pages: ArmObject[];
  /** Why some of the clusters could not be read, once. */
  failures: TargetFailure[];
}

/** Clusters of a subscription; those of `ids` that the list does not have are asked for one by one. */
async function listAzureClusters(client: Arm, { kind, subscription, ids }: ClusterGroup): Promise<FoundClusters> {
  const { type, version } = clusterKinds[kind];
  const pages: ArmObject[] = await client.pages(`/subscriptions/${encodeSegments(subscription)}/providers/${type}`, [
    version,
  ]);
  const listed = new Set(pages.flatMap((page) => maps(page, 'value')).map(({ id }) => String(id).toLowerCase()));
  // A list holds what the caller may read, so that only a 404 says that a cluster is gone.
  let failure: UserError | undefined;
  for (const id of ids.filter((each) => !listed.has(each.toLowerCase()))) {
    try {
      pages.push(await clusterOf(client, id, version));
    } catch (error) {
      if (!isUserError(error)) throw error;
      failure ??= error;
      // A right may be missing for one of them; anything else would be the same for the next.
      if (error.code !== exit.auth) break;
    }
  }
  return { pages, failures: failure ? [{ target: clustersPart(kind, ids[0] ?? ''), error: failure }] : [] };
}

/** One cluster, or the error with its id that says that it is gone. */
async function clusterOf(client: Arm, id: string, version: string): Promise<ArmObject> {
  const reply = await client.get(id, version);
  if (reply.status === 200) return readObjectBody(reply, 'Azure Resource Manager', ['id']);
  if (reply.status === 404 && isOwnError(reply)) return { id, ...(reply.body as ArmObject) };
  throw describeArmError(reply);
}

interface ClusterGroup {
  kind: 'aks' | 'arc';
  subscription: string;
  ids: string[];
}

const readClusterId = (member: ArmObject): string => text(member, 'properties', 'clusterResourceId') ?? '';

/** The members' clusters by kind and subscription: each list is read once. */
function groupClusters(pages: readonly ArmObject[]): ClusterGroup[] {
  const groups = new Map<string, ClusterGroup>();
  for (const id of pages.flatMap((page) => readEach(page, ['value'], readClusterId))) {
    const kind = detectClusterKind(id);
    const { subscription } = parseResourceId(id);
    if (!kind || !subscription) continue;
    const key = `${kind}/${subscription.toLowerCase()}`;
    const group = groups.get(key) ?? { kind, subscription, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const remedy = 'leave them out with --no-enrich';

const nameSubscription = (subscription: string): string => `subscription ${subscription}`;

/** The ARM responses of fleets, whole fleets only; what could not be read is reported. */
export async function* readAzureFleets(query: AzureQuery, context: ListContext): AsyncIterable<ArmObject> {
  const client = await connectArm(context, query.endpoint);
  const subscriptions = await readTargets(
    query.subscriptions,
    nameSubscription,
    (each) => listFleets(client, each, query),
    context,
  );
  yield* subscriptions.done.flatMap(({ pages }) => pages);
  const ids = subscriptions.done.flatMap((found) => found.ids);
  const failures = [
    ...subscriptions.failures,
    ...(subscriptions.failures.length === 0 ? reportUnfound(query, ids) : []),
  ];
  let withoutLabels = false;
  const members = await readTargets(
    ids,
    (id) => `fleet ${readArmName(id)}`,
    (id) =>
      client.pages(`${id}/members`, fleetVersions, () => {
        withoutLabels = true;
      }),
    context,
  );
  failures.push(...members.failures);
  // A subscription without fleets is no failure.
  reportFailures(
    failures,
    members.done.length > 0 || (ids.length === 0 && subscriptions.done.length > 0 && query.fleets.length === 0),
    context,
  );
  if (withoutLabels)
    context.warn(`this cloud does not know API version ${fleetVersions[0]}: members come without labels`);
  const pages = members.done.flat();
  yield* pages;
  if (!query.enrich) return;
  const clusters = await readDetails(
    groupClusters(pages),
    ({ kind, ids }) => clustersPart(kind, ids[0] ?? ''),
    (group) => listAzureClusters(client, group),
    remedy,
    context,
  );
  for (const { target, error } of clusters.done.flatMap(({ failures: some }) => some))
    reportDetail(target, error, remedy, context);
  yield* clusters.done.flatMap((found) => found.pages);
}
