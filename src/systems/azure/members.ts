// The responses of Azure fleets, live or recorded, put together: pure, no request is made here.
import type { Item, ImportContext } from '../../import/kit/importer.ts';
import { map, maps, text, value, isObject } from '../../object.ts';
import { objectName } from '../../profile/names.ts';
import { cutLists } from '../../clouds/pages.ts';

export type ArmObject = Record<string, unknown>;

/** A member of a fleet, with what is known of its cluster. */
export interface AzureMember extends Item<ArmObject> {
  title: string;
  /** The resource id of the member, as ARM wrote it. */
  id: string;
  name: string;
  /** The name of its fleet, or one that tells it from others of that name: namespace and ClusterSet. */
  fleet: string;
  clusterId: string;
  cluster: ArmObject | undefined;
  /** ARM was asked for the cluster and does not have it. */
  gone: boolean;
}

const patterns = {
  member: /\/microsoft\.containerservice\/fleets\/[^/]+\/members\/[^/]+$/i,
  fleet: /\/microsoft\.containerservice\/fleets\/[^/]+$/i,
  aks: /\/microsoft\.containerservice\/managedclusters\/[^/]+$/i,
  arc: /\/microsoft\.kubernetes\/connectedclusters\/[^/]+$/i,
};

/** Which kind of cluster a resource id is of. */
export const clusterKind = (id: string): 'aks' | 'arc' | undefined =>
  patterns.aks.test(id) ? 'aks' : patterns.arc.test(id) ? 'arc' : undefined;

/** The parts of a resource id. Its keywords and names come in any case. */
export function idParts(id: string): { subscription?: string; resourceGroup?: string; name?: string } {
  const [, subscription] = /\/subscriptions\/([^/]+)/i.exec(id) ?? [];
  const [, resourceGroup] = /\/resourcegroups\/([^/]+)/i.exec(id) ?? [];
  const name = id.split('/').at(-1);
  return { ...(subscription && { subscription }), ...(resourceGroup && { resourceGroup }), ...(name && { name }) };
}

const idOf = (object: unknown): string => (isObject(object) && typeof object['id'] === 'string' ? object['id'] : '');
const isResource = (object: unknown): object is ArmObject =>
  Object.values(patterns).some((pattern) => pattern.test(idOf(object)));
const isError = (object: unknown): object is ArmObject =>
  isObject(object) && isObject(object['error']) && typeof object['error']['code'] === 'string';

/** The objects of a response: a page, an answer of Resource Graph, a bare list (`az … -o json`), or one object. */
function itemsOf(response: unknown): unknown[] {
  if (Array.isArray(response)) return response;
  if (!isObject(response)) return [response];
  const listed = [response['value'], response['data']].find(Array.isArray) as unknown[] | undefined;
  return listed ?? [response];
}

/** True for a recorded or live response of an Azure fleet. */
export const isAzureResponse = (object: unknown): boolean =>
  !(isObject(object) && 'apiVersion' in object) && itemsOf(object).every((item) => isResource(item) || isError(item));

/** What ARM calls `properties`, which the az command line shows one level up. */
export const propertiesOf = (resource: ArmObject | undefined): ArmObject =>
  value(resource, 'properties') === undefined ? (resource ?? {}) : map(resource, 'properties');

function reportMissing(responses: unknown[], context: ImportContext): void {
  // An error with an id is the answer about one cluster, see `gone`.
  for (const response of responses.flatMap(itemsOf).filter(isError))
    if (!idOf(response))
      context.partial(`a response is an error: ${text(response, 'error', 'message') ?? 'no message'}`);
  const pages = responses.filter((response) => isObject(response) && Array.isArray(response['value'])) as ArmObject[];
  const lists = pages.map((page) => ({
    list: idOf(maps(page, 'value')[0]).split('/').slice(0, -1).join('/').toLowerCase() || undefined,
    continues: Boolean(text(page, 'nextLink')),
  }));
  for (const list of cutLists(lists)) context.partial(`the last page of ${list} is missing`);
}

const shortName = (fleetId: string): string => (idParts(fleetId).name ?? fleetId).toLowerCase();
const longName = (fleetId: string): string =>
  objectName(`${idParts(fleetId).resourceGroup}-${shortName(fleetId)}`).replaceAll('.', '-');
const fullName = (fleetId: string): string => objectName(`${idParts(fleetId).subscription}-${longName(fleetId)}`);

/** Names of fleets that tell them apart: the bare name, with its resource group where another fleet has that name. */
function fleetNames(ids: Iterable<string>): Map<string, string> {
  const fleets = new Map([...ids].map((id) => [id.toLowerCase(), id]));
  const isOnly = (nameOf: (id: string) => string, id: string): boolean =>
    [...fleets.values()].filter((other) => nameOf(other) === nameOf(id)).length === 1;
  const nameFor = (id: string): string => {
    if (isOnly(shortName, id)) return shortName(id);
    return isOnly(longName, id) ? longName(id) : fullName(id);
  };
  return new Map([...fleets].map(([key, id]) => [key, nameFor(id)]));
}

const fleetOf = (memberId: string): string => memberId.split('/').slice(0, -2).join('/');

/** Puts members, their fleets and their clusters together, in whatever order they were read. */
export function azureMembers(responses: unknown[], context: ImportContext): AzureMember[] {
  reportMissing(responses, context);
  const items = responses.flatMap(itemsOf).filter(isResource);
  const members = items.filter((item) => patterns.member.test(idOf(item)));
  const fleets = items.map(idOf).filter((id) => patterns.fleet.test(id));
  const names = fleetNames([...fleets, ...members.map((member) => fleetOf(idOf(member)))]);
  const clusters = new Map<string, ArmObject>();
  const gone = new Set<string>();
  for (const item of items.filter((each) => clusterKind(idOf(each)))) {
    const key = idOf(item).toLowerCase();
    if (isError(item)) gone.add(key);
    else clusters.set(key, item);
  }
  const joined = members.map((member): [string, AzureMember] => {
    const id = idOf(member);
    const name = text(member, 'name') ?? idParts(id).name ?? id;
    const clusterId = text(propertiesOf(member), 'clusterResourceId') ?? '';
    const key = clusterId.toLowerCase();
    // Resource Graph joins the cluster to the member.
    const own = isObject(member['cluster']) ? member['cluster'] : undefined;
    const cluster = clusters.get(key) ?? own;
    const fleet = names.get(fleetOf(id).toLowerCase()) ?? '';
    const facts = { object: member, id, name, fleet, clusterId, cluster, gone: gone.has(key) };
    return [id.toLowerCase(), { title: `FleetMember ${fleet}/${name}`, ...facts }];
  });
  // A list may repeat an item when it changes between two pages.
  return [...new Map(joined).values()];
}
