import { apiStatus, isUserError } from '../errors.ts';
import type { Client } from '../kubernetes/client.ts';
import type { ResourceKind } from '../object.ts';
import { group, plural } from '../profile/clusterprofile.ts';
import { isKnownVersion, knownVersions } from '../profile/versions.ts';
import { quoteForShell } from '../util/shell.ts';
import { makeList } from '../util/text.ts';
import { createChecker, suggestGrant, type Check } from './check.ts';

/** What is to be looked at on a hub. */
export interface HubQuestions {
  client: Client;
  namespace: string;
  /** The program as the user types it, for hints. */
  program: string;
  /** What a consumer's export writes, and where; none without `--for`. */
  written: readonly { kind: ResourceKind; namespace: string | undefined }[];
}

const server = createChecker('DR002', 'hub');
const api = createChecker('DR003', 'API');
const place = createChecker('DR004', 'namespace');
const rights = createChecker('DR005', 'rights');

/** What the API server says of its API groups (metav1.APIGroupList). */
interface ApiGroups {
  groups?: { name: string; versions: { version: string }[] }[];
}

async function readGroups(client: Client): Promise<NonNullable<ApiGroups['groups']>> {
  const { body } = await client.send('cannot ask what it serves', { method: 'GET', path: '/apis' });
  return (body as ApiGroups).groups ?? [];
}

function checkApi(groups: NonNullable<ApiGroups['groups']>, program: string): Check {
  const served = groups.find(({ name }) => name === group)?.versions.map(({ version }) => version);
  if (served === undefined) return api('error', 'the hub has no ClusterProfiles', `${program} crd install`);
  const all = `${group} is served as ${makeList(served)}`;
  return served.some((version) => isKnownVersion(version))
    ? api('ok', all)
    : api('error', `${all}, and this program knows ${makeList(knownVersions)}`, 'a later release may know it');
}

async function checkNamespace({ client, namespace }: HubQuestions): Promise<Check> {
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
    await client.send(`cannot read namespace ${namespace}`, { method: 'GET', path });
    return place('ok', `${namespace} exists`);
  } catch (error) {
    if (apiStatus(error) === 404)
      return place('error', `${namespace} does not exist`, `kubectl create namespace ${quoteForShell(namespace)}`);
    if (apiStatus(error) === 403) return place('note', `${namespace} may not be looked at, which no command needs`);
    throw error;
  }
}

/** Something that a command does on a hub. */
interface Action {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace: string | undefined;
  /** One object; all of them where there is none. */
  name?: string;
}

interface AccessReview {
  status?: { allowed?: boolean };
}

/** Whether the user of the connection may do something, by the server's own judgement (SelfSubjectAccessReview). */
export async function isAllowed(client: Client, { namespace, ...action }: Action): Promise<boolean> {
  const [apiVersion, kind] = ['authorization.k8s.io/v1', 'SelfSubjectAccessReview'];
  const resourceAttributes = { ...action, ...(namespace !== undefined && { namespace }) };
  const { body } = await client.send('cannot ask for the rights', {
    method: 'POST',
    path: `/apis/${apiVersion}/selfsubjectaccessreviews`,
    body: { apiVersion, kind, spec: { resourceAttributes } },
  });
  return (body as AccessReview).status?.allowed === true;
}

/** What needs some rights, and the rights that it needs. */
interface Need {
  what: string;
  /** Nothing works without. */
  isBasic: boolean;
  actions: Action[];
}

function* listNeeds({ namespace, written }: HubQuestions): Iterable<Need> {
  const profiles = { group, resource: plural, namespace };
  const on = (...verbs: string[]): Action[] => verbs.map((verb) => ({ verb, ...profiles }));
  yield { what: 'list, describe, export', isBasic: true, actions: on('get', 'list') };
  yield { what: 'list --watch, wait', isBasic: false, actions: on('watch') };
  const status = { verb: 'patch', ...profiles, subresource: 'status' };
  yield { what: 'import --apply, apply', isBasic: false, actions: [...on('create', 'patch'), status] };
  yield { what: 'delete, --prune', isBasic: false, actions: on('delete') };
  for (const { kind, namespace: at } of written) {
    const verbs = ['get', 'list', 'create', 'patch', 'delete'];
    const actions = verbs.map((verb) => ({ verb, group: kind.group, resource: kind.plural, namespace: at }));
    yield { what: `export --apply --prune of ${kind.plural}`, isBasic: true, actions };
  }
}

const nameResource = ({ group: of, resource, subresource }: Action): string =>
  `${resource}${of === '' ? '' : `.${of}`}${subresource ? `/${subresource}` : ''}`;

/** The commands that give rights to somebody, for who may. */
function suggestRole(denied: readonly Action[]): string {
  const [{ namespace } = { namespace: undefined }] = denied;
  const verbs = [...new Set(denied.map(({ verb }) => verb))].join(',');
  return suggestGrant(namespace, `--verb=${verbs} --resource=${[...new Set(denied.map(nameResource))].join(',')}`);
}

async function checkNeed({ what, isBasic, actions }: Need, client: Client): Promise<Check> {
  const allowed = await Promise.all(actions.map((action) => isAllowed(client, action)));
  const denied = actions.filter((_action, index) => !allowed[index]);
  if (denied.length === 0) return rights('ok', `enough for ${what}`);
  const missing = denied.map((action) => `${action.verb} ${nameResource(action)}`).join(', ');
  return rights(isBasic ? 'error' : 'warning', `not enough for ${what}: ${missing}`, suggestRole(denied));
}

/** Asks a hub whether it answers, what it serves, and what its user may do. Ends with the first error of the connection. */
export async function* checkHub(questions: HubQuestions): AsyncIterable<Check> {
  try {
    const groups = await readGroups(questions.client);
    yield server('ok', `${questions.client.host} answers`);
    const served = checkApi(groups, questions.program);
    yield served;
    yield await checkNamespace(questions);
    if (served.result !== 'ok') return;
    for (const need of listNeeds(questions)) yield await checkNeed(need, questions.client);
  } catch (error) {
    if (!isUserError(error)) throw error;
    yield server('error', error.message, error.hint);
  }
}
