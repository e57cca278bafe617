// The responses of GKE fleets, live or recorded, put together: pure, no request is made here.
import type { Item, ImportContext } from '../../import/kit/importer.ts';
import { option } from '../../options.ts';
import { usageError } from '../../errors.ts';
import { text, texts, value, isObject } from '../../object.ts';
import { readOrReport } from '../../import/kit/facts.ts';
import { cutLists, holdsAny, reportStrangers } from '../../clouds/pages.ts';

export type GkeObject = Record<string, unknown>;

/** What a resource link names: `//container.googleapis.com/projects/P/locations/L/clusters/C`, or `…/zones/L/…`. */
interface Link {
  project: string;
  location: string;
  collection: string;
  name: string;
}

/** How messages, and the parts of a read, name what is asked of a project beside its memberships. */
export const partNames = {
  number: (project: string): string => `number of project ${project}`,
  clusters: (project: string): string => `GKE clusters of project ${project}`,
};

/** A membership of a fleet, with what else is known of its cluster. */
export interface GkeMember extends Item<GkeObject> {
  title: string;
  id: string;
  location: string;
  /** The fleet's host project by id; by number where only that is known. */
  fleet: string;
  number: string | undefined;
  link: Link | undefined;
  /** The project of its GKE cluster, as the membership names it. */
  clusterProject: string | undefined;
  cluster: GkeObject | undefined;
  /** Another membership of the fleet has the same id, in another location. */
  repeated: boolean;
  /** Other fleets are in the same read. */
  several: boolean;
  /** Some response of the read is an error, or says that it is not whole. */
  incomplete: boolean;
  /** Locations whose memberships are missing. */
  unreachable: string;
}

const membershipName = /^projects\/([^/]+)\/locations\/([^/]+)\/memberships\/([^/]+)$/;
const linkPath = /\/projects\/([^/]+)\/(?:locations|zones|regions)\/([^/]+)\/([A-Za-z]+)\/([^/]+)$/;

const matchesProject = (object: unknown, key: string, pattern: RegExp): object is GkeObject =>
  isObject(object) && typeof object[key] === 'string' && pattern.test(object[key]);
const isMembership = (object: unknown): object is GkeObject => matchesProject(object, 'name', membershipName);
const isCluster = (object: unknown): object is GkeObject => matchesProject(object, 'selfLink', /\/clusters\/[^/]+$/);
const isGkeError = (object: unknown): object is GkeObject =>
  isObject(object) && isObject(object['error']) && typeof object['error']['code'] === 'number';
const isProject = (object: unknown): object is GkeObject =>
  matchesProject(object, 'name', /^projects\/\d+$/) && typeof object['projectId'] === 'string';

/** The objects of a response: a page, a bare list (`gcloud … list --format=json`), or one object. */
function listGkeItems(response: unknown): unknown[] {
  if (Array.isArray(response)) return response;
  if (!isObject(response)) return [response];
  const listed = [response['resources'], response['clusters']].find(Array.isArray) as unknown[] | undefined;
  return listed ?? (response['unreachable'] || response['missingZones'] ? [] : [response]);
}

const isGkeItem = (item: unknown): boolean =>
  isMembership(item) || isCluster(item) || isProject(item) || isGkeError(item);

/** True for a recorded or live response of a GKE fleet. */
export const isGkeResponse = (object: unknown): boolean =>
  !(isObject(object) && 'kind' in object) && holdsAny(listGkeItems(object), isGkeItem);

function parseLink(resource: string | undefined): Link | undefined {
  const [, project, location, collection, name] = linkPath.exec(resource ?? '') ?? [];
  return project && location && collection && name ? { project, location, collection, name } : undefined;
}

/** By project, or under `''` for the only one. */
const parseNumbers = (given: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    given.map((each): [string, string] => {
      const [, project = '', number] = /^(?:([^=]+)=)?(\d+)$/.exec(each) ?? [];
      if (number) return [project, number];
      throw usageError(`--project-number takes <number> or <project>=<number>, not ${JSON.stringify(each)}`);
    }),
  );

/** The flags that say which memberships are read. */
export const memberFlags = {
  project: option.texts(
    '--project <id>',
    'host project of a fleet, repeatable (default: GOOGLE_CLOUD_PROJECT, CLOUDSDK_CORE_PROJECT)',
  ),
  projectNumber: option.parsedTexts(
    '--project-number <number>',
    'project number of the fleet instead of a look-up; <project>=<number> for several',
    parseNumbers,
  ),
};
type MemberContext = ImportContext<typeof memberFlags>;

function reportMissingGke(responses: unknown[], context: ImportContext): Pick<GkeMember, 'incomplete' | 'unreachable'> {
  const union = (key: string): string =>
    [...new Set(responses.flatMap((response) => (isObject(response) ? texts(response, key) : [])))]
      .toSorted()
      .join(', ');
  for (const response of responses.filter(isGkeError))
    context.partial(`a response is an error: ${text(response, 'error', 'message') ?? 'no message'}`);
  for (const response of responses)
    reportStrangers(
      { items: listGkeItems(response), place: context.placeOf(response) },
      isGkeItem,
      'no membership, cluster or project of GKE',
      context,
    );
  const unreachable = union('unreachable');
  if (unreachable) context.partial(`GKE Hub could not reach ${unreachable}: memberships there are missing`);
  const zones = union('missingZones');
  if (zones)
    context.partial(`GKE did not answer for ${zones}: versions, labels and health of clusters there are missing`);
  const pages = responses.filter(
    (response) => isObject(response) && Array.isArray(response['resources']),
  ) as GkeObject[];
  const lists = pages.map((page) => ({
    list: text((page['resources'] as unknown[]).find(isMembership), 'name')
      ?.split('/')
      .slice(0, 2)
      .join('/'),
    continues: Boolean(page['nextPageToken']),
  }));
  for (const list of cutLists(lists)) context.partial(`the last page of memberships of ${list} is missing`);
  return { incomplete: zones !== '' || responses.some(isGkeError), unreachable };
}

/** Puts memberships, their projects and their clusters together, in whatever order they were read. */
export function joinGkeMembers(responses: unknown[], context: MemberContext): GkeMember[] {
  const missing = reportMissingGke(responses, context);
  const items = responses.flatMap(listGkeItems);
  const numbers = new Map(context.options.projectNumber);
  for (const project of items.filter(isProject))
    numbers.set(text(project, 'projectId') as string, (text(project, 'name') as string).slice('projects/'.length));
  const ids = new Map([...numbers].map(([id, number]) => [number, id || number]));
  const idOf = (project: string): string => ids.get(project) ?? project;
  const keyOf = ({ project, location, name }: Link): string => `${idOf(project)}/${location}/${name}`;
  const clusters = new Map<string, GkeObject>();
  for (const cluster of items.filter(isCluster)) {
    const link = parseLink(text(cluster, 'selfLink'));
    if (link) clusters.set(keyOf(link), cluster);
  }
  // A list may repeat an item when it changes between two pages.
  const members = new Map<string, GkeMember>();
  for (const membership of items.filter(isMembership)) {
    const [, project = '', location = '', id = ''] = membershipName.exec(text(membership, 'name') as string) ?? [];
    const fleet = idOf(project);
    const resource = readOrReport(
      text(membership, 'name') ?? '',
      () => text(membership, 'endpoint', detectEndpointKind(membership), 'resourceLink') ?? '',
      context,
    );
    if (resource === undefined) continue;
    const named = parseLink(resource);
    const link = named && { ...named, project: idOf(named.project) };
    const number = numbers.get(fleet) ?? (/^\d+$/.test(project) ? project : undefined);
    const cluster = link && clusters.get(keyOf(link));
    members.set(`${fleet}/${location}/${id}`, {
      title: `Membership ${id}(${location})`,
      object: membership,
      id,
      location,
      fleet,
      number,
      link,
      cluster,
      clusterProject: named?.project,
      repeated: false,
      several: false,
      ...missing,
    });
  }
  return placeMembers([...members.values()], numbers.get(''), context);
}

/** What takes a look at all members: which ids repeat, which fleets there are. */
function placeMembers(members: GkeMember[], only: string | undefined, context: MemberContext): GkeMember[] {
  const fleets = new Set(members.map(({ fleet }) => fleet));
  if (only && fleets.size > 1) throw usageError('several fleets: --project-number takes <project>=<number>');
  // A project that failed counts too, or its absence would move the others to another namespace.
  const several = fleets.size > 1 || new Set(context.options.project).size > 1;
  const counts = new Map<string, number>();
  for (const { fleet, id } of members) counts.set(`${fleet}/${id}`, (counts.get(`${fleet}/${id}`) ?? 0) + 1);
  return members.map((member) => ({
    ...member,
    several,
    number: member.number ?? only,
    repeated: (counts.get(`${member.fleet}/${member.id}`) ?? 0) > 1,
  }));
}

const endpointKinds = ['gkeCluster', 'onPremCluster', 'multiCloudCluster', 'edgeCluster', 'applianceCluster'];

/** Which kind of cluster a membership is of; `none` for one that only its agent knows. */
export const detectEndpointKind = (membership: GkeObject): string =>
  endpointKinds.find((kind) => value(membership, 'endpoint', kind) !== undefined) ?? 'none';
