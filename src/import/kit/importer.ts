import type { Cluster, ClusterProfile, UnknownFacts } from '../../profile/clusterprofile.ts';
import type { ObjectReader } from '../../documents/unread.ts';
import type { KubernetesObject, ResourceKind } from '../../object.ts';
import type { OptionTable, ValuesOf } from '../../options.ts';
import type { KubeCluster, KubeUser } from '../../kubernetes/kubeconfig-entries.ts';
import type { Listener } from '../../util/notices.ts';

/** Flags of every import that a system may have to know. */
interface CommonFlags {
  verbose?: boolean | undefined;
  /** The files that are read instead of a live source. */
  filename?: readonly string[] | undefined;
  requestTimeout?: number | undefined;
  prune?: boolean | undefined;
  namespace?: string | undefined;
  kubeconfig?: string | undefined;
  /** Of the cluster that is imported from. */
  source?: { readonly kubeconfig?: string | undefined; readonly namespace?: string | undefined } | undefined;
}

/** What a translation may know and say; `T` are the system's own flags. In `translate` the cluster is named by who hears it. */
export interface ImportContext<T extends OptionTable = OptionTable> extends Listener {
  options: ValuesOf<T>;
  common: CommonFlags;
  /** RFC 3339; set where `--as-of` is, or for a live read. Never read the wall clock in a translation. */
  asOf?: string | undefined;
  /** The file an object was read from, for messages and relative paths. */
  fileOf(object: unknown): string;
  /** The file and the document that an object was read from, for messages; `a response` for what a live source answered. */
  placeOf(object: unknown): string;
  /**
   * What was asked of the source beside its clusters, by a name for messages, and whether it was read. For files, which hold
   * what somebody has put into them, only what was there and could not be read. `unknownOf` asks it.
   */
  parts: ReadonlyMap<string, boolean>;
  /**
   * The item is a cluster that is left out on purpose: `2 Secrets` (the noun) `of Argo CD's own cluster` (the reason), and
   * the flag that decides so. Said once, with the count. `what` names it where there is no item.
   */
  leaveOut(noun: string, reason: string, flag: string, what?: string): undefined;
  /** Whether a cluster of this name is asked for, by --include and --exclude. */
  isNamed(name: string): boolean;
}

/** What a live read may use besides. */
export interface ListContext<T extends OptionTable = OptionTable> extends ImportContext<T> {
  env: Readonly<Record<string, string | undefined>>;
  /** Remembers which file an object was read from, and hands it back. */
  read(object: unknown, file: string): unknown;
  /** Ends with the command, at the latest when `--timeout` is over. */
  signal: AbortSignal;
  /** Objects of a kind from the source's cluster (`--source-context` …), paged; reports what it may not read. */
  objects(resource: ResourceKind): AsyncIterable<KubernetesObject>;
  /**
   * The same for a kind that tells more of clusters that are known: where it cannot be read, they are there without.
   * `remedy`: what makes the run whole without a right to it.
   */
  details(resource: ResourceKind, remedy?: string): AsyncIterable<KubernetesObject>;
  /** Notes that a part is asked for. */
  ask(part: string): void;
  /** Notes that a part could not be read (exit 4). */
  miss(part: string, error: { message: string; hint?: string | undefined }): void;
}

/** What was read of one cluster, with whatever else of the input belongs to it. */
export interface Item<Read = unknown> {
  /** The object that was read; messages name it. */
  object: Read;
  /** How messages name it where its object does not say. */
  title?: string;
}

/** How a kubeconfig reaches a cluster, and as whom. */
export interface Login {
  cluster: KubeCluster;
  user: KubeUser | undefined;
}

/** Reads a list of clusters from a system (fan-in). */
export interface Importer<I extends Item = Item, T extends OptionTable = OptionTable> extends ObjectReader {
  /** Default of `--cluster-manager`: the owner id of the profiles. */
  manager: string;
  /** The namespace its profiles go to when neither `--namespace` nor the cluster says. */
  namespace?: string;
  /** The kinds it reads, for live reads and `import auto`; cloud sources have none. */
  kinds?: readonly ResourceKind[];
  options?: T;
  /** Takes input files as plain arguments too: `import kubeconfig a.yaml b.yaml`. */
  files?: boolean;
  /** Whether a file of a directory is this system's, whatever its name is, by the start of its text. */
  isWanted?(head: string): boolean;
  /** Another system reads the same objects, so `import auto` leaves this one out. */
  notInAuto?: boolean;
  /** The part of the source a profile is from (a fleet, a region of an account): prune leaves parts alone that a read did not show. */
  scope?(profile: ClusterProfile): string | undefined;
  /** Picks its own objects out of a mixed input, by API group and kind, or by shape for API responses. */
  accepts(object: unknown): boolean;
  /** The raw objects, live: the only part that does IO. */
  list(context: ListContext<T>): AsyncIterable<unknown>;
  /** Pure. For sources that need several kinds together; live and `-f` objects both pass here. */
  join?(objects: unknown[], context: ImportContext<T>): I[];
  /** The entry and the login that a kubeconfig has for the cluster of an item, for `--probe`. */
  loginOf?(item: I): Login;
  /** Pure. `undefined`: stands for no cluster; several: one a namespace. */
  translate(item: I, context: ImportContext<T>): Cluster | Cluster[] | undefined;
}

/** A kind as a part of its source. */
export const partOf = ({
  plural,
  group,
  namespace,
}: Pick<ResourceKind, 'plural' | 'group'> & { namespace?: string | undefined }): string =>
  `${group ? `${plural}.${group}` : plural}${namespace ? ` in ${namespace}` : ''}`;

/** A file, a document or an object of an input that nobody could read: any part of the source may have been in it. */
export const unreadInput = 'part of the input';

/** Facts that a part of the source would tell; nothing where the part was read, so that what it does not tell is absent. */
export function unknownOf(
  part: string | ResourceKind,
  facts: Omit<UnknownFacts, 'part' | 'failed'>,
  { parts }: Pick<ImportContext, 'parts'>,
): UnknownFacts | undefined {
  const name = typeof part === 'string' ? part : partOf(part);
  const isRead = parts.get(name) ?? parts.get(unreadInput);
  return isRead ? undefined : { part: name, failed: isRead === false, ...facts };
}

/** Says that a source does not tell what it always tells of a cluster in such a state: what it is, is then not known. */
export function missFact(
  name: string,
  facts: Omit<UnknownFacts, 'part' | 'failed'>,
  { partial }: Pick<Listener, 'partial'>,
): UnknownFacts {
  partial(`its ${name} is missing in what was read`);
  return { part: name, failed: true, ...facts };
}

/** Rows of source path, ClusterProfile field and note, for `explain`. */
export type Mapping = readonly (readonly [from: string, to: string, note?: string])[];

/** Types an importer's default export without losing the types of its items and its flags inside. */
export const defineImporter = <I extends Item, T extends OptionTable = OptionTable>(
  definition: Importer<I, T>,
): Importer<I, T> => definition;
