import type { Define, Verbs } from '../command.ts';
import type { Command } from 'commander';
import { loadCommand } from '../flags/catalog.ts';
import { plural } from '../../profile/clusterprofile.ts';
import type { Inventory } from '../../stores/store.ts';
import { placementDecision, listPlacementNames } from '../../profile/placement.ts';
import { listFormats } from '../../output/formats.ts';
import type { Io } from '../../io.ts';
import { listKubeconfigFiles, loadKubeconfig } from '../../kubernetes/kubeconfig.ts';
import { listSystemsFor } from '../../systems/index.ts';
import { openInventory } from '../../stores/open.ts';
import { makeSafeLine } from '../../util/safe-text.ts';

type Candidate = [value: string, description?: string];

/** Completion must never make a person wait. */
const completionPatience = 400;

const listFlags = (command: Command): Candidate[] =>
  command.options.flatMap((option) => (option.long ? [[option.long, option.description] as Candidate] : []));

/** What `wait --for` may be for. */
const waitGoals = ['condition=ControlPlaneHealthy', 'condition=Joined', 'create', 'delete', 'jsonpath='];

/** The value that follows a flag: names from the kubeconfig, formats, placements, consumers. */
async function listFlagValues(flag: string, words: readonly string[], io: Io): Promise<Candidate[] | undefined> {
  const name = flag.replace(/^--source-/, '--');
  const explicit = words[words.indexOf('--kubeconfig') + 1];
  const config = (): ReturnType<typeof loadKubeconfig> =>
    loadKubeconfig(listKubeconfigFiles(words.includes('--kubeconfig') ? explicit : undefined, io.env));
  if (name === '--context') return [...config().contexts.keys()].map((each) => [each]);
  if (name === '--cluster') return [...config().clusters.keys()].map((each) => [each]);
  if (name === '--user') return [...config().users.keys()].map((each) => [each]);
  if (name === '--output' || name === '-o') return listFormats().map((format) => [format.replace('…', '')]);
  if (name === '--sort-by') return [['version'], ['.metadata.name'], ['.metadata.creationTimestamp']];
  if (name === '--health') return [['True'], ['False'], ['Unknown']];
  if (name === '--placement') return listPlacements(words, io);
  if (name === '--dry-run') return [['client'], ['server']];
  if (name === '--for' && words[0] === 'wait') return waitGoals.map((goal) => [goal]);
  if (name === '--for') return listSystemsFor('export').map(([system, { title }]) => [system, title]);
  if (name === '--ignore') return listRuleIds();
  if (name === '--on-collision') return [['error'], ['hash']];
  return undefined;
}

/** The value of a flag among the words already typed. */
const readGivenFlag = (words: readonly string[], ...flags: string[]): string | undefined => {
  const at = words.findIndex((word) => flags.includes(word));
  return at < 0 ? undefined : words[at + 1];
};

/** The inventory that the words already typed name, and the namespace in it. */
async function openTypedInventory(
  words: readonly string[],
  io: Io,
): Promise<{ from: Inventory; namespace: string | undefined }> {
  const inventory = readGivenFlag(words, '--inventory');
  const options = { timeout: completionPatience, quiet: true, ...(inventory && { inventory }) };
  const named = {
    kubeconfig: readGivenFlag(words, '--kubeconfig'),
    context: readGivenFlag(words, '--context'),
    namespace: readGivenFlag(words, '-n', '--namespace'),
  };
  const set = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const from = await openInventory({ ...options, ...set }, io, { warn: () => {} });
  return { from, namespace: named.namespace ?? (from.namespace || undefined) };
}

/** Names of profiles where the command takes some. */
async function listProfileNames(words: readonly string[], io: Io): Promise<Candidate[]> {
  const { from, namespace } = await openTypedInventory(words, io);
  const found: Candidate[] = [];
  for await (const page of from.list({ namespace }))
    found.push(...page.map(({ metadata, spec }): Candidate => [metadata.name, spec?.clusterManager?.name ?? plural]));
  return found;
}

/** Placements that `--placement` may name: without the namespace where it is clear which. */
async function listPlacements(words: readonly string[], io: Io): Promise<Candidate[]> {
  const { from, namespace } = await openTypedInventory(words, io);
  const found: unknown[] = [];
  for await (const page of from.objects(placementDecision, namespace)) found.push(...page);
  const prefix = namespace === undefined ? '' : `${namespace}/`;
  return listPlacementNames(found).map((name) => [name.slice(prefix.length)]);
}

/** What `explain` explains. */
async function listSubjects(): Promise<Candidate[]> {
  const { listFields } = await import('../explain/field.ts');
  const systems = listSystemsFor('import').map(([system, { title }]): Candidate => [system, title]);
  return [
    ...systems,
    ['rules', 'all rules'],
    ...(await listRuleIds()),
    ...listFields().map((each): Candidate => [each]),
  ];
}

async function listRuleIds(): Promise<Candidate[]> {
  const { loadAllRules } = await import('../../lint/catalogue.ts');
  return (await loadAllRules()).map(({ id, title }) => [id, title]);
}

const takesNames = new Set(['list', 'get', 'describe', 'wait', 'delete', 'access']);

async function listCandidates(words: readonly string[], io: Io, verbs: Verbs): Promise<Candidate[]> {
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? '';
  if (before.length === 0) return verbs.summaries();
  const command = await loadCommand(before, io, verbs);
  if (!command) return [];
  if (word.startsWith('-')) return listFlags(command);
  const last = before.at(-1) ?? '';
  const values = last.startsWith('-') ? await listFlagValues(last, before, io) : undefined;
  if (values) return values;
  const option = command.options.find(({ long, short }) => last === long || last === short);
  if (option?.required) return [];
  if (command.commands.length > 0)
    return command.commands.map((sub) => [sub.name(), sub.summary() || sub.description()]);
  if (before[0] === 'completion') return [['bash'], ['zsh'], ['fish'], ['powershell']];
  if (before[0] === 'explain') return before.length > 1 ? [] : listSubjects();
  return takesNames.has(before[0] ?? '') ? listProfileNames(before, io) : [];
}

/** A word as it was typed so far, without the quotes of a shell. */
const unquoteTyped = (word: string): string => word.replace(/^["']/, '').replaceAll(/\\(.)/g, '$1');

/** What has a control character cannot be typed, and would be two candidates, or steer the terminal. */
const isTypeable = (value: string): boolean => makeSafeLine(value) === value;

export const define: Define = (command, io, _words, verbs) => {
  command.argument('[word...]').action(async (words: string[]) => {
    const word = unquoteTyped(words.at(-1) ?? '');
    // A hub that does not answer in time gets no completion, and no error on the command line.
    const all = await listCandidates(words, io, verbs).catch((): Candidate[] => []);
    const fitting = all.filter(([value]) => value.startsWith(word) && isTypeable(value));
    io.out(
      fitting
        .map(
          ([value, description]) =>
            `${value}${description ? `\t${makeSafeLine(description.split('\n')[0] ?? '')}` : ''}\n`,
        )
        .join(''),
    );
  });
};
