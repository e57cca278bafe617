// The responses of Azure fleets, live or recorded, put together: pure, no request is made here.
import type { Item, ImportContext } from '../../import/kit/importer.ts';
import { map, text, value, isObject } from '../../object.ts';
import { readOrReport } from '../../import/kit/facts.ts';
import { makeObjectName } from '../../profile/names.ts';
import { cutLists, holdsAny, reportStrangers } from '../../clouds/pages.ts';

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
  /** Some response of the read is an error, and says not of what. */
  incomplete: boolean;
}

const idPatterns = {
  member: /\/microsoft\.containerservice\/fleets\/[^/]+\/members\/[^/]+$/i,
  fleet: /\/microsoft\.containerservice\/fleets\/[^/]+$/i,
  aks: /\/microsoft\.containerservice\/managedclusters\/[^/]+$/i,
  arc: /\/microsoft\.kubernetes\/connectedclusters\/[^/]+$/i,
};

/** Which kind of cluster a resource id is of. */
export const detectClusterKind = (id: string): 'aks' | 'arc' | undefined =>
  idPatterns.aks.test(id) ? 'aks' : idPatterns.arc.test(id) ? 'arc' : undefined;

const titles = { aks: 'AKS clusters', arc: 'Arc clusters' };

/** How messages, and the parts of a read, name the clusters of a kind in the subscription of one of them. */
export const clustersPart = (kind: 'aks' | 'arc', id: string): string =>
  `${titles[kind]} of subscription ${parseResourceId(id).subscription?.toLowerCase()}`;

/** The parts of a resource id. Its keywords and names come in any case. */
export function parseResourceId(id: string): { subscription?: string; resourceGroup?: string; name?: string } {
  const [, subscription] = /\/subscriptions\/([^/]+)/i.exec(id) ?? [];
  const [, resourceGroup] = /\/resourcegroups\/([^/]+)/i.exec(id) ?? [];
  const name = id.split('/').at(-1);
  return { ...(subscription && { subscription }), ...(resourceGroup && { resourceGroup }), ...(name && { name }) };
}

const readResourceId = (object: unknown): string =>
  isObject(object) && typeof object['id'] === 'string' ? object['id'] : '';
const isResource = (object: unknown): object is ArmObject =>
  Object.values(idPatterns).some((pattern) => pattern.test(readResourceId(object)));
const isArmError = (object: unknown): object is ArmObject =>
  isObject(object) && isObject(object['error']) && typeof object['error']['code'] === 'string';

/** The objects of a response: a page, an answer of Resource Graph, a bare list (`az … -o json`), or one object. */
function listAzureItems(response: unknown): unknown[] {
  if (Array.isArray(response)) return response;
  if (!isObject(response)) return [response];
  const listed = [response['value'], response['data']].find(Array.isArray) as unknown[] | undefined;
  return listed ?? [response];
}

const isAzureItem = (item: unknown): boolean => isResource(item) || isArmError(item);

/** True for a recorded or live response of an Azure fleet. */
export const isAzureResponse = (object: unknown): boolean =>
  !(isObject(object) && 'apiVersion' in object) && holdsAny(listAzureItems(object), isAzureItem);

/** What ARM calls `properties`, which the az command line shows one level up. */
export const readArmProperties = (resource: ArmObject | undefined): ArmObject =>
  value(resource, 'properties') === undefined ? (resource ?? {}) : map(resource, 'properties');

/** Says what is missing; true where anything is. */
function reportMissingArm(responses: unknown[], context: ImportContext): boolean {
  // An error with an id is the answer about one cluster, see `gone`.
  const errors = responses.flatMap(listAzureItems).filter((item) => isArmError(item) && !readResourceId(item));
  for (const response of errors)
    context.partial(`a response is an error: ${text(response, 'error', 'message') ?? 'no message'}`);
  for (const response of responses)
    reportStrangers(
      { items: listAzureItems(response), place: context.placeOf(response) },
      isAzureItem,
      'no resource of a fleet',
      context,
    );
  const pages = responses.filter((response) => isObject(response) && Array.isArray(response['value'])) as ArmObject[];
  const lists = pages.map((page) => ({
    list:
      readResourceId((page['value'] as unknown[]).find(isResource))
        .split('/')
        .slice(0, -1)
        .join('/')
        .toLowerCase() || undefined,
    continues: Boolean(page['nextLink']),
  }));
  const cut = cutLists(lists);
  for (const list of cut) context.partial(`the last page of ${list} is missing`);
  return errors.length + cut.length > 0;
}

const makeShortName = (fleetId: string): string => (parseResourceId(fleetId).name ?? fleetId).toLowerCase();
const makeLongName = (fleetId: string): string =>
  makeObjectName(`${parseResourceId(fleetId).resourceGroup}-${makeShortName(fleetId)}`).replaceAll('.', '-');
const makeFullName = (fleetId: string): string =>
  makeObjectName(`${parseResourceId(fleetId).subscription}-${makeLongName(fleetId)}`);

/** Names of fleets that tell them apart: the bare name, with its resource group where another fleet has that name. */
function nameFleets(ids: Iterable<string>): Map<string, string> {
  const fleets = new Map([...ids].map((id) => [id.toLowerCase(), id]));
  const isOnly = (nameOf: (id: string) => string, id: string): boolean =>
    [...fleets.values()].filter((other) => nameOf(other) === nameOf(id)).length === 1;
  const nameFor = (id: string): string => {
    if (isOnly(makeShortName, id)) return makeShortName(id);
    return isOnly(makeLongName, id) ? makeLongName(id) : makeFullName(id);
  };
  return new Map([...fleets].map(([key, id]) => [key, nameFor(id)]));
}

const takeFleetId = (memberId: string): string => memberId.split('/').slice(0, -2).join('/');

/** Puts members, their fleets and their clusters together, in whatever order they were read. */
export function joinAzureMembers(responses: unknown[], context: ImportContext): AzureMember[] {
  const incomplete = reportMissingArm(responses, context);
  const items = responses.flatMap(listAzureItems).filter(isResource);
  const members = items.filter((item) => idPatterns.member.test(readResourceId(item)));
  const fleets = items.map(readResourceId).filter((id) => idPatterns.fleet.test(id));
  const names = nameFleets([...fleets, ...members.map((member) => takeFleetId(readResourceId(member)))]);
  const clusters = new Map<string, ArmObject>();
  const gone = new Set<string>();
  for (const item of items.filter((each) => detectClusterKind(readResourceId(each)))) {
    const key = readResourceId(item).toLowerCase();
    if (isArmError(item)) gone.add(key);
    else if (value(item, 'error') === undefined) clusters.set(key, item);
    else context.partial(`${readResourceId(item)}: its error has no code that is a text, not read`);
  }
  const readMember = (member: ArmObject): [string, AzureMember] => {
    const id = readResourceId(member);
    const name = text(member, 'name') ?? parseResourceId(id).name ?? id;
    const clusterId = text(readArmProperties(member), 'clusterResourceId') ?? '';
    const key = clusterId.toLowerCase();
    // Resource Graph joins the cluster to the member.
    const cluster = clusters.get(key) ?? (isObject(member['cluster']) ? member['cluster'] : undefined);
    const fleet = names.get(takeFleetId(id).toLowerCase()) ?? '';
    const facts = { object: member, id, name, fleet, clusterId, cluster, gone: gone.has(key), incomplete };
    return [id.toLowerCase(), { title: `FleetMember ${fleet}/${name}`, ...facts }];
  };
  const joined = members.map((each) => readOrReport(readResourceId(each), () => readMember(each), context));
  // A list may repeat an item when it changes between two pages.
  return [...new Map(joined.filter((each) => each !== undefined)).values()];
}
