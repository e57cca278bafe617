// What a GKE fleet is made of, as the APIs answer it: memberships, project numbers, clusters.
import type { ListContext } from '../../import/kit/importer.ts';
import { isObject, maps, readEach, text } from '../../object.ts';
import { exit, UserError } from '../../errors.ts';
import { connectGoogle, type GoogleGet } from '../../clouds/google.ts';
import { partNames } from './members.ts';
import { reportFailures, readDetails, readTargets } from '../../clouds/targets.ts';

interface GkeQuery {
  projects: readonly string[];
  /** `-` is every region and `global`. */
  location: string;
  /** Also read GKE clusters. */
  enrich: boolean;
  /** Projects whose number need not be looked up. */
  known: ReadonlySet<string>;
  /** Another endpoint for all APIs. */
  endpoint: string | undefined;
}

const gkePageSize = '500';

type GkePage = Record<string, unknown>;

/** https://cloud.google.com/kubernetes-engine/fleet-management/docs/reference/rest/v1/projects.locations.memberships/list */
async function listMemberships(get: GoogleGet, project: string, location: string): Promise<GkePage[]> {
  const pages: GkePage[] = [];
  const seen = new Set<string>();
  for (let pageToken: string | undefined; ;) {
    const page = await get({
      api: 'gkehub',
      path: `/v1/projects/${encodeURIComponent(project)}/locations/${encodeURIComponent(location)}/memberships`,
      query: { pageSize: gkePageSize, pageToken },
      project,
      permission: 'gkehub.memberships.list',
      fields: ['resources', 'nextPageToken', 'unreachable'],
    });
    // An empty page has no field at all, and would not be known for what it is.
    pages.push({ resources: [], ...page });
    pageToken = text(page, 'nextPageToken') || undefined;
    if (!pageToken) return pages;
    if (seen.has(pageToken)) throw new UserError('GKE Hub answers the same page again', { code: exit.unreachable });
    seen.add(pageToken);
  }
}

/** https://cloud.google.com/resource-manager/reference/rest/v3/projects/get */
async function readProject(get: GoogleGet, project: string): Promise<GkePage> {
  const page = await get({
    api: 'cloudresourcemanager',
    path: `/v3/projects/${encodeURIComponent(project)}`,
    project,
    permission: 'resourcemanager.projects.get',
    fields: ['name'],
  });
  if (/^projects\/[1-9]\d*$/.test(text(page, 'name') ?? '')) return page;
  throw new UserError(`what Resource Manager answered has no number of project ${project}`, { code: exit.unreachable });
}

/** https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters/list */
async function listGkeClusters(get: GoogleGet, project: string): Promise<GkePage> {
  const page = await get({
    api: 'container',
    path: `/v1/projects/${encodeURIComponent(project)}/locations/-/clusters`,
    project,
    permission: 'container.clusters.list',
    fields: ['clusters', 'missingZones'],
  });
  const { clusters = [] } = page;
  if (Array.isArray(clusters) && clusters.every(isObject)) return page;
  throw new UserError(`what GKE answered is no list of the clusters of project ${project}`, { code: exit.unreachable });
}

/** The projects that GKE clusters are in: not always the one of the fleet. */
function listClusterProjects(pages: readonly GkePage[]): string[] {
  const readLink = (membership: GkePage): string | undefined =>
    text(membership, 'endpoint', 'gkeCluster', 'resourceLink');
  const links = pages.flatMap((page) => readEach(page, ['resources'], readLink));
  const projects = links.map((link) => /\/projects\/([^/]+)\//.exec(link ?? '')?.[1]);
  return [...new Set(projects.filter((project) => project !== undefined))].toSorted();
}

const numberRemedy = 'give it with --project-number, which needs no look-up';
const clustersRemedy = 'leave them out with --no-enrich';

const nameProject = (project: string): string => `project ${project}`;

/** The API responses of fleets, whole fleets only; what could not be read is reported. */
export async function* readGkeFleets(query: GkeQuery, context: ListContext): AsyncIterable<GkePage> {
  const get = await connectGoogle(context, query.endpoint);
  const fleets = await readTargets(
    query.projects,
    nameProject,
    async (project) => ({ project, pages: await listMemberships(get, project, query.location) }),
    context,
  );
  reportFailures(fleets.failures, fleets.done.length > 0, context);
  const pages = fleets.done.flatMap((fleet) => fleet.pages);
  yield* pages;
  const filled = fleets.done.filter(({ pages: own }) => own.some((page) => maps(page, 'resources').length > 0));
  const unknown = filled.map(({ project }) => project).filter((project) => !query.known.has(project));
  const [numbers, clusters] = await Promise.all([
    readDetails(unknown, partNames.number, (project) => readProject(get, project), numberRemedy, context),
    readDetails(
      query.enrich ? listClusterProjects(pages) : [],
      partNames.clusters,
      (project) => listGkeClusters(get, project),
      clustersRemedy,
      context,
    ),
  ]);
  yield* [...numbers.done, ...clusters.done];
}
