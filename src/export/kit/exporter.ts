import type { Aliases, ExecPlugin, ProviderConfig } from '../../access/provider.ts';
import type { KubernetesObject, ResourceKind } from '../../object.ts';
import type { Option, OptionTable, ValuesOf } from '../../options.ts';
import type { Warn } from '../../util/notices.ts';
import type { AccessProvider, ClusterAccess, ClusterProfile } from '../../profile/clusterprofile.ts';

/** How a profile is reached, checked and cleaned, with the access provider that was chosen. */
export interface Access {
  /** Its name, as the profile has it. */
  provider: string;
  /** What the operator calls it: the same, unless there is a `--provider-alias`. */
  known: string;
  cluster: ClusterAccess;
}

/** Flags of an exporter; the engine acts on those that are here by name, whichever exporter has them. */
export interface ExporterFlags extends OptionTable {
  allowHost?: Option<readonly string[]>;
  credentials?: Option<string | undefined>;
  exec?: Option<'plugin' | 'self' | undefined>;
  execCommand?: Option<string | undefined>;
  keepExtensions?: Option<boolean>;
  merge?: Option<string | undefined>;
}

/** What an exporter may know and say; `T` are its own flags. */
export interface ExportContext<T extends OptionTable = OptionTable> {
  options: ValuesOf<T>;
  /** What the operator calls access providers that profiles call otherwise. */
  aliases: Aliases;
  /** The operator takes servers that nobody checks (`--allow-insecure`). */
  allowInsecure: boolean;
  /** Tells inventories apart that feed one consumer. */
  instance: string | undefined;
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
  /** The kubeconfig of the hub that is in force now, where it is one file whose current context is the hub. */
  hub: string | undefined;
  /** With `--credentials embed` only: the bearer token that the plugin gave before any translation. Refuses a profile it gave none for. */
  token(profile: ClusterProfile): string;
  /** Something the user should know, said once; of a profile, or of the whole. */
  warn: Warn<ClusterProfile>;
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
  /** Entries of `--provider-file`; `undefined` without one. */
  providers: readonly ProviderConfig[] | undefined;
  /** All profiles that are checked, the one at hand too. */
  profiles: readonly ClusterProfile[];
}

/** Pure, and looks at one profile: what the consumer itself does with it, which no export shows. */
export type ConsumerCheck = (profile: ClusterProfile, context: CheckContext) => readonly Concern[];

/** What a profile may hold and some formats have no place for, by name. */
export type CommonDrop =
  | 'labels'
  /** But for those that are about the profile as an object. */
  | 'annotations'
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

/** Keys and indices from the root of a profile. */
export type FieldPath = readonly (string | number)[];

/** What a profile may hold and a format has no place for: what many formats drop by its name, or a value of a system's own. */
export interface Drop {
  /** As it is said: `not supported by …: name`. */
  name: string;
  /** Whether a profile has it, in the access provider that would be used. */
  has(profile: ClusterProfile, provider: AccessProvider | undefined): boolean;
  /** Where it is; `provider` is the place of the access provider. */
  at(provider: FieldPath): FieldPath;
  /** A connection or a login needs it: to drop it is more than a pity. */
  vital?: boolean;
}

/** How a consumer tells the clusters of its objects apart, whoever made these. */
export interface ClusterIdentity {
  /** With the label by which the consumer finds them. */
  kind: ResourceKind;
  /** By what it knows the clusters of an object, as it is kept on its cluster; never said, since it may be of somebody else. */
  identify(object: KubernetesObject): readonly string[];
  /** What two objects of one cluster have in common, and what becomes of it: `have one server, and …`. */
  problem: string;
}

/**
 * Writes what a consumer of the inventory reads (fan-out). Pure. A profile that cannot be carried over is refused by
 * throwing a `refusal`.
 */
export interface Exporter<Part = unknown, T extends ExporterFlags = ExporterFlags> {
  options?: T;
  /** The kinds it writes, for `--apply` and `--prune` on the consumer's cluster; absent where the consumer reads files. */
  kinds?: readonly ResourceKind[];
  /** Where its objects live, unless their kind says; absent: in the namespace of their profile, or in none. */
  namespace?(options: ValuesOf<T>): string;
  /** Those of `kinds` that `--prune` is about; absent: all. Not what a flag asks for besides, and no profile. */
  prunes?: readonly ResourceKind[];
  /** The name of the one JSON file that the consumer reads; absent for Kubernetes objects and YAML. */
  jsonFile?: string;
  /** What a file of a document is called that is no object and so has no name; without an ending. */
  fileName?: string;
  /** Flags that a first try needs, for the examples of its help. */
  exampleFlags?: string;
  /** For objects of others that stand for a cluster which is exported too: that is said before it is written. */
  identity?: ClusterIdentity;
  /** What the format has no place for, said once a field. */
  drops(options: ValuesOf<T>): readonly (CommonDrop | Drop)[];
  /** What the consumer does with profiles besides, for `validate --for`. What it refuses, `translate` refuses. */
  checks?: readonly ConsumerCheck[];
  /** Checks of which an export says the warnings too: what its consumer will not act on. */
  cautions?: readonly ConsumerCheck[];
  /** What one profile gives: Kubernetes objects, or entries of one file. */
  translate(profile: ClusterProfile, context: ExportContext<T>): Part | Part[];
  /** The documents of all parts together, where they are not the parts themselves. */
  combine?(parts: readonly Part[], context: ExportContext<T>): object[];
  /** The documents that stand for no profile at all, where that is something to say: no placement is one too. */
  empty?(options: ValuesOf<T>): object[];
  /** The file of an option that its one document, a kubeconfig, goes into beside the entries of others. */
  mergesInto?(options: ValuesOf<T>): string | undefined;
}
