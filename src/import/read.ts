import type { ClusterProfile } from '../profile/clusterprofile.ts';
import type { ImportOptions } from './flags.ts';
import type { Item, ListContext, Importer } from './kit/importer.ts';
import type { KubernetesObject, ResourceKind } from '../object.ts';
import type { Cluster } from '../profile/clusterprofile.ts';
import { instant } from '../util/duration.ts';
import { isUserError, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { describeObject, describeOrigin, readObjects, type Origin, type ReadObject } from '../documents/objects.ts';
import { safeLine } from '../util/safe-text.ts';
import { deadline, endedError } from '../util/limits.ts';
import { progress } from '../output/progress.ts';
import { connectContext } from '../stores/open.ts';

/** What was read of a source, and how whole it is. */
export interface Gathered {
  clusters: Cluster[];
  /** Some part could not be read: exit 4, and never a prune. */
  partial: boolean;
  warned: boolean;
  /** The time that stands in where a source gives none; absent for files unless `--as-of` says one. */
  asOf?: string | undefined;
}

/** What was read of one source. */
export interface Batch {
  name: string;
  source: Importer;
  manager: string;
  profiles: ClusterProfile[];
  gathered: Gathered;
}

interface Reading extends ListContext {
  state: { partial: boolean; warned: boolean };
  origins: WeakMap<object, Origin | string>;
}

/** What to read, and for whom. */
export interface Gathering {
  options: ImportOptions;
  io: Io;
  /** Objects that were read already; `import auto` reads its input once for all systems. */
  read?: readonly ReadObject[];
  /** A kind that the source's cluster does not know is nothing to mention. */
  quietAbsence?: boolean;
}

/** What translations and live reads may know and say. */
function reading({ options, io, read, quietAbsence = false }: Gathering): Reading {
  const state = { partial: false, warned: false };
  const origins = new WeakMap<object, Origin | string>();
  const said = new Set<string>();
  let ended = options.timeout === undefined ? undefined : deadline(options, io);
  const say = (text: string, always: boolean): void => {
    if (said.has(text) || (options.quiet && !always)) return;
    said.add(text);
    io.err(text);
  };
  const originOf = (object: unknown): Origin | string | undefined =>
    typeof object === 'object' && object !== null ? origins.get(object) : undefined;
  return {
    state,
    origins,
    options: options.own,
    common: options,
    // A live read is of now; a file is of whenever it was written.
    asOf: options.asOf ?? (options.filename?.length || read ? undefined : instant(Date.now())),
    env: io.env,
    // Made when somebody asks: files are read without, and it takes longer than to read a small one.
    get signal() {
      return (ended ??= deadline(options, io));
    },
    warn(message) {
      state.warned = true;
      say(`warning: ${safeLine(message)}\n`, false);
    },
    partial(message, hint) {
      state.partial = true;
      say(`error: ${safeLine(message)}\n${hint ? `hint: ${hint}\n` : ''}`, true);
    },
    fileOf(object) {
      const origin = originOf(object);
      return typeof origin === 'string' ? origin : (origin?.file ?? 'input');
    },
    read(object, file) {
      if (typeof object === 'object' && object !== null) origins.set(object, file);
      return object;
    },
    objects(resource) {
      return liveObjects(resource, this, { options, io, quietAbsence });
    },
  };
}

/** Objects of one kind from the source's cluster; reports what may not be read. */
async function* liveObjects(
  resource: ResourceKind,
  context: ListContext,
  { options, io, quietAbsence = false }: Gathering,
): AsyncIterable<KubernetesObject> {
  const { connect } = await import('../kubernetes/connect.ts');
  const { listKind } = await import('../kubernetes/list.ts');
  const { client } = connect(
    options.source ?? {},
    connectContext(options, io, (message) => context.warn(message)),
  );
  yield* listKind(client, resource, { namespace: options.source?.namespace, context, quietAbsence });
}

/** The source's own objects among those that were read from files. */
function ownObjects(source: Importer, read: readonly ReadObject[], context: Reading, strict: boolean): unknown[] {
  const objects: unknown[] = [];
  for (const { object, origin } of read) {
    if (source.accepts(object)) {
      context.origins.set(object as object, origin);
      objects.push(object);
    } else if (strict && source.files)
      throw new UserError(`${describeOrigin(origin)}: ${describeObject(object)} is not a kubeconfig`);
  }
  return objects;
}

/** The raw objects: those of a file that was read already, those of `-f`, else live ones. */
async function rawObjects(source: Importer, context: Reading, { options, io, read }: Gathering): Promise<unknown[]> {
  if (read) return ownObjects(source, read, context, false);
  if (options.filename?.length)
    return ownObjects(source, await readObjects(options.filename, io, options), context, true);
  const objects: unknown[] = [];
  for await (const object of source.list(context)) if (source.accepts(object)) objects.push(object);
  return objects;
}

const where = ({ object, title }: Item, context: Reading): string => {
  const origin = typeof object === 'object' && object !== null ? context.origins.get(object) : undefined;
  const place = typeof origin === 'string' ? origin : origin && describeOrigin(origin);
  const name = title ?? (object === undefined ? '' : describeObject(object));
  return [place, name === 'object' ? '' : name].filter(Boolean).join(': ');
};

/** Translates one item; a wrong shape is one error, and the others go on. */
function translateItem(source: Importer, item: Item, context: Reading): Cluster[] {
  try {
    const clusters = source.translate(item, context);
    return clusters === undefined ? [] : Array.isArray(clusters) ? clusters : [clusters];
  } catch (error) {
    if (!isUserError(error)) throw error;
    context.partial([where(item, context), error.message].filter(Boolean).join(': '), error.hint);
    return [];
  }
}

/** Reads a source, live or from files, as clusters. */
export async function gather(source: Importer, gathering: Gathering): Promise<Gathered> {
  const { options, io } = gathering;
  const context = reading(gathering);
  const bar = progress(io, 'reading');
  try {
    const objects = await rawObjects(source, context, gathering);
    const items = source.join ? source.join(objects, context) : objects.map((object): Item => ({ object }));
    return {
      clusters: items.flatMap((item) => translateItem(source, item, context)),
      ...context.state,
      asOf: context.asOf,
    };
  } catch (error) {
    if (context.signal.aborted) throw endedError(options, io);
    throw error;
  } finally {
    bar.end();
  }
}
