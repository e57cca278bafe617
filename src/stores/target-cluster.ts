import { listPages } from '../kubernetes/list.ts';
import type { ApplyOptions, Change, Result, Retirement } from '../kubernetes/change.ts';
import type { KubernetesObject, ResourceKind } from '../object.ts';
import { connect, type ConnectOptions, type WriteContext } from '../kubernetes/connect.ts';
import { isMarked, keys, titleOf, tool } from '../profile/clusterprofile.ts';
import { notOurs, standsForAnother, type TargetStore } from './target-store.ts';
import { apiStatus, exit, usageError, UserError } from '../errors.ts';
import { pathOf, type Client, type ListQuery } from '../kubernetes/client.ts';
import { appliersOf, heldAlone, compareApplied, ownedFields } from '../kubernetes/managed-fields.ts';
import {
  applyRequest,
  clientResult,
  ensureNamespace,
  isProtected,
  release,
  remove,
  versionOf,
  writeFailure,
} from '../kubernetes/apply.ts';

/** An object as the API server keeps it: no undefined fields, and Secrets with `data`, since server-side apply does not track `stringData`. */
function stored(made: KubernetesObject): KubernetesObject {
  const object = JSON.parse(JSON.stringify(made)) as KubernetesObject;
  const { stringData, data, ...rest } = object as KubernetesObject & Record<'stringData' | 'data', object | undefined>;
  if (object.kind !== 'Secret' || stringData === undefined) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
  return { type: 'Opaque', ...rest, data: { ...data, ...(Object.fromEntries(encoded) as object) } } as KubernetesObject;
}

async function listed(
  { client, kind, place, onInconsistent }: Reading,
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

const idOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;
const versionIn = ({ apiVersion }: KubernetesObject): string => apiVersion.split('/').at(-1) ?? '';

interface Reading {
  client: Client;
  kind: ResourceKind;
  /** A namespace; absent for all of them, or for a kind that has none. */
  place: string | undefined;
  wanted: readonly KubernetesObject[];
  onInconsistent: () => void;
}

/** What is there of one kind in one place: ours whole, of others the metadata, and only where a name is wanted. */
async function here(reading: Reading): Promise<KubernetesObject[]> {
  const { kind, wanted } = reading;
  const version = wanted[0] ? versionIn(wanted[0]) : (kind.versions[0] ?? 'v1');
  const own = await listed(reading, version, { labelSelector: `${keys.managedByLabel}=${tool}` });
  const known = new Set(own.map(idOf));
  const missing = new Set(wanted.map(idOf).filter((id) => !known.has(id)));
  if (missing.size === 0) return own;
  const all = await listed(reading, version, { metadataOnly: true });
  return [...own, ...all.filter((object) => missing.has(idOf(object)))];
}

/** Where to look: in the places of the wanted objects and those given. A list of all namespaces holds those of each. */
function placesOf(
  { clusterScoped }: ResourceKind,
  wanted: readonly KubernetesObject[],
  places: readonly (string | undefined)[],
): (string | undefined)[] {
  if (wanted.length === 0 && places.length === 0) return [];
  const at = new Set([...wanted.map(({ metadata }) => metadata.namespace), ...places]);
  return clusterScoped || at.has(undefined) ? [undefined] : [...at];
}

/** The kind of an object among those that a consumer has. What is none, such as a piece of a configuration, is a usage error. */
export function kindAmong(
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

function pathFor(kinds: readonly ResourceKind[], object: KubernetesObject): string {
  const { group, plural, clusterScoped } = kindAmong(kinds, object);
  const namespace = clusterScoped ? undefined : object.metadata.namespace;
  return pathOf({ group, version: versionIn(object), plural, namespace }, object.metadata.name);
}

/** The objects as the cluster would keep them, in the namespace of its context where they name none and need one. */
const placed = (documents: readonly object[], kinds: readonly ResourceKind[], namespace: string): KubernetesObject[] =>
  documents.map((document) => {
    const { clusterScoped } = kindAmong(kinds, document);
    const object = stored(document as KubernetesObject);
    if (clusterScoped || object.metadata.namespace !== undefined) return object;
    return { ...object, metadata: { ...object.metadata, namespace } };
  });

type Write = Extract<Change<KubernetesObject>, { action: 'create' | 'update' }>;

async function write(
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
  const request = applyRequest(path, body, options, manager);
  const answer = await client.send(`cannot apply ${titleOf(after)}`, request).catch((error: unknown) => {
    throw writeFailure(error, after);
  });
  if (change.action === 'create') return 'created';
  const same = change.live.metadata.resourceVersion === versionOf(answer.body);
  return same && !options.dryRun ? 'unchanged' : 'configured';
}

/** What the field managers of all exports begin with. */
const exportManagers = `${tool}/export-`;

/** What prune does with an object: what another export has written too is left to it, where it would stay whole. */
function retireApplied(live: KubernetesObject, manager: string): Retirement {
  if (!isMarked(live) || ownedFields(live, manager) === undefined || isProtected(live)) return 'keep';
  const others = appliersOf(live).filter((other) => other.startsWith(exportManagers) && other !== manager);
  if (others.length === 0) return 'delete';
  const [field] = heldAlone(live, manager, others);
  if (field === undefined) return 'release';
  return { refusal: `${others.join(', ')} has written it too, and would be left without ${field}: run that one first` };
}

/** Objects of some kinds on a consumer's cluster, written by server-side apply as an inventory is. */
export function targetCluster(
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
    place: (documents) => placed(documents, kinds, namespace),
    async read(desired, more) {
      const found: KubernetesObject[] = [];
      for (const kind of kinds) {
        const wanted = desired.filter((object) => kindAmong(kinds, object) === kind);
        for (const place of placesOf(kind, wanted, more(kind))) {
          const inPlace = wanted.filter(({ metadata }) => place === undefined || metadata.namespace === place);
          found.push(...(await here({ client, kind, place, wanted: inPlace, onInconsistent })));
        }
      }
      return found;
    },
    compare: (live, wanted, { forceConflicts }) => ({
      ...compareApplied(live, wanted, context.fieldManager),
      refusal: isMarked(live) ? standsForAnother(live, wanted, forceConflicts) : notOurs,
    }),
    retire: (live) => retireApplied(live, context.fieldManager),
    ensureNamespace: (name) => ensureNamespace(client, name),
    async apply(change: Change<KubernetesObject>, applyOptions: ApplyOptions): Promise<Result> {
      if (change.action === 'unchanged' || change.action === 'refused') return 'unchanged';
      if (applyOptions.dryRun === 'client') return clientResult[change.action];
      const path = pathFor(kinds, 'after' in change ? change.after : change.before);
      if (change.action === 'delete') return remove(client, path, change.before, applyOptions);
      if (change.action === 'release') return release(client, path, change.before, applyOptions, context.fieldManager);
      return write(client, path, change, applyOptions, context.fieldManager);
    },
  };
}
