import type { Cluster, ClusterProfile, KubernetesObject } from '../clusterprofile.ts';
import { isManagerName, isNamespaceName } from '../clusterprofile.ts';
import { clusterProfiles, type OnCollision } from '../collisions.ts';
import { exit, isUserError, UserError, usageError } from '../errors.ts';
import type { Inventory } from '../inventory.ts';
import type { Io } from '../io.ts';
import { describeObject, describeOrigin, readObjects, type Origin } from '../kubernetes/objects.ts';
import { isLabelValue } from '../names.ts';
import { renderer } from '../renderers/index.ts';
import { safeLine } from '../renderers/safe.ts';
import type { ListContext, ResourceKind, Source } from '../system.ts';
import { carryOut, makePlan, showDiff, type WriteOptions } from './carry-out.ts';
import { sourceTarget } from './flags.ts';
import { progress } from './progress.ts';
import { confirmPrune, guardPrune } from './prune.ts';
import { connectContext, deadline, endedError, openInventory } from './target.ts';

export interface ImportOptions extends WriteOptions {
  filename?: string[];
  recursive?: boolean;
  clusterManager?: string;
  clusterset?: string;
  onCollision?: OnCollision;
  asOf?: string;
  failOnEmpty?: boolean;
  strict?: boolean;
  diff?: boolean;
  apply?: boolean;
  outputDir?: string;
  prune?: boolean;
  maxDelete?: string;
  allowEmpty?: boolean;
  yes?: boolean;
  sourceNamespace?: string;
}

/** What was read of a source, and how whole it is. */
export interface Gathered {
  clusters: Cluster[];
  /** Some part could not be read: exit 4, and never a prune. */
  partial: boolean;
  warned: boolean;
}

interface Reading extends ListContext {
  state: { partial: boolean; warned: boolean };
  origins: WeakMap<object, Origin | string>;
}

/** What translations and live reads may know and say. */
function reading(options: ImportOptions, io: Io): Reading {
  const state = { partial: false, warned: false };
  const origins = new WeakMap<object, Origin | string>();
  const said = new Set<string>();
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
    options: options as Readonly<Record<string, unknown>>,
    asOf: options.asOf,
    env: io.env,
    signal: deadline(options, io),
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
      return liveObjects(resource, this, options, io);
    },
  };
}

/** Objects of one kind from the source's cluster; reports what may not be read. */
async function* liveObjects(
  resource: ResourceKind,
  context: ListContext,
  options: ImportOptions,
  io: Io,
): AsyncIterable<KubernetesObject> {
  const { connect } = await import('../access/connect.ts');
  const { listKind } = await import('../kubernetes/kinds.ts');
  const { client } = connect(
    sourceTarget(options as Record<string, unknown>),
    connectContext(options, io, (message) => context.warn(message)),
  );
  yield* listKind(client, resource, options.sourceNamespace, context);
}

/** The raw objects: from `-f`, else live. */
async function rawObjects(source: Source, options: ImportOptions, io: Io, context: Reading): Promise<unknown[]> {
  const objects: unknown[] = [];
  if (options.filename?.length) {
    for (const { object, origin } of await readObjects(options.filename, io, options.recursive)) {
      if (!source.accepts(object)) {
        if (source.files)
          throw new UserError(`${describeOrigin(origin)}: ${describeObject(object)} is not a kubeconfig`);
        continue;
      }
      context.origins.set(object as object, origin);
      objects.push(object);
    }
    return objects;
  }
  for await (const object of source.list(context)) if (source.accepts(object)) objects.push(object);
  return objects;
}

const where = (resource: unknown, context: Reading): string => {
  const origin = typeof resource === 'object' && resource !== null ? context.origins.get(resource) : undefined;
  const place = typeof origin === 'string' ? origin : origin && describeOrigin(origin);
  return [place, describeObject(resource)].filter(Boolean).join(': ');
};

/** Translates one resource; a wrong shape is one error, and the others go on. */
function translated(source: Source, resource: unknown, context: Reading): Cluster[] {
  try {
    const clusters = source.translate(resource, context);
    return clusters === undefined ? [] : Array.isArray(clusters) ? clusters : [clusters];
  } catch (error) {
    if (!isUserError(error)) throw error;
    context.partial(`${where(resource, context)}: ${error.message}`, error.hint);
    return [];
  }
}

/** Reads a source, live or from files, as clusters. */
export async function gather(source: Source, options: ImportOptions, io: Io): Promise<Gathered> {
  const context = reading(options, io);
  const bar = progress(io, 'reading');
  try {
    const objects = await rawObjects(source, options, io, context);
    const resources = source.join ? source.join(objects, context) : objects;
    return { clusters: resources.flatMap((resource) => translated(source, resource, context)), ...context.state };
  } catch (error) {
    if (context.signal.aborted) throw endedError(options, io);
    throw error;
  } finally {
    bar.end();
  }
}

function check(options: ImportOptions, manager: string): void {
  if (!isManagerName(manager))
    throw usageError(`--cluster-manager must be a label value of 1 to 63 characters, not ${JSON.stringify(manager)}`);
  if (options.namespace !== undefined && !isNamespaceName(options.namespace))
    throw usageError(`${JSON.stringify(options.namespace)} is not a namespace name`);
  if (options.clusterset !== undefined && (options.clusterset === '' || !isLabelValue(options.clusterset)))
    throw usageError(`--clusterset must be a label value, not ${JSON.stringify(options.clusterset)}`);
  if (options.onCollision !== undefined && options.onCollision !== 'error' && options.onCollision !== 'hash')
    throw usageError('--on-collision takes error or hash');
  if (options.asOf !== undefined && Number.isNaN(Date.parse(options.asOf)))
    throw usageError(`--as-of takes an RFC 3339 time, not ${JSON.stringify(options.asOf)}`);
  if (options.prune && !options.apply && !options.diff && !options.outputDir)
    throw usageError('--prune goes with --apply or --diff');
  if ([options.apply, options.diff, options.outputDir].filter(Boolean).length > 1)
    throw usageError('--apply, --diff and --output-dir exclude each other');
  if (options.dryRun && !options.apply) throw usageError('--dry-run goes with --apply');
}

async function print(profiles: readonly ClusterProfile[], options: ImportOptions, io: Io): Promise<void> {
  const { readText } = await import('../kubernetes/objects.ts');
  const print = await renderer(
    options.output ?? 'yaml',
    { stream: true, now: Date.now(), showNamespace: true, terminal: io.terminal.out },
    readText,
  );
  io.out(print.page(profiles));
  io.out(await print.end());
}

interface Run {
  name: string;
  manager: string;
  gathered: Gathered;
  options: ImportOptions;
  io: Io;
}

/** Diffs or applies, with the guards of prune. */
async function reconcile(profiles: ClusterProfile[], run: Run): Promise<number> {
  const { name, manager, gathered, options, io } = run;
  const target = options.outputDir === undefined ? options : { ...options, inventory: options.outputDir };
  const inventory: Inventory = await openInventory(target, io, { fieldManager: `clusterprofile/${name}` });
  if (options.prune) guardPrune({ found: profiles.length, partial: gathered.partial, allowEmpty: options.allowEmpty });
  const namespaces = options.prune ? [options.namespace ?? inventory.namespace] : [];
  const changes = await makePlan(inventory, profiles, {
    manager,
    prune: options.prune ?? false,
    forceConflicts: options.forceConflicts,
    namespaces,
  });
  if (options.diff)
    return showDiff({
      changes,
      options: { ...options, output: options.output === 'yaml' ? '' : (options.output ?? '') },
      io,
    });
  if (options.prune) await confirmPrune(changes, inventory, options, io);
  return carryOut({ inventory, changes, options, io });
}

/** `import <system>`: reads, translates, then prints, diffs or applies. Returns the exit code. */
export async function importFrom(name: string, source: Source, options: ImportOptions, io: Io): Promise<number> {
  const manager = options.clusterManager ?? source.manager;
  check(options, manager);
  const gathered = await gather(source, options, io);
  const warn = (message: string): void => {
    gathered.warned = true;
    if (!options.quiet) io.err(`warning: ${safeLine(message)}\n`);
  };
  const placement = { manager, namespace: options.namespace, clusterSet: options.clusterset, asOf: options.asOf };
  const profiles = clusterProfiles(
    gathered.clusters,
    (cluster) => ({ ...placement, namespace: placement.namespace ?? cluster.namespace ?? source.namespace }),
    { onCollision: options.onCollision ?? 'error', warn },
  );
  if (profiles.length === 0 && !options.quiet) io.err('note: no cluster found\n');
  const code =
    options.apply || options.diff || options.outputDir
      ? await reconcile(profiles, { name, manager, gathered, options, io })
      : (await print(profiles, options, io), exit.done);
  if (gathered.partial || (options.strict && gathered.warned))
    return code === exit.done || code === exit.negative ? exit.partial : code;
  if (profiles.length === 0 && options.failOnEmpty) throw new UserError('no cluster found', { code: exit.notFound });
  return code;
}
