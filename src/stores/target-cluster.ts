import { listPages } from '../kubernetes/list.ts';
import type { ApplyOptions, Change, Result, Retirement } from '../kubernetes/change.ts';
import type { KubernetesObject, ResourceKind } from '../object.ts';
import { connect, type WriteContext } from '../kubernetes/connect.ts';
import type { ConnectOptions } from '../kubernetes/flags.ts';
import { isMarked, keys, titleOf, tool } from '../profile/clusterprofile.ts';
import { explainOtherOrigin, namesOrigin, notOurs, originOf, type TargetStore } from './target-store.ts';
import { apiStatus, exit, usageError, UserError } from '../errors.ts';
import type { Client } from '../kubernetes/client.ts';
import { formatPath, type ListQuery } from '../kubernetes/client/pages.ts';
import { listAppliers, listHeldAlone, readOwnedFields } from '../kubernetes/field-set.ts';
import { compareApplied } from '../kubernetes/managed-fields.ts';
import {
  buildApplyRequest,
  clientResult,
  ensureNamespace,
  isProtected,
  release,
  remove,
  readResourceVersion,
  explainWriteFailure,
} from '../kubernetes/apply.ts';

/** An object as the API server keeps it: no undefined fields, and Secrets with `data`, since server-side apply does not track `stringData`. */
function toStored(made: KubernetesObject): KubernetesObject {
  const object = JSON.parse(JSON.stringify(made)) as KubernetesObject;
  const { stringData, data, ...rest } = object as KubernetesObject & Record<'stringData' | 'data', object | undefined>;
  if (object.kind !== 'Secret' || stringData === undefined) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
  return { type: 'Opaque', ...rest, data: { ...data, ...(Object.fromEntries(encoded) as object) } } as KubernetesObject;
}

async function listObjects(
  { client, kind, place, onInconsistent }: PlaceReading,
  version: string,
  query: ListQuery,
): Promise<KubernetesObject[]> {
  const found: KubernetesObject[] = [];
  try {
    for await (const page of listPages(
      client,
      { ...kind, versions: [version] },
      { ...query, namespace: place },
      onInconsistent,
    ))
      found.push(...page);
  } catch (error) {
    if (apiStatus(error) !== 404) throw error;
    throw new UserError(`${client.host} does not have ${kind.plural}.${kind.group} ${version}`, {
      code: exit.unreachable,
      hint: 'install the consumer and its CRDs there first, or name its cluster with --target-context',
      cause: error,
    });
  }
  return found;
}

const formatId = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;
const readVersionOf = ({ apiVersion }: KubernetesObject): string => apiVersion.split('/').at(-1) ?? '';

interface PlaceReading {
  client: Client;
  kind: ResourceKind;
  /** A namespace; absent for all of them, or for a kind that has none. */
  place: string | undefined;
  wanted: readonly KubernetesObject[];
  onInconsistent: () => void;
}

/** What is there of one kind in one place: ours whole, of others the metadata, and only where a name is wanted. */
async function readPlace(reading: PlaceReading): Promise<KubernetesObject[]> {
  const { kind, wanted } = reading;
  const version = wanted[0] ? readVersionOf(wanted[0]) : (kind.versions[0] ?? 'v1');
  const own = await listObjects(reading, version, { labelSelector: `${keys.managedByLabel}=${tool}` });
  const known = new Set(own.map(formatId));
  const missing = new Set(wanted.map(formatId).filter((id) => !known.has(id)));
  if (missing.size === 0) return own;
  const all = await listObjects(reading, version, { metadataOnly: true });
  return [...own, ...all.filter((object) => missing.has(formatId(object)))];
}

/** Where to look: in the places of the wanted objects and those given. A list of all namespaces holds those of each. */
function listTargetPlaces(
  { clusterScoped }: ResourceKind,
  wanted: readonly KubernetesObject[],
  places: readonly (string | undefined)[],
): (string | undefined)[] {
  if (wanted.length === 0 && places.length === 0) return [];
  const at = new Set([...wanted.map(({ metadata }) => metadata.namespace), ...places]);
  return clusterScoped || at.has(undefined) ? [undefined] : [...at];
}

/** The kind of an object among those that a consumer has. What is none, such as a piece of a configuration, is a usage error. */
export function findKindAmong(
  kinds: readonly ResourceKind[],
  { apiVersion = '', kind }: Partial<KubernetesObject>,
): ResourceKind {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  const found = kinds.find((each) => each.kind === kind && each.group === group);
  if (found) return found;
  throw usageError(
    `${kind ?? 'what these flags make'} is no object on a cluster`,
    'print it, or write it with --output-dir DIR',
  );
}

function formatObjectPath(kinds: readonly ResourceKind[], object: KubernetesObject): string {
  const { group, plural, clusterScoped } = findKindAmong(kinds, object);
  const namespace = clusterScoped ? undefined : object.metadata.namespace;
  return formatPath({ group, version: readVersionOf(object), plural, namespace }, object.metadata.name);
}

/** The objects as the cluster would keep them, in the namespace of its context where they name none and need one. */
const placeDocuments = (
  documents: readonly object[],
  kinds: readonly ResourceKind[],
  namespace: string,
): KubernetesObject[] =>
  documents.map((document) => {
    const { clusterScoped } = findKindAmong(kinds, document);
    const object = toStored(document as KubernetesObject);
    if (clusterScoped || object.metadata.namespace !== undefined) return object;
    return { ...object, metadata: { ...object.metadata, namespace } };
  });

type Write = Extract<Change<KubernetesObject>, { action: 'create' | 'update' }>;

async function writeObject(
  client: Client,
  path: string,
  change: Write,
  options: ApplyOptions,
  manager: string,
): Promise<Result> {
  const { after } = change;
  // Only the object that was looked at: not one that has taken its name since.
  const uid = change.action === 'update' ? change.live.metadata.uid : undefined;
  const body = { ...after, metadata: { ...after.metadata, ...(uid && { uid }) } };
  const request = buildApplyRequest(path, body, options, manager);
  const answer = await client.send(`cannot apply ${titleOf(after)}`, request).catch((error: unknown) => {
    throw explainWriteFailure(error, after);
  });
  if (change.action === 'create') return 'created';
  const same = change.live.metadata.resourceVersion === readResourceVersion(answer.body);
  return same && !options.dryRun ? 'unchanged' : 'configured';
}

/** What the field managers of all exports begin with. */
const exportManagers = `${tool}/export-`;

const wasApplied = (live: KubernetesObject): boolean =>
  listAppliers(live).some((manager) => manager.startsWith(exportManagers));

/** Whether all that is in an object was written with kubectl: what this tool printed may be among it. */
const isOfKubectl = ({ metadata: { managedFields = [] } }: KubernetesObject): boolean =>
  managedFields.length > 0 && managedFields.every(({ manager = '' }) => manager.startsWith('kubectl'));

/** Why an object is not this tool's to write: no export applied it, or it does not say for which profile. */
function explainForeign(live: KubernetesObject, wanted: KubernetesObject, forceConflicts = false): string | undefined {
  if (!isMarked(live) || !namesOrigin(live, wanted)) return notOurs;
  if (wasApplied(live)) return undefined;
  if (!isOfKubectl(live) || originOf(live) !== originOf(wanted)) return notOurs;
  return forceConflicts ? undefined : 'it is there already, applied with kubectl (--force-conflicts takes it over)';
}

/** What prune does with an object: what another export has written too is left to it, where it would stay whole. */
function retireApplied(live: KubernetesObject, manager: string): Retirement {
  if (!isMarked(live) || readOwnedFields(live, manager) === undefined || isProtected(live)) return 'keep';
  const others = listAppliers(live).filter((other) => other.startsWith(exportManagers) && other !== manager);
  if (others.length === 0) return 'delete';
  const [field] = listHeldAlone(live, manager, others);
  if (field === undefined) return 'release';
  return { refusal: `${others.join(', ')} has written it too, and would be left without ${field}: run that one first` };
}

/** Objects of some kinds on a consumer's cluster, written by server-side apply as an inventory is. */
export function openTargetCluster(
  options: ConnectOptions,
  context: WriteContext,
  kinds: readonly ResourceKind[],
): TargetStore {
  const { client, namespace } = connect(options, context);
  let whole = true;
  const onInconsistent = (): void => {
    whole = false;
  };
  return {
    title: client.host,
    isWhole: () => whole,
    place: (documents) => placeDocuments(documents, kinds, namespace),
    async read(desired, more) {
      const found: KubernetesObject[] = [];
      for (const kind of kinds) {
        const wanted = desired.filter((object) => findKindAmong(kinds, object) === kind);
        for (const place of listTargetPlaces(kind, wanted, more(kind))) {
          const inPlace = wanted.filter(({ metadata }) => place === undefined || metadata.namespace === place);
          found.push(...(await readPlace({ client, kind, place, wanted: inPlace, onInconsistent })));
        }
      }
      return found;
    },
    async select(kind, place) {
      const at = kind.clusterScoped ? undefined : (place ?? namespace);
      const found: KubernetesObject[] = [];
      const query = { namespace: at, labelSelector: kind.labelSelector };
      for await (const page of listPages(client, kind, query, onInconsistent)) found.push(...page);
      return found;
    },
    compare: (live, wanted, { forceConflicts }) => ({
      ...compareApplied(live, wanted, context.fieldManager),
      refusal: explainForeign(live, wanted, forceConflicts) ?? explainOtherOrigin(live, wanted, forceConflicts),
    }),
    retire: (live) => retireApplied(live, context.fieldManager),
    ensureNamespace: (name) => ensureNamespace(client, name),
    async apply(change: Change<KubernetesObject>, applyOptions: ApplyOptions): Promise<Result> {
      if (change.action === 'unchanged' || change.action === 'refused') return 'unchanged';
      if (applyOptions.dryRun === 'client') return clientResult[change.action];
      const path = formatObjectPath(kinds, 'after' in change ? change.after : change.before);
      if (change.action === 'delete') return remove(client, path, change.before, applyOptions);
      if (change.action === 'release') return release(client, path, change.before, applyOptions, context.fieldManager);
      return writeObject(client, path, change, applyOptions, context.fieldManager);
    },
  };
}
