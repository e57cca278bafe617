import type { Define, Verbs } from '../command.ts';
import { Command } from 'commander';
import { plural } from '../../profile/clusterprofile.ts';
import type { Inventory } from '../../stores/store.ts';
import { placementDecision, placementNames } from '../../profile/placement.ts';
import { formats } from '../../output/formats.ts';
import type { Io } from '../../io.ts';
import { kubeconfigFiles, loadKubeconfig } from '../../kubernetes/kubeconfig.ts';
import { systemsFor } from '../../systems/index.ts';
import { openInventory } from '../../stores/open.ts';

type Candidate = [value: string, description?: string];

/** Completion must never make a person wait. */
const patience = 400;

/** The verb's own commander definition, subcommands included; what its help would show. */
async function definition(words: readonly string[], io: Io, verbs: Verbs): Promise<Command | undefined> {
  const [verb = '', ...rest] = words;
  const loading = verbs.load(verb);
  if (!loading) return undefined;
  const command = new Command(verb);
  // The last word stands for the flag that may follow.
  await (await loading).define(command, io, [...rest, '--'], verbs);
  return rest.reduce<Command>((at, word) => at.commands.find((sub) => sub.name() === word) ?? at, command);
}

const flagsOf = (command: Command): Candidate[] =>
  command.options.flatMap((option) => (option.long ? [[option.long, option.description] as Candidate] : []));

/** The value that follows a flag: names from the kubeconfig, formats, placements, consumers. */
async function valuesOf(flag: string, words: readonly string[], io: Io): Promise<Candidate[] | undefined> {
  const name = flag.replace(/^--source-/, '--');
  const explicit = words[words.indexOf('--kubeconfig') + 1];
  const config = (): ReturnType<typeof loadKubeconfig> =>
    loadKubeconfig(kubeconfigFiles(words.includes('--kubeconfig') ? explicit : undefined, io.env));
  if (name === '--context') return [...config().contexts.keys()].map((each) => [each]);
  if (name === '--cluster') return [...config().clusters.keys()].map((each) => [each]);
  if (name === '--user') return [...config().users.keys()].map((each) => [each]);
  if (name === '--output' || name === '-o') return formats.map((format) => [format.replace('…', '')]);
  if (name === '--health') return [['True'], ['False'], ['Unknown']];
  if (name === '--placement') return placements(words, io);
  if (name === '--dry-run') return [['client'], ['server']];
  if (name === '--for') return systemsFor('export').map(([system, { title }]) => [system, title]);
  if (name === '--on-collision') return [['error'], ['hash']];
  return undefined;
}

/** The value of a flag among the words already typed. */
const given = (words: readonly string[], ...flags: string[]): string | undefined => {
  const at = words.findIndex((word) => flags.includes(word));
  return at < 0 ? undefined : words[at + 1];
};

/** The inventory that the words already typed name, and the namespace in it. */
async function inventoryOf(
  words: readonly string[],
  io: Io,
): Promise<{ from: Inventory; namespace: string | undefined }> {
  const inventory = given(words, '--inventory');
  const options = { timeout: patience, quiet: true, ...(inventory && { inventory }) };
  const named = {
    kubeconfig: given(words, '--kubeconfig'),
    context: given(words, '--context'),
    namespace: given(words, '-n', '--namespace'),
  };
  const set = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const from = await openInventory({ ...options, ...set }, io, { warn: () => {} });
  return { from, namespace: named.namespace ?? (from.namespace || undefined) };
}

/** Names of profiles where the command takes some. */
async function profileNames(words: readonly string[], io: Io): Promise<Candidate[]> {
  const { from, namespace } = await inventoryOf(words, io);
  const found: Candidate[] = [];
  for await (const page of from.list({ namespace }))
    found.push(...page.map(({ metadata, spec }): Candidate => [metadata.name, spec?.clusterManager?.name ?? plural]));
  return found;
}

/** Placements that `--placement` may name: without the namespace where it is clear which. */
async function placements(words: readonly string[], io: Io): Promise<Candidate[]> {
  const { from, namespace } = await inventoryOf(words, io);
  const found: unknown[] = [];
  for await (const page of from.objects(placementDecision, namespace)) found.push(...page);
  const prefix = namespace === undefined ? '' : `${namespace}/`;
  return placementNames(found).map((name) => [name.slice(prefix.length)]);
}

const takesNames = new Set(['list', 'get', 'describe', 'delete', 'access']);

async function candidates(words: readonly string[], io: Io, verbs: Verbs): Promise<Candidate[]> {
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? '';
  if (before.length === 0) return verbs.summaries();
  const command = await definition(before, io, verbs);
  if (!command) return [];
  if (word.startsWith('-')) return flagsOf(command);
  const last = before.at(-1) ?? '';
  const values = last.startsWith('-') ? await valuesOf(last, before, io) : undefined;
  if (values) return values;
  const option = command.options.find(({ long, short }) => last === long || last === short);
  if (option?.required) return [];
  if (command.commands.length > 0)
    return command.commands.map((sub) => [sub.name(), sub.summary() || sub.description()]);
  if (before[0] === 'completion') return [['bash'], ['zsh'], ['fish'], ['powershell']];
  return takesNames.has(before[0] ?? '') ? profileNames(before, io) : [];
}

export const define: Define = (command, io, _words, verbs) => {
  command.argument('[word...]').action(async (words: string[]) => {
    const word = words.at(-1) ?? '';
    // Nothing is the right answer to a hub that does not answer.
    const all = await candidates(words, io, verbs).catch((): Candidate[] => []);
    const fitting = all.filter(([value]) => value.startsWith(word));
    io.out(
      fitting
        .map(([value, description]) => `${value}${description ? `\t${description.split('\n')[0]}` : ''}\n`)
        .join(''),
    );
  });
};
