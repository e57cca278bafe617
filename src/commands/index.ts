import { usageError } from '../errors.ts';
import type { Define, Verbs } from './command.ts';

/** A verb as the table knows it, before anything of it is loaded. */
export interface Verb {
  summary: string;
  aliases?: readonly string[];
  /** Not for people, so not in the help. */
  hidden?: boolean;
  /** Which defaults it takes, if not all: those of a person, not of a directory, or none. */
  defaults?: 'personal' | 'none';
  load: () => Promise<{ define: Define }>;
}

/** One verb a file, in the order of the help. Each is a chunk of its own, loaded when it is typed. */
export const verbTable: Readonly<Record<string, Verb>> = {
  import: {
    summary: 'read clusters from a system; print, diff or apply their ClusterProfiles',
    load: () => import('./import.ts'),
  },
  list: { summary: 'list ClusterProfiles', aliases: ['get'], load: () => import('./list.ts') },
  describe: {
    summary: 'show everything about a ClusterProfile: conditions, properties, access, field owners',
    load: () => import('./describe.ts'),
  },
  summary: {
    summary: 'sum a fleet up on one screen: managers, ClusterSets, regions, versions, what to look at',
    load: () => import('./fleet/summary.ts'),
  },
  tree: { summary: 'draw a fleet as a tree: ClusterSet, manager, cluster', load: () => import('./fleet/tree.ts') },
  report: { summary: 'write a page, or Markdown, that shows a fleet', load: () => import('./fleet/report.ts') },
  wait: { summary: 'wait until ClusterProfiles are as they should be', load: () => import('./wait.ts') },
  doctor: {
    summary: 'say what would not work: connection, API, rights, plugins, logins, servers',
    load: () => import('./fleet/doctor.ts'),
  },
  diff: { summary: 'show what apply would change', load: () => import('./diff.ts') },
  apply: { summary: 'create and update ClusterProfiles from files', load: () => import('./apply.ts') },
  delete: { summary: 'delete ClusterProfiles of one cluster manager', load: () => import('./delete.ts') },
  validate: { summary: 'check ClusterProfiles in files or on a hub', load: () => import('./validate.ts') },
  export: {
    summary: 'write what other tools read: kubeconfig, Argo CD, Kueue …',
    load: () => import('./export.ts'),
  },
  access: {
    summary: "run a command with access to a profile's cluster",
    defaults: 'personal',
    load: () => import('./access.ts'),
  },
  explain: { summary: 'explain a system, a rule or a field', load: () => import('./explain.ts') },
  migrate: {
    summary: 'rewrite the files of a repository for v1alpha2, comments kept',
    load: () => import('./api/migrate.ts'),
  },
  crd: { summary: 'print or install the ClusterProfile CRD', load: () => import('./api/crd.ts') },
  schema: {
    summary: 'print a JSON Schema for editors: ClusterProfile, PlacementDecision, provider file',
    defaults: 'none',
    load: () => import('./api/schema.ts'),
  },
  config: {
    summary: 'show defaults of files and variables, and where each is from',
    defaults: 'none',
    load: () => import('./config/config.ts'),
  },
  options: {
    summary: 'show the flags of a connection, which many commands take',
    defaults: 'none',
    load: () => import('./config/options.ts'),
  },
  completion: {
    summary: 'print a shell completion script',
    defaults: 'none',
    load: () => import('./completion.ts'),
  },
  docs: {
    summary: 'write the reference, or man pages',
    defaults: 'none',
    load: () => import('./docs/docs.ts'),
  },
  version: { summary: 'print the version', defaults: 'none', load: () => import('./version.ts') },
  __complete: {
    summary: 'complete a command line',
    hidden: true,
    defaults: 'none',
    load: () => import('./hidden/complete.ts'),
  },
};

const findEntry = (word: string | undefined): [name: string, verb: Verb] | undefined =>
  Object.entries(verbTable).find(([name, { aliases }]) => name === word || aliases?.includes(word ?? ''));

/** The name of the verb that a word stands for, its own name or an alias. */
export const findVerb = (word: string | undefined): string | undefined => findEntry(word)?.[0];

/** What kubectl does as well as anybody could, with the command for it. */
const leftToKubectl: ReadonlyMap<string, string> = new Map([
  ['label', 'label clusterprofiles.multicluster.x-k8s.io NAME KEY=VALUE'],
  ['annotate', 'annotate clusterprofiles.multicluster.x-k8s.io NAME KEY=VALUE'],
  ['edit', 'edit clusterprofiles.multicluster.x-k8s.io NAME'],
]);

/** Throws for a word that is a command of kubectl only. */
export function refuseKubectlVerb(word: string): void {
  const command = leftToKubectl.get(word);
  if (command !== undefined) throw usageError(`${word} is left to kubectl`, `kubectl ${command}`);
}

/** What completion may know of the table. */
export const verbs: Verbs = {
  summaries: (withAliases) =>
    Object.entries(verbTable).flatMap(([name, { summary, hidden, aliases = [] }]) =>
      hidden ? [] : [name, ...(withAliases ? aliases : [])].map((word): [string, string] => [word, summary]),
    ),
  aliasesOf: (name) => findEntry(name)?.[1].aliases ?? [],
  find: findVerb,
  defaultsOf: (name) => findEntry(name)?.[1].defaults ?? 'all',
  load: (word) => findEntry(word)?.[1].load(),
};
