import type { ExecPlugin, ProviderConfig } from './access-provider.ts';
import type { UserError } from './errors.ts';
import type { Cluster, ClusterAccess, ClusterProfile, KubernetesObject } from './clusterprofile.ts';

/** A flag of one system only, as commander takes it. */
export interface Option {
  /** `--project <id>`, `--no-enrich`, `--location <location>`. */
  flags: string;
  description: string;
  /** May be given several times; the value is then a list. */
  repeatable?: boolean;
  default?: string;
  choices?: string[];
  /** It keeps clusters out of sight, so nothing may be pruned after it. */
  filters?: boolean;
}

/** Values of a system's own options, by camel-cased flag name. */
export type Options = Readonly<Record<string, unknown>>;

/** A resource kind as a system declares it. */
export interface ResourceKind {
  group: string;
  /** Served versions this tool can read, the best one first. */
  versions: readonly string[];
  kind: string;
  plural: string;
  /** Narrow a live list on the server; `accepts` still decides. */
  labelSelector?: string;
  fieldSelector?: string;
  /** It has no namespace, so `--source-namespace` is not about it. */
  clusterScoped?: boolean;
  /** Where the objects live unless `--source-namespace` says otherwise; absent: every namespace. */
  namespace?: string;
}

/** What a translation may know and say. */
export interface SourceContext {
  options: Options;
  /** RFC 3339; set where `--as-of` is, or for a live read. Never read the wall clock in a translation. */
  asOf?: string | undefined;
  /** The file an object was read from, for messages and relative paths. */
  fileOf(object: unknown): string;
  /** Something the user should know; the result is still whole. */
  warn(message: string): void;
  /** Part of the source could not be read: the result is not whole, so nothing may be pruned from it (exit 4). */
  partial(message: string, hint?: string): void;
}

/** What a live read may use besides. */
export interface ListContext extends SourceContext {
  env: Readonly<Record<string, string | undefined>>;
  /** Remembers which file an object was read from, and hands it back. */
  read(object: unknown, file: string): unknown;
  /** Ends with the command, at the latest when `--timeout` is over. */
  signal: AbortSignal;
  /** Objects of a kind from the source's cluster (`--source-context` …), paged; reports what it may not read. */
  objects(resource: ResourceKind): AsyncIterable<KubernetesObject>;
}

/** Where a list of clusters comes from (fan-in). */
export interface Source<Resource = unknown> {
  /** Default of `--cluster-manager`: the owner id of the profiles. */
  manager: string;
  /** The namespace its profiles go to when neither `--namespace` nor the cluster says. */
  namespace?: string;
  /** Where to read about the mapping; printed by `explain`. */
  docs?: string;
  /** The kinds it reads, for live reads and `import auto`; cloud sources have none. */
  kinds?: readonly ResourceKind[];
  options?: readonly Option[];
  /** Takes input files as plain arguments too: `import kubeconfig a.yaml b.yaml`. */
  files?: boolean;
  /** Another system reads the same objects, so `import auto` leaves this one out. */
  notInAuto?: boolean;
  /** The part of the source a profile is from (a fleet, a region of an account): prune leaves parts alone that a read did not show. */
  scope?(profile: ClusterProfile): string | undefined;
  /** Picks its own objects out of a mixed input, by API group and kind, or by shape for API responses. */
  accepts(object: unknown): boolean;
  /** The raw objects, live: the only part that does IO. */
  list(context: ListContext): AsyncIterable<unknown>;
  /** Pure. For sources that need several kinds together; live and `-f` objects both pass here. */
  join?(objects: unknown[], context: SourceContext): Resource[];
  /** Pure. `undefined`: stands for no cluster; several: one a namespace. */
  translate(resource: Resource, context: SourceContext): Cluster | Cluster[] | undefined;
  /** The mapping as rows of source path, ClusterProfile field and note, for `explain`. */
  mapping?: readonly (readonly [from: string, to: string, note?: string])[];
}

/** How a profile is reached, checked and cleaned, with the access provider that was chosen. */
export interface Access {
  /** Its name, as the profile has it. */
  provider: string;
  /** What the operator calls it: the same, unless there is a `--provider-alias`. */
  known: string;
  cluster: ClusterAccess;
}

/** What an exporter may know and say. */
export interface ExportContext {
  options: Options;
  /** Entries of `--provider-file`; empty without one. */
  providers: readonly ProviderConfig[];
  /** A profile's name, with its namespace in front where two of the exported ones share it. */
  uniqueName(profile: ClusterProfile): string;
  /** How a profile is reached. Refuses one that has no provider, or none that may be used. */
  access(profile: ClusterProfile): Access;
  /** The same, with the plugin that the operator's provider file names for it; never one that a profile names. */
  exec(profile: ClusterProfile): Access & { plugin: ExecPlugin };
  /** This program as the plugin of a profile: it runs the operator's, which may change without a new kubeconfig. */
  self(profile: ClusterProfile): ExecPlugin;
  /** With `--credentials embed` only: the bearer token that the plugin gave before any translation. Refuses a profile it gave none for. */
  token(profile: ClusterProfile): string;
  /** Something the user should know, said once; of a profile, or of the whole. */
  warn(message: string, about?: ClusterProfile): void;
  /** What to do with the result, said once. */
  note(message: string): void;
}

/** Something of a profile that its consumer passes over or takes for something else; nothing is refused for it. */
export interface Concern {
  severity: 'warning' | 'info';
  message: string;
  /** Keys and indices from the root of the profile. */
  at: readonly (string | number)[];
  hint?: string;
}

/** What a check of a consumer may look at. */
export interface CheckContext {
  options: Options;
  /** Entries of `--provider-file`; `undefined` without one. */
  providers: readonly ProviderConfig[] | undefined;
  /** All profiles that are checked, the one at hand too. */
  profiles: readonly ClusterProfile[];
}

/** Pure, and looks at one profile: what the consumer itself does with it, which no export shows. */
export type ConsumerCheck = (profile: ClusterProfile, context: CheckContext) => readonly Concern[];

/** What a profile may hold and a format may have no place for. */
export type Field =
  | 'labels'
  /** What Argo CD would take for a mark of its own. */
  | 'labels of Argo CD'
  /** Another value than this tool's, which takes its place. */
  | 'label app.kubernetes.io/managed-by'
  | 'displayName'
  | 'version'
  | 'conditions'
  | 'properties'
  | 'proxy-url'
  | 'tls-server-name'
  | 'disable-compression'
  | 'insecure-skip-tls-verify'
  | 'exec extension'
  | 'additional-args'
  | 'additional-envs'
  /** Those of nobody that is known here. */
  | 'other extensions';

/** How documents are written where an option says. */
export interface Saving {
  pruning: Pruning | undefined;
  /** Takes what is not ours to change, for the rest to be done; absent where all or nothing is. */
  onRefused: ((error: UserError) => void) | undefined;
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

/**
 * Writes what a consumer of the inventory reads (fan-out). Pure, but for `save`. A profile that cannot be carried over
 * is refused by throwing a `refusal`.
 */
export interface Exporter<Part = unknown> {
  options?: readonly Option[];
  /** The kinds it writes, for `--apply` and `--prune` on the consumer's cluster; absent where the consumer reads files. */
  kinds?: readonly ResourceKind[];
  /**
   * The option, camel-cased, that says where its objects live, unless their kind does; absent: in the namespace of their
   * profile, or in none.
   */
  namespaceOption?: string;
  /** Those of `kinds` that `--prune` is about; absent: all. Not what a flag asks for besides, and no profile. */
  prunes?: readonly ResourceKind[];
  /** The name of the one JSON file that the consumer reads; absent for Kubernetes objects and YAML. */
  jsonFile?: string;
  /** What a file of a document is called that is no object and so has no name; without an ending. */
  fileName?: string;
  /** Flags that a first try needs, for the examples of its help. */
  exampleFlags?: string;
  /** What the format has no place for, said once a field. */
  loses: readonly Field[];
  /** What the consumer does with profiles besides, for `validate --for`. What it refuses, `translate` refuses. */
  checks?: readonly ConsumerCheck[];
  /** The same for values of `--credentials` that make another format of it. */
  losesWith?: Readonly<Record<string, readonly Field[]>>;
  /** What one profile gives: Kubernetes objects, or entries of one file. */
  translate(profile: ClusterProfile, context: ExportContext): Part | Part[];
  /** The documents of all parts together, where they are not the parts themselves. */
  combine?(parts: readonly Part[], context: ExportContext): object[];
  /** The documents that stand for no profile at all, where that is something to say: no placement is one too. */
  empty?(options: Options): object[];
  /** Writes them where an option says, and says what was done; `undefined` leaves them to be printed. */
  save?(documents: readonly object[], context: ExportContext, saving: Saving): Promise<string | undefined>;
}

/**
 * A multi-cluster system this tool speaks with. Each has one file in `systems/`, whose default export is a System, and
 * one line in `systems/index.ts`, which gives it its title and the word typed after `clusterprofile import` or `export`.
 */
export interface System<Resource = unknown> {
  source?: Source<Resource>;
  exporter?: Exporter;
}

/** Types a system's default export without losing its resource type inside. */
export const system = <Resource>(definition: System<Resource>): System<Resource> => definition;
