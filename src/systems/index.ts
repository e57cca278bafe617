import type { System } from '../system.ts';

/** What can be done with a system: `import` its clusters, `export` to it, or both. */
export type Way = 'import' | 'export';

/** What help says of a system. */
export interface SystemSummary {
  title: string;
  /** Other words for it, for people who know it by them. */
  aliases?: readonly string[];
}

/** A system as the table knows it, before anything of it is loaded. */
export interface SystemEntry extends SystemSummary {
  ways: readonly Way[];
  load(): Promise<{ default: System }>;
}

/**
 * Every system, one line each, by the word typed after `import` or `export`. Static, so that a bundler and a standalone
 * binary know them all, and help lists them without loading one.
 */
const systems: Readonly<Record<string, SystemEntry>> = {
  argocd: { title: 'Argo CD', ways: ['import', 'export'], load: () => import('./argocd.ts') },
  azure: { title: 'Azure Kubernetes Fleet Manager', ways: ['import'], load: () => import('./azure.ts') },
  backstage: { title: 'Backstage', ways: ['export'], load: () => import('./backstage.ts') },
  'cluster-api': { title: 'Cluster API', ways: ['import'], load: () => import('./cluster-api.ts') },
  clusternet: { title: 'Clusternet parent clusters', ways: ['import'], load: () => import('./clusternet.ts') },
  clusterpedia: { title: 'Clusterpedia', ways: ['export'], load: () => import('./clusterpedia.ts') },
  crossplane: { title: 'Crossplane (EKS clusters)', ways: ['import'], load: () => import('./crossplane.ts') },
  eks: { title: 'Amazon EKS', ways: ['import'], load: () => import('./eks.ts') },
  fleet: {
    title: 'Rancher Fleet',
    ways: ['import', 'export'],
    aliases: ['rancher-fleet'],
    load: () => import('./fleet.ts'),
  },
  flux: { title: 'Flux', ways: ['export'], load: () => import('./flux.ts') },
  gardener: { title: 'Gardener', ways: ['import'], load: () => import('./gardener.ts') },
  gke: { title: 'GKE fleets', ways: ['import'], load: () => import('./gke.ts') },
  headlamp: { title: 'Headlamp', ways: ['export'], load: () => import('./headlamp.ts') },
  istio: { title: 'Istio (remote Secrets)', ways: ['import', 'export'], load: () => import('./istio.ts') },
  karmada: { title: 'Karmada', ways: ['import'], load: () => import('./karmada.ts') },
  kiali: { title: 'Kiali', ways: ['export'], load: () => import('./kiali.ts') },
  knative: { title: 'Knative operator', ways: ['export'], load: () => import('./knative.ts') },
  kubeadmiral: { title: 'KubeAdmiral', ways: ['import'], load: () => import('./kubeadmiral.ts') },
  kubeconfig: { title: 'kubeconfig files', ways: ['import', 'export'], load: () => import('./kubeconfig.ts') },
  kubefleet: { title: 'KubeFleet and Azure Fleet hubs', ways: ['import'], load: () => import('./kubefleet.ts') },
  kubestellar: {
    title: 'KubeStellar Inventory and Transport Spaces',
    ways: ['import'],
    load: () => import('./kubestellar.ts'),
  },
  kubevela: { title: 'KubeVela', ways: ['import', 'export'], load: () => import('./kubevela.ts') },
  kueue: { title: 'Kueue (MultiKueue)', ways: ['import', 'export'], load: () => import('./kueue.ts') },
  'multicluster-runtime': {
    title: 'multicluster-runtime',
    ways: ['export'],
    load: () => import('./multicluster-runtime.ts'),
  },
  ocm: { title: 'Open Cluster Management hubs', ways: ['import'], load: () => import('./ocm.ts') },
  'provider-file': {
    title: 'Access provider file (KEP-4322)',
    ways: ['export'],
    load: () => import('./provider-file.ts'),
  },
  rancher: { title: 'Rancher', ways: ['import'], load: () => import('./rancher.ts') },
  sveltos: { title: 'Sveltos', ways: ['import', 'export'], load: () => import('./sveltos.ts') },
};

/** The names of all systems, sorted. */
export const systemNames = (): string[] => Object.keys(systems);

/** Every system with its name, sorted by name. */
export const systemEntries = (): [name: string, entry: SystemEntry][] => Object.entries(systems);

/** The same, of the systems that go one way. */
export const systemsFor = (way: Way): [name: string, entry: SystemEntry][] =>
  systemEntries().filter(([, { ways }]) => ways.includes(way));

/** The words for a system, its own name first. */
export const wordsFor = (name: string): string[] => [name, ...(systems[name]?.aliases ?? [])];

/** The name of the system that a word stands for, its own name or another word; `undefined` for any other word. */
export const systemNamed = (word: string): string | undefined =>
  systemNames().find((name) => wordsFor(name).includes(word));

/** One system with its line of the table, loaded when it is asked for; `undefined` for a word that stands for none. */
export async function loadSystem(word: string): Promise<LoadedSystem | undefined> {
  const name = systemNamed(word);
  if (name === undefined) return undefined;
  const { load, ...summary } = systems[name] as SystemEntry;
  return { name, ...summary, ...(await load()).default };
}

/** A system, loaded. */
export interface LoadedSystem extends System, SystemSummary {
  name: string;
}

/** Every system, loaded, by name. */
export async function loadSystems(): Promise<Map<string, LoadedSystem>> {
  const loaded = await Promise.all(systemNames().map(loadSystem));
  return new Map(loaded.filter((system) => system !== undefined).map((system) => [system.name, system]));
}
