import type { Exporter } from '../export/kit/exporter.ts';
import type { Importer } from '../import/kit/importer.ts';
import type { System } from './system.ts';
import { readOwn } from '../object.ts';

/** What can be done with a system: `import` its clusters, `export` to it, or both. */
export type Way = 'import' | 'export';

/** What help says of a system. */
export interface SystemSummary {
  title: string;
  /** Other words for it, for people who know it by them. */
  aliases?: readonly string[];
}

/** A system as the table knows it, before anything of it is loaded. */
interface SystemEntry extends SystemSummary {
  ways: readonly Way[];
  load(): Promise<{ default: System }>;
}

/**
 * Every system, one line each, by the word typed after `import` or `export`. Static, so that a bundler and a standalone
 * binary know them all, and help lists them without loading one.
 */
const systems: Readonly<Record<string, SystemEntry>> = {
  argocd: { title: 'Argo CD', ways: ['import', 'export'], load: () => import('./argocd/index.ts') },
  azure: { title: 'Azure Kubernetes Fleet Manager', ways: ['import'], load: () => import('./azure/index.ts') },
  backstage: { title: 'Backstage', ways: ['export'], load: () => import('./backstage/index.ts') },
  'cluster-api': { title: 'Cluster API', ways: ['import'], load: () => import('./cluster-api/index.ts') },
  clusternet: { title: 'Clusternet parent clusters', ways: ['import'], load: () => import('./clusternet/index.ts') },
  clusterpedia: { title: 'Clusterpedia', ways: ['export'], load: () => import('./clusterpedia/index.ts') },
  crossplane: { title: 'Crossplane (EKS clusters)', ways: ['import'], load: () => import('./crossplane/index.ts') },
  eks: { title: 'Amazon EKS', ways: ['import'], load: () => import('./eks/index.ts') },
  fleet: {
    title: 'Rancher Fleet',
    ways: ['import', 'export'],
    aliases: ['rancher-fleet'],
    load: () => import('./fleet/index.ts'),
  },
  flux: { title: 'Flux', ways: ['export'], load: () => import('./flux/index.ts') },
  gardener: { title: 'Gardener', ways: ['import'], load: () => import('./gardener/index.ts') },
  gke: { title: 'GKE fleets', ways: ['import'], load: () => import('./gke/index.ts') },
  headlamp: { title: 'Headlamp', ways: ['export'], load: () => import('./headlamp/index.ts') },
  istio: { title: 'Istio (remote Secrets)', ways: ['import', 'export'], load: () => import('./istio/index.ts') },
  karmada: { title: 'Karmada', ways: ['import'], load: () => import('./karmada/index.ts') },
  kiali: { title: 'Kiali', ways: ['export'], load: () => import('./kiali/index.ts') },
  knative: { title: 'Knative operator', ways: ['export'], load: () => import('./knative/index.ts') },
  kubeadmiral: { title: 'KubeAdmiral', ways: ['import'], load: () => import('./kubeadmiral/index.ts') },
  kubeconfig: { title: 'kubeconfig files', ways: ['import', 'export'], load: () => import('./kubeconfig/index.ts') },
  kubefleet: { title: 'KubeFleet and Azure Fleet hubs', ways: ['import'], load: () => import('./kubefleet/index.ts') },
  kubestellar: {
    title: 'KubeStellar Inventory and Transport Spaces',
    ways: ['import'],
    load: () => import('./kubestellar/index.ts'),
  },
  kubevela: { title: 'KubeVela', ways: ['import', 'export'], load: () => import('./kubevela/index.ts') },
  kueue: { title: 'Kueue (MultiKueue)', ways: ['import', 'export'], load: () => import('./kueue/index.ts') },
  'multicluster-runtime': {
    title: 'multicluster-runtime',
    ways: ['export'],
    load: () => import('./multicluster-runtime/index.ts'),
  },
  ocm: { title: 'Open Cluster Management hubs', ways: ['import'], load: () => import('./ocm/index.ts') },
  'provider-file': {
    title: 'Access provider file (KEP-4322)',
    ways: ['export'],
    load: () => import('./provider-file/index.ts'),
  },
  rancher: { title: 'Rancher', ways: ['import'], load: () => import('./rancher/index.ts') },
  sveltos: { title: 'Sveltos', ways: ['import', 'export'], load: () => import('./sveltos/index.ts') },
};

/** The names of all systems, sorted. */
export const listSystemNames = (): string[] => Object.keys(systems);

/** Every system with its name, sorted by name. */
export const listSystems = (): [name: string, entry: SystemEntry][] => Object.entries(systems);

/** The same, of the systems that go one way. */
export const listSystemsFor = (way: Way): [name: string, entry: SystemEntry][] =>
  listSystems().filter(([, { ways }]) => ways.includes(way));

/** The words for a system, its own name first. */
export const listWords = (name: string): string[] => [name, ...(readOwn(systems, name)?.aliases ?? [])];

/** The name of the system that a word stands for, its own name or another word; `undefined` for any other word. */
export const findSystem = (word: string): string | undefined =>
  listSystemNames().find((name) => listWords(name).includes(word));

/** A system with its line of the table, nothing of its directions loaded; `undefined` for a word that stands for none. */
export async function loadSystem(word: string): Promise<(System & NamedSystem) | undefined> {
  const name = findSystem(word);
  if (name === undefined) return undefined;
  const { load, ...summary } = readOwn(systems, name) as SystemEntry;
  return { name, ...summary, ...(await load()).default };
}

/** A system's line of the table, with the word typed for it. */
export interface NamedSystem extends SystemSummary {
  name: string;
}

/** The importer of a system; `undefined` for a word that stands for none that can be imported from. */
export async function loadImporter(word: string): Promise<(NamedSystem & { source: Importer }) | undefined> {
  const system = await loadSystem(word);
  return system?.importer && { ...system, source: (await system.importer()).default };
}

/** The exporter of a system; `undefined` for a word that stands for none that can be exported to. */
export async function loadExporter(word: string): Promise<(NamedSystem & { exporter: Exporter }) | undefined> {
  const system = await loadSystem(word);
  return system?.exporter && { ...system, exporter: (await system.exporter()).default };
}

/** Every importer, by the name of its system. */
export async function loadImporters(): Promise<Map<string, NamedSystem & { source: Importer }>> {
  const loaded = await Promise.all(listSystemsFor('import').map(([name]) => loadImporter(name)));
  return new Map(loaded.filter((each) => each !== undefined).map((each) => [each.name, each]));
}
