import { byText } from '../util/text.ts';
import { isObject, type KubernetesObject } from '../object.ts';
import { isDnsLabel, isLabelValue } from './names.ts';

/** The Cluster Inventory API (KEP-4322). Objects satisfy v1alpha2 and are printed as v1alpha1. */
export const group = 'multicluster.x-k8s.io';
export const apiVersion = `${group}/v1alpha1`;
export const profileKind = 'ClusterProfile';
export const plural = 'clusterprofiles';

/** This tool's name: value of the managed-by label and first part of its field managers. */
export const tool = 'clusterprofile';

/** The one domain for every property and annotation this tool names itself. */
export const domain = 'clusterprofile.dev';

/** On what is made for a consumer: the `namespace/name` of the profile it stands for. */
export const originAnnotation = `${domain}/origin`;

/** Keys other projects read, with the source that defines each. */
export const keys = {
  /** KEP-4322 "Cluster Manager": equals `spec.clusterManager.name`. */
  managerLabel: 'x-k8s.io/cluster-manager',
  /** cluster-inventory-api, `LabelInventoryMemberID`: the same member over several profiles. */
  memberIdLabel: 'multicluster.x-k8s.io/inventory-member-id',
  /** cluster-inventory-api, `LabelClusterSetKey`. */
  clusterSetLabel: 'multicluster.x-k8s.io/clusterset',
  /** The key the KEP text had for the namespace label before inventories were defined by namespace. */
  oldClusterSetLabel: 'clusterset.multicluster.x-k8s.io',
  managedByLabel: 'app.kubernetes.io/managed-by',
  /** KEP-2149: the ClusterSet a cluster is a member of, and its id in there. */
  clusterSetProperty: 'clusterset.k8s.io',
  clusterIdProperty: 'cluster.clusterset.k8s.io',
  regionProperty: 'topology.kubernetes.io/region',
  zoneProperty: 'topology.kubernetes.io/zone',
  /** Where a version is from, unless it is the one that runs. */
  versionSourceProperty: `version-source.${domain}`,
  /** As in the examples of KEP-4322. */
  locationProperty: 'location',
  execExtension: 'client.authentication.k8s.io/exec',
  argsExtension: 'clusterprofiles.multicluster.x-k8s.io/exec/additional-args',
  envsExtension: 'clusterprofiles.multicluster.x-k8s.io/exec/additional-envs',
  /** Names of drafts that are still about; no release of pkg/access reads them. */
  olderArgsExtension: 'multicluster.x-k8s.io/clusterprofiles/auth/exec/additional-args',
  olderEnvsExtension: 'multicluster.x-k8s.io/clusterprofiles/auth/exec/additional-envs',
} as const;

/** metav1.Condition, always complete. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  /** RFC 3339, UTC, whole seconds. */
  lastTransitionTime: string;
  observedGeneration?: number;
}

export interface Property {
  name: string;
  value: string;
  lastObservedTime?: string;
}

export interface Extension {
  name: string;
  extension: Record<string, unknown>;
}

/** How a member is reached: the keys of a kubeconfig cluster, never a credential. */
export interface ClusterAccess {
  server: string;
  'certificate-authority-data'?: string;
  'tls-server-name'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'proxy-url'?: string;
  'disable-compression'?: boolean;
  extensions?: Extension[];
}

export interface AccessProvider {
  name: string;
  cluster?: ClusterAccess;
}

/** What of an access provider may be there and be none. */
export type UnreadKey = 'server' | 'certificate-authority-data' | 'tls-server-name' | 'proxy-url';

/** An access provider as a source tells of it. */
export interface ReportedProvider extends AccessProvider {
  /** Keys of its cluster that the source has and nobody can read. They are unknown, not absent; without its server, all of it is. */
  unread?: readonly UnreadKey[];
}

export interface ClusterProfileStatus {
  version?: { kubernetes?: string };
  conditions?: Condition[];
  properties?: Property[];
  accessProviders?: AccessProvider[];
  /** Deprecated in v1alpha1, absent from v1alpha2: read, never written. */
  credentialProviders?: AccessProvider[];
}

export interface ClusterProfile extends KubernetesObject {
  spec: { displayName?: string; clusterManager: { name: string } };
  status?: ClusterProfileStatus;
}

/** A condition as a source reports it: the time may be unknown, and is then taken from the placement's clock. */
export type ReportedCondition = Omit<Condition, 'lastTransitionTime'> & {
  lastTransitionTime?: string | undefined;
  /** The reason in the source's words, where the CRD does not take them. */
  rawReason?: string | undefined;
  /** What stands in the place of its time, and is none. */
  unreadTime?: string | undefined;
};

/**
 * Facts of a cluster that a part of its source would tell, and that was not read. They are not absent: what the inventory
 * has of them stays (`keepUnknown`).
 */
export interface UnknownFacts {
  /** The part, as messages name it. */
  part: string;
  /** It was asked for and could not be read. Otherwise a flag, or the input, asks for less. */
  failed: boolean;
  displayName?: boolean;
  /** With the property that says where it is from. */
  version?: boolean;
  labels?: boolean;
  annotations?: readonly (string | RegExp)[];
  /** By type. */
  conditions?: readonly (string | RegExp)[];
  /** By name. */
  properties?: readonly (string | RegExp)[];
  /** All access providers, or some keys of the clusters in them. */
  access?: true | readonly Exclude<keyof ClusterAccess, 'server'>[];
}

/** What a source knows of one cluster. Facts only: naming, limits, labels and order are done by `clusterProfile`. */
export interface Cluster {
  /** The source's own name; made a legal object name, and kept raw as the display name. */
  name: string;
  /** What the cluster is in its source, unique there: `<group>/<Kind>/<namespace>/<name>`, an ARM id, an ARN … */
  identity: string;
  displayName?: string | undefined;
  /** The namespace the source itself implies; `--namespace` goes first. */
  namespace?: string | undefined;
  /** A stable id of the member, for the inventory-member-id label. */
  memberId?: string | undefined;
  labels?: Record<string, string> | undefined;
  annotations?: Record<string, string | undefined> | undefined;
  version?: string | undefined;
  /** The ClusterSet the source itself knows of; `--clusterset` goes first. */
  clusterSet?: string | undefined;
  /** By property name; undefined and empty values are left out. */
  properties?: Record<string, string | undefined> | undefined;
  /** When the source observed the properties on the cluster, if it says so: all of them, or each by its name. */
  observed?: string | Readonly<Record<string, string | undefined>> | undefined;
  conditions?: (ReportedCondition | undefined)[] | undefined;
  access?: (ReportedProvider | undefined)[] | undefined;
  /** What else there may be to know; a fact beside it that is stated all the same comes from a weaker source. */
  unknown?: readonly (UnknownFacts | undefined)[] | undefined;
  /** Emit exactly what the source's own controller would: no label, no property of this tool. */
  compat?: boolean | undefined;
}

/** True for a ClusterProfile of this API, in any version: other projects have a kind of the same name. */
export function isClusterProfile(object: unknown): object is ClusterProfile {
  if (typeof object !== 'object' || object === null) return false;
  const { apiVersion: version, kind: name } = object as Partial<KubernetesObject>;
  return name === profileKind && typeof version === 'string' && version.startsWith(`${group}/`);
}

/** `namespace/name`, or the name alone. */
export const nameOf = ({ metadata: { name, namespace } }: KubernetesObject): string =>
  namespace ? `${namespace}/${name}` : name;

/** For messages: `namespace/name` of a ClusterProfile, with its kind in front for anything else. */
export const titleOf = (object: KubernetesObject): string =>
  object.kind === profileKind ? nameOf(object) : `${object.kind} ${nameOf(object)}`;

export const byName = (a: KubernetesObject, b: KubernetesObject): number =>
  byText(a.metadata.namespace ?? '', b.metadata.namespace ?? '') || byText(a.metadata.name, b.metadata.name);

/** It says of itself that this tool made it. */
export const isMarked = ({ metadata }: KubernetesObject): boolean => metadata.labels?.[keys.managedByLabel] === tool;

/** The maps of a list; profiles of files may hold anything. */
export const listMaps = <T extends object>(list: readonly T[] | undefined): T[] =>
  Array.isArray(list) ? list.filter((each): each is T => isObject(each)) : [];

/** The status of a condition type, `undefined` where the profile does not have it. */
export const conditionOf = (profile: ClusterProfile, type: string): Condition | undefined =>
  listMaps(profile.status?.conditions).find((condition) => condition.type === type);

export const propertyOf = (profile: ClusterProfile, name: string): string | undefined =>
  listMaps(profile.status?.properties).find((property) => property.name === name)?.value;

/** Access providers, with the deprecated list behind them: accessProviders wins by name (pkg/access). */
export function accessProvidersOf({ status }: ClusterProfile): AccessProvider[] {
  const providers = listMaps(status?.accessProviders);
  const named = new Set(providers.map(({ name }) => name));
  return [...providers, ...listMaps(status?.credentialProviders).filter(({ name }) => !named.has(name))];
}

export const isManagerName = (name: string): boolean => name !== '' && isLabelValue(name);
export const isNamespaceName = isDnsLabel;

/**
 * The ClusterSet a profile belongs to: its property (KEP-2149), else the label on the profile (OCM), else the label of
 * its namespace. `undefined` where none is set.
 */
export const clusterSetOf = (profile: ClusterProfile, byNamespace?: ReadonlyMap<string, string>): string | undefined =>
  propertyOf(profile, keys.clusterSetProperty) ??
  (profile.metadata.labels?.[keys.clusterSetLabel] || undefined) ??
  byNamespace?.get(profile.metadata.namespace ?? '');
