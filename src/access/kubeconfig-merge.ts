import { byText } from '../util/text.ts';
import { domain } from '../profile/clusterprofile.ts';
import { refusal, type UserError } from '../errors.ts';
import type { KubeconfigFile, NamedEntry } from './kubeconfig-file.ts';
import { isObject, readOwn } from '../object.ts';
import type { Edit } from '../documents/edit/values.ts';

const lists = [
  ['clusters', 'cluster'],
  ['users', 'user'],
  ['contexts', 'context'],
] as const;

type List = (typeof lists)[number][0];
type Content = Record<string, unknown>;

interface Mark {
  profile?: unknown;
  /** Which instances have written the entry; `''` is the one without a name. */
  instances?: unknown;
}

interface MarkedEntry {
  at: number;
  name: string;
  /** Our mark, with the profile that the entry stands for; absent on what somebody else made. */
  mark: Mark | undefined;
  entry: Content;
}

function markOn(body: unknown): MarkedEntry['mark'] {
  const extensions = isObject(body) ? body['extensions'] : undefined;
  if (!Array.isArray(extensions)) return undefined;
  const found: unknown = extensions.find((each) => isObject(each) && each['name'] === domain);
  return isObject(found) ? ((found['extension'] as object | null) ?? {}) : undefined;
}

function* listMarked(content: Content, list: List, inner: string): Iterable<MarkedEntry> {
  const there: unknown = content[list];
  for (const [at, entry] of Array.isArray(there) ? there.entries() : [])
    if (isObject(entry)) yield { at, name: String(entry['name']), mark: markOn(entry[inner]), entry };
}

/** Of several entries of a name, kubectl takes the first. */
function indexFirst(content: Content, list: List, inner: string): Map<string, MarkedEntry> {
  const found = new Map<string, MarkedEntry>();
  for (const entry of listMarked(content, list, inner)) if (!found.has(entry.name)) found.set(entry.name, entry);
  return found;
}

/** The profile of a mark. Marks of the first version have none. */
const readMarkedProfile = (mark: MarkedEntry['mark']): string | undefined =>
  typeof mark?.profile === 'string' ? mark.profile : undefined;

const readMarkedInstances = (mark: MarkedEntry['mark']): string[] =>
  Array.isArray(mark?.instances) ? mark.instances.map(String) : [''];

/** An entry with the instances of its mark replaced. */
function shareEntry(entry: Content, inner: string, instances: readonly string[]): Content {
  const body = entry[inner] as Content & { extensions: unknown[] };
  const extensions = body.extensions.map((each) =>
    isObject(each) && each['name'] === domain
      ? { ...each, extension: { ...(each['extension'] as object), instances: [...instances].toSorted(byText) } }
      : each,
  );
  return { ...entry, [inner]: { ...body, extensions } };
}

/** What `--prune` may take out of a file that others write too. */
export interface Pruning {
  /** Only what was written under the same name, or under none. */
  instance: string | undefined;
  /** Whether this read would have shown the profile of that origin (`namespace/name`), if it were still there. */
  covers(origin: string | undefined): boolean;
  /** Keeps limits and asks; throws where they have to stay. */
  confirm(names: readonly string[], total: number): Promise<void>;
}

/** A kubeconfig with what is to be in it. */
export interface Merge {
  file: string;
  before: Content;
  fresh: KubeconfigFile;
  pruning: Pruning | undefined;
}

/** What of a kubeconfig can be merged, and why the rest cannot. */
export function splitMergeable(merge: Merge): { fresh: KubeconfigFile; refused: UserError[] } {
  const refused = new Map<string, UserError>();
  for (const [list, inner] of lists) {
    const there = indexFirst(merge.before, list, inner);
    for (const wanted of merge.fresh[list]) {
      const old = there.get(wanted.name);
      const error = old && refuseEntry(old, inner, wanted[inner], merge);
      if (error && !refused.has(wanted.name)) refused.set(wanted.name, error);
    }
  }
  const kept = (entries: NamedEntry[]): NamedEntry[] => entries.filter(({ name }) => !refused.has(name));
  const { clusters, users, contexts, ...rest } = merge.fresh;
  const fresh = { ...rest, clusters: kept(clusters), users: kept(users), contexts: kept(contexts) };
  return { fresh, refused: [...refused.values()] };
}

/** Why an entry of the same name is not touched: somebody else made it, or it stands for another profile. */
function refuseEntry(
  { name, mark }: MarkedEntry,
  inner: string,
  wanted: unknown,
  { file, pruning }: Merge,
): UserError | undefined {
  const what = `${file}: its ${inner} ${JSON.stringify(name)}`;
  if (!mark)
    return refusal(
      `${what} was not made by this tool, and stays as it is`,
      'rename that entry, or export into a file of its own',
    );
  const [there, here] = [readMarkedProfile(mark), readMarkedProfile(markOn(wanted))];
  if (there === undefined || there === here || pruning?.covers(there)) return undefined;
  return refusal(
    `${what} stands for ClusterProfile ${there}, not for ${here}`,
    'export into a file of its own; or with -A --prune, where that profile is gone',
  );
}

/** kubectl sorts keys when it writes a kubeconfig, so their order does not count; what is undefined is not written. */
function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSameJson(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  for (const key of Object.keys(b)) if (b[key] !== undefined && !Object.hasOwn(a, key)) return false;
  return Object.keys(a).every((key) => isSameJson(a[key], readOwn(b, key)));
}

/** What to set for one of the lists. */
function listEdits(list: List, inner: string, merge: Merge): Edit[] {
  const there = indexFirst(merge.before, list, inner);
  const before = merge.before[list];
  let next = Array.isArray(before) ? before.length : 0;
  const edits: Edit[] = [];
  for (const fresh of merge.fresh[list]) {
    const old = there.get(fresh.name);
    const own = readMarkedInstances(markOn(fresh[inner]));
    const instances = new Set([...own, ...(old ? readMarkedInstances(old.mark) : [])]);
    const wanted = instances.size === own.length ? fresh : shareEntry(fresh, inner, [...instances]);
    if (!isSameJson(old?.entry, wanted)) edits.push({ path: [list, old?.at ?? next++], value: wanted });
  }
  return edits.length > 0 && !Array.isArray(before) ? [{ path: [list], value: [] }, ...edits] : edits;
}

/** An entry that stands for a profile which is not exported any more. */
interface Stale {
  list: List;
  at: number;
  name: string;
  /** What is left of it where other instances have written it too; absent where nothing is. */
  rest?: Content;
}

/** What of ours may go, and how many entries were ours: by context, as people count clusters. */
export function findStale({ before, fresh, pruning }: Merge): { stale: Stale[]; total: number } {
  const stale: Stale[] = [];
  const own = pruning?.instance ?? '';
  let total = 0;
  for (const [list, inner] of lists) {
    const wanted = new Set(fresh[list].map(({ name }) => name));
    for (const { at, name, mark, entry } of listMarked(before, list, inner)) {
      if (!mark || !readMarkedInstances(mark).includes(own)) continue;
      if (list === 'contexts') total += 1;
      if (wanted.has(name) || !pruning?.covers(readMarkedProfile(mark))) continue;
      const others = readMarkedInstances(mark).filter((instance) => instance !== own);
      stale.push({ list, at, name, ...(others.length > 0 && { rest: shareEntry(entry, inner, others) }) });
    }
  }
  return { stale, total };
}

/** All that changes in the file: our entries, what is stale and may go, and the context to start with. */
export function mergeEdits(merge: Merge, mayGo: (stale: Stale) => boolean): Edit[] {
  const { before, fresh } = merge;
  const edits = lists.flatMap(([list, inner]) => listEdits(list, inner, merge));
  // From the end, so that the places of the others stay what they are.
  const gone = findStale(merge)
    .stale.filter(mayGo)
    .toReversed()
    .map(({ list, at, rest }): Edit => ({ path: [list, at], ...(rest && { value: rest }) }));
  const current = fresh['current-context'];
  if (current !== '' && current !== before['current-context'])
    edits.push({ path: ['current-context'], value: current });
  const head = Object.entries({ apiVersion: 'v1', kind: 'Config' }).filter(([key]) => before[key] === undefined);
  return edits.length + gone.length === 0
    ? []
    : [...head.map(([key, value]) => ({ path: [key], value })), ...edits, ...gone];
}
