import type { KubeCluster, KubeContext, KubeUser } from '../../kubernetes/kubeconfig-entries.ts';
import { mergeKubeconfigs, type Kubeconfig } from '../../kubernetes/kubeconfig.ts';
import { isUserError, type UserError } from '../../errors.ts';
import type { ImportContext } from '../../import/kit/importer.ts';
import { quoteForShell } from '../../util/shell.ts';
import { groupBy } from '../../util/collections.ts';
import { byText } from '../../util/text.ts';
import { readGatewayCluster } from './plugins.ts';
import { separateClusters, type Entry, type KubeconfigCluster } from './separate.ts';

/** A kubeconfig as a list of clusters: which entries are one cluster, and which entry is several. */

/** A context with what it refers to. */
interface Resolved {
  name: string;
  cluster: KubeCluster;
  userName: string | undefined;
  user: KubeUser | undefined;
}

/** What the importer is told of a configuration, and which clusters it asks for. */
type EntryReport = Pick<ImportContext, 'warn' | 'partial' | 'isNamed' | 'leaveOut'>;

/** An entry of the own file, else of the only other one that has it: some keep clusters and users in files of their own. */
function findEntry<T>(
  name: string | undefined,
  own: ReadonlyMap<string, T>,
  all: readonly ReadonlyMap<string, T>[],
): T | undefined {
  const here = own.get(name ?? '');
  if (here) return here;
  const elsewhere = all.map((each) => each.get(name ?? '')).filter((found) => found !== undefined);
  return elsewhere.length === 1 ? elsewhere[0] : undefined;
}

const refersTo = (context: string, kind: string, name: string): string =>
  `context ${JSON.stringify(context)} refers to ${kind} ${JSON.stringify(name)}, which does not exist`;

/** How a context that nothing can be made of is left out on purpose. */
function explainLeftover(context: string, names: readonly string[]): string {
  const flags = names.map((each) => `--exclude ${quoteForShell(each)}`).join(' ');
  return `${flags} leaves it out on purpose; kubectl config delete-context ${quoteForShell(context)} takes a leftover away`;
}

/** Says what a context lacks, unless nobody asks for its profile, which may be named after it or after its cluster. */
function reportLost(
  lost: string,
  [name, { cluster }]: readonly [name: string, context: KubeContext],
  { partial, isNamed, leaveOut }: EntryReport,
): void {
  const names = [...new Set([cluster ?? name, name])];
  if (names.some(isNamed)) partial(lost, explainLeftover(name, names));
  else leaveOut('context', 'not selected', '--include, --exclude', name);
}

/** The contexts of each cluster, the current one first, then by name. */
function resolveContexts(configs: readonly Kubeconfig[], report: EntryReport): ReadonlyMap<KubeCluster, Resolved[]> {
  const [clusters, users] = [configs.map((each) => each.clusters), configs.map((each) => each.users)];
  const areTakenOut = configs.every(({ withoutUsers }) => withoutUsers);
  const resolved: Resolved[] = [];
  for (const config of configs) {
    const isCurrent = (name: string): number => (name === config.currentContext ? 0 : 1);
    const sorted = [...config.contexts].toSorted(([a], [b]) => isCurrent(a) - isCurrent(b) || byText(a, b));
    for (const [name, context] of sorted) {
      const cluster = findEntry(context.cluster, config.clusters, clusters);
      const user = findEntry(context.user, config.users, users);
      if (cluster) resolved.push({ name, cluster, userName: context.user, user });
      const isUserLost = context.user && !user && !areTakenOut;
      const lost =
        !cluster && context.cluster !== undefined
          ? refersTo(name, 'cluster', context.cluster)
          : isUserLost && refersTo(name, 'user', context.user ?? '');
      if (lost) reportLost(lost, [name, context], report);
    }
  }
  const byCluster = groupBy(resolved, ({ cluster }) => cluster);
  for (const [{ at = '' }, contexts] of byCluster) reportTakenOut(at, contexts, report.partial);
  return byCluster;
}

/** A login tells which of several clusters behind one entry it is; nobody knows where logins are taken out. */
function reportTakenOut(at: string, contexts: readonly Resolved[], partial: EntryReport['partial']): void {
  const names = new Set(contexts.map(({ userName }) => userName));
  if (names.size > 1 && contexts.every(({ user }) => !user))
    partial(`${contexts.length} contexts of ${at} have users that are not there, and may be a cluster each`);
}

/** Whether the contexts of one cluster entry stand for a cluster each. */
function isGateway(contexts: readonly Resolved[]): boolean {
  const asked = contexts.map(({ userName, user }) => readGatewayCluster(userName, user));
  const told = new Set(asked.map((each) => each && JSON.stringify(each.extension)));
  return asked.some((each) => each?.certain) || (told.size > 1 && !told.has(undefined));
}

/** A context for each cluster behind a gateway, the first by name: others differ by namespace or by user. */
function pickMembers(contexts: readonly Resolved[]): Resolved[] {
  const sorted = contexts.toSorted((a, b) => byText(a.name, b.name));
  const members = groupBy(sorted, ({ name, userName, user }) => {
    const asked = readGatewayCluster(userName, user);
    return asked ? JSON.stringify(asked.extension) : name;
  });
  return [...members.values()].flatMap((same) => same.slice(0, 1));
}

/** What profiles are named after. */
interface Naming {
  perContext: boolean;
  /** `context`: the only context of a cluster, whose name people know. */
  nameFrom: 'cluster' | 'context';
}

/** The entries that a cluster of a configuration stands for. */
function listEntries(
  [name, cluster]: [string, KubeCluster],
  contexts: readonly Resolved[],
  { perContext, nameFrom }: Naming,
): Entry[] {
  if (perContext || isGateway(contexts)) {
    const shown = perContext ? contexts : pickMembers(contexts);
    return shown.map((each) => ({ object: undefined, title: each.name, kind: 'context', users: 1, ...each }));
  }
  const first = contexts.find(({ user }) => user !== undefined);
  const users = new Set(contexts.map(({ user }) => user).filter((user) => user !== undefined)).size;
  const { userName, user } = first ?? { userName: undefined, user: undefined };
  const [only, ...others] = contexts;
  const title = nameFrom === 'context' && only && others.length === 0 ? only.name : name;
  return [{ object: undefined, title, name: title, kind: 'cluster', cluster, userName, user, users }];
}

function reportConfig(config: Kubeconfig, { warn, partial }: EntryReport): void {
  for (const fault of config.unread) partial(fault);
  for (const fault of config.ignored) warn(fault);
  for (const { kind, name, file } of config.repeated)
    warn(`${kind} ${JSON.stringify(name)} is set again in ${file}: the first one counts, as for kubectl`);
}

type ReadDocument = { document: unknown; file: string };

/** A configuration that is a list of clusters, and the file that it is of. */
interface ListedConfig extends Kubeconfig {
  file: string;
}

/** Each file as a configuration of its own. One that cannot be read does not stop the others. */
function readEach(documents: readonly ReadDocument[], { partial }: EntryReport): ListedConfig[] {
  const configs: ListedConfig[] = [];
  const errors: UserError[] = [];
  for (const document of documents)
    try {
      configs.push({ ...mergeKubeconfigs([document]), file: document.file });
    } catch (error) {
      if (!isUserError(error)) throw error;
      errors.push(error);
    }
  const [first] = errors;
  if (first && configs.length === 0) throw first;
  for (const { message } of errors) partial(message);
  return configs;
}

/**
 * Says which of several files have no clusters: nothing at all, as one that was cut, or users and contexts of which
 * nothing tells which clusters these are for.
 */
function reportWithoutClusters(
  configs: readonly ListedConfig[],
  resolved: ReadonlyMap<KubeCluster, Resolved[]>,
  { partial }: EntryReport,
): void {
  const used = new Set([...resolved.values()].flat().map(({ user }) => user));
  for (const { file, clusters, users, contexts } of configs) {
    if (clusters.size > 0) continue;
    if (users.size + contexts.size === 0) {
      if (configs.length > 1) partial(`${file}: it has no clusters`);
      continue;
    }
    const isTied =
      [...contexts.values()].some(({ cluster }) => cluster !== undefined) ||
      [...users.values()].some((user) => used.has(user));
    if (!isTied) partial(`${file}: it has ${contexts.size > 0 ? 'contexts' : 'users'} and no clusters`);
  }
}

/**
 * The clusters of kubeconfigs: of files that were listed, each of which is a list of clusters, or of those that kubectl
 * merges into one configuration.
 */
export function listKubeconfigClusters(
  documents: ReadDocument[],
  { listed, ...naming }: Naming & { listed: boolean },
  report: EntryReport,
): KubeconfigCluster[] {
  const files = listed ? readEach(documents, report) : [];
  const configs = listed ? files : [mergeKubeconfigs(documents)];
  for (const config of configs) reportConfig(config, report);
  const contexts = resolveContexts(configs, report);
  reportWithoutClusters(files, contexts, report);
  const entries = configs.flatMap(({ clusters }) =>
    [...clusters]
      .filter(([name]) => name !== '')
      .flatMap((each) => listEntries(each, contexts.get(each[1]) ?? [], naming)),
  );
  return [...groupBy(entries, ({ kind, name }) => `${kind}/${name}`).values()].flatMap(separateClusters);
}
