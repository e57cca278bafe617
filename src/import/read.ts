import type { Acceptance } from '../lint/ignore/accept.ts';
import { peekAt } from './kit/facts.ts';
import type { ImportOptions } from './flags.ts';
import { partOf, type Item, type ListContext, type Importer, type Login } from './kit/importer.ts';
import { chooseNamespace, type KubernetesObject, type ResourceKind } from '../object.ts';
import type { Cluster, ClusterProfile, UnknownFacts } from '../profile/clusterprofile.ts';
import { formatTime } from '../util/duration.ts';
import { isUserError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { ReadInput } from '../documents/read-input.ts';
import { describeObject, describeOrigin, type Origin } from '../documents/objects.ts';
import { explainNothingRead, readFilesFor, type FindReaders } from './files.ts';
import { isOwn, nameRead } from '../documents/unread.ts';
import { explainNoValues } from '../documents/values.ts';
import { accountFor, listUnreadParts, type LedgerEntry } from './ledger.ts';
import { separateRepeated } from './repeated.ts';
import type { Listener, Notices } from '../util/notices.ts';
import { startDeadline, describeEnd } from '../util/limits.ts';
import { startProgress } from '../output/progress.ts';
import { connectContext } from '../stores/open.ts';
import { compileNames } from './select.ts';
import { hasNoServer, keepUntold, separateUnread } from './unread.ts';

/** What was read of one source, and how whole it is. */
export interface Batch {
  name: string;
  source: Importer;
  manager: string;
  profiles: ClusterProfile[];
  /** What the read did not tell of a profile. */
  unknown: ReadonlyMap<ClusterProfile, readonly UnknownFacts[]>;
  /** Some part could not be read: exit 4, and never a prune. */
  partial: boolean;
  warned: boolean;
  /** What of the input gave no cluster. */
  ledger: readonly LedgerEntry[];
}

interface ImportReading extends ListContext {
  ledger: LedgerEntry[];
  /** Clusters without a server of which nothing else was said. */
  serverless: string[];
  /** As what an error names the item that a cluster was made of. */
  subjects: Map<Cluster, { name: string }>;
  notices: ReadRequest['notices'];
  parts: Map<string, boolean>;
  origins: WeakMap<object, Origin | string>;
}

/** What to read, and for whom. */
export interface ReadRequest {
  options: ImportOptions;
  io: Io;
  /** Objects that were read already; `import auto` reads its input once for all systems. */
  read?: ReadInput;
  /** A kind that the source's cluster does not know is nothing to mention. */
  quietAbsence?: boolean;
  /** The systems that read some of these objects, for an input that has nothing for this one. */
  findReaders?: FindReaders | undefined;
  /** The warnings that are accepted. */
  acceptance?: Acceptance | undefined;
  /** Of clusters, and of items that no cluster came of. */
  notices: Notices<{ name: string }>;
}

/** What translations and live reads may know and say. */
function createReading({ options, io, read, quietAbsence = false, notices }: ReadRequest): ImportReading {
  const origins = new WeakMap<object, Origin | string>();
  const parts = new Map<string, boolean>();
  const ledger: LedgerEntry[] = [];
  let ended = options.timeout === undefined ? undefined : startDeadline(options, io);
  const originOf = (object: unknown): Origin | string | undefined =>
    typeof object === 'object' && object !== null ? origins.get(object) : undefined;
  return {
    notices,
    origins,
    ledger,
    serverless: [],
    subjects: new Map(),
    options: options.own,
    common: options,
    // A live read is of now; a file is of whenever it was written.
    asOf: options.asOf ?? (options.filename?.length || read ? undefined : formatTime(Date.now())),
    env: io.env,
    // Made when somebody asks: files are read without, and it takes longer than to read a small one.
    get signal() {
      return (ended ??= startDeadline(options, io));
    },
    warn: (message) => notices.warn(message),
    partial: (message, hint) => notices.fail(message, undefined, hint),
    leaveOut: (noun, reason, flag, what = '') => void ledger.push({ state: 'left out', what, noun, reason, flag }),
    isNamed: compileNames(options),
    fileOf(object) {
      const origin = originOf(object);
      return typeof origin === 'string' ? origin : (origin?.file ?? 'input');
    },
    placeOf(object) {
      const origin = originOf(object);
      return typeof origin === 'string' ? origin : origin ? describeOrigin(origin) : 'a response';
    },
    read(object, file) {
      if (typeof object === 'object' && object !== null) origins.set(object, file);
      return object;
    },
    parts,
    ask: (part) => void parts.set(part, true),
    miss(part, { message, hint }) {
      parts.set(part, false);
      notices.fail(message, undefined, hint);
    },
    objects(resource) {
      return listLiveObjects(resource, this, { options, io, quietAbsence, notices });
    },
    details(resource, remedy) {
      return liveDetails(resource, this, { options, io, quietAbsence, notices }, remedy);
    },
  };
}

/** Objects of one kind from the source's cluster; reports what may not be read. */
async function* listLiveObjects(
  resource: ResourceKind,
  context: Pick<ListContext, 'warn' | 'partial'>,
  { options, io, quietAbsence = false }: ReadRequest,
): AsyncIterable<KubernetesObject> {
  const { connect } = await import('../kubernetes/connect.ts');
  const { listKind } = await import('../kubernetes/list.ts');
  const requestTimeout = options.source?.requestTimeout ?? options.requestTimeout;
  const target = {
    ...options.source,
    role: 'source' as const,
    ...(requestTimeout !== undefined && { requestTimeout }),
  };
  const { client } = connect(target, connectContext(options, io, context.warn));
  yield* listKind(client, resource, { namespace: options.source?.namespace, context, quietAbsence });
}

/** Objects of a kind beside the clusters: whatever keeps them from being read is noted, and the clusters stay. */
async function* liveDetails(
  resource: ResourceKind,
  context: ListContext,
  gathering: ReadRequest,
  remedy: string | undefined,
): AsyncIterable<KubernetesObject> {
  const namespace = chooseNamespace(resource, gathering.options.source?.namespace);
  const part = partOf({ ...resource, namespace });
  const partial = (message: string, hint?: string): void =>
    context.miss(part, { message, hint: [hint, remedy].filter(Boolean).join('; ') || undefined });
  context.ask(part);
  try {
    for await (const object of listLiveObjects(resource, { warn: context.warn, partial }, gathering)) {
      const reason = explainNoValues(object);
      if (reason === undefined) yield object;
      else context.miss(part, { message: `${describeObject(object)}: ${reason}`, hint: remedy });
    }
  } catch (error) {
    if (!isUserError(error) || context.signal.aborted) throw error;
    context.miss(part, error);
  }
}

/** The source's own objects among those that were read from files. */
function filterOwnObjects(source: Importer, input: ReadInput, context: ImportReading): unknown[] {
  for (const part of listUnreadParts(input, source)) context.parts.set(part, false);
  const { once: own, again } = separateRepeated(input.objects.filter(({ object }) => isOwn(source, object)));
  const why = { noun: 'object', reason: 'given again', flag: 'each is used once' };
  for (const each of again) context.ledger.push({ state: 'left out', what: nameRead(each), ...why });
  for (const { object, origin } of own) context.origins.set(object as object, origin);
  return own.map(({ object }) => object);
}

/** The raw objects: those of a file that was read already, those of `-f`, else live ones. */
async function readRawObjects(source: Importer, context: ImportReading, gathering: ReadRequest): Promise<unknown[]> {
  const { read } = gathering;
  if (read) return filterOwnObjects(source, read, context);
  const { options, io, findReaders } = gathering;
  if (options.filename?.length) {
    const input = await readFilesFor(source, options, io);
    const { entries, others } = accountFor(input, [source], context.notices);
    context.ledger.push(...entries);
    const own = filterOwnObjects(source, input, context);
    const isTold = options.quiet || entries.some(({ state }) => state === 'not read');
    if (own.length === 0 && !isTold) await explainNothingRead(others, findReaders, io);
    return own;
  }
  const objects: unknown[] = [];
  for await (const object of source.list(context)) if (source.accepts(object)) objects.push(object);
  return objects;
}

const describeItem = ({ object, title }: Item, context: ImportReading): string => {
  const origin = typeof object === 'object' && object !== null ? context.origins.get(object) : undefined;
  const place = typeof origin === 'string' ? origin : origin && describeOrigin(origin);
  const name = title ?? (object === undefined ? '' : describeObject(object));
  return [place, name === 'object' ? '' : name].filter(Boolean).join(': ');
};

/** Names an item that no cluster came of. */
function nameItem({ object, title }: Item): string {
  const name = peekAt(object, 'metadata', 'name');
  return typeof name === 'string' ? name : (title ?? describeObject(object));
}

const nameLeftOut = ({ object, title }: Item): string => title ?? describeObject(object);

/**
 * Translates one item. What is said meanwhile is of its cluster, and each message once. A wrong shape is one error, and
 * the others go on.
 */
function translateItem(source: Importer, item: Item, context: ImportReading): Cluster[] {
  const { notices, subjects, options, common, asOf, fileOf, placeOf, parts, isNamed, leaveOut } = context;
  const title = describeItem(item, context);
  const subject = title ? { name: title } : undefined;
  const said = new Set<string>();
  const listener: Listener = {
    warn: (message) => void said.add(message),
    partial: (message, hint) => notices.fail(message, subject, hint),
  };
  try {
    const made = source.translate(item, {
      options,
      common,
      asOf,
      fileOf,
      placeOf,
      parts,
      isNamed,
      ...listener,
      leaveOut: (noun, reason, flag) => leaveOut(noun, reason, flag, nameLeftOut(item)),
    });
    const read = (made === undefined ? [] : [made].flat()).map((each) => separateUnread(each, listener, asOf));
    const clusters = read.map((each) => keepUntold(each, item.object, source));
    if (subject) for (const cluster of clusters) subjects.set(cluster, subject);
    if (said.size === 0) context.serverless.push(...read.filter(hasNoServer).map(({ name }) => name));
    else {
      const cluster = clusters[0] ?? { name: nameItem(item) };
      for (const message of said) notices.warn(message, cluster);
    }
    return clusters;
  } catch (error) {
    if (!isUserError(error)) throw error;
    notices.fail(error.message, subject, error.hint);
    return [];
  }
}

/**
 * Reads a source, live or from files, as clusters. `asOf` stands in where a source gives no time; it is absent for files
 * unless `--as-of` says one.
 */
export async function readClusters(
  source: Importer,
  gathering: ReadRequest,
): Promise<{
  clusters: Cluster[];
  logins: ReadonlyMap<Cluster, Login>;
  asOf: string | undefined;
  ledger: readonly LedgerEntry[];
  serverless: readonly string[];
  subjects: ReadonlyMap<Cluster, { name: string }>;
}> {
  const { options, io } = gathering;
  const context = createReading(gathering);
  const bar = startProgress(io, 'reading');
  try {
    const objects = await readRawObjects(source, context, gathering);
    const items = source.join ? source.join(objects, context) : objects.map((object): Item => ({ object }));
    const logins = new Map<Cluster, Login>();
    const clusters = items.flatMap((item) => {
      const made = translateItem(source, item, context);
      const login = source.loginOf?.(item);
      if (login) for (const cluster of made) logins.set(cluster, login);
      return made;
    });
    return {
      clusters,
      logins,
      asOf: context.asOf,
      ledger: context.ledger,
      serverless: context.serverless,
      subjects: context.subjects,
    };
  } catch (error) {
    if (context.signal.aborted) throw describeEnd(options, io);
    throw error;
  } finally {
    bar.end();
  }
}
