import type { Command } from 'commander';
import { exit, UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { formatColumns } from '../../output/text.ts';
import { byName, clusterSetOf, nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { findFlaw } from '../../profile/shape/well-formed.ts';
import { withoutSecrets } from '../../redact/door.ts';
import type { ReadProfilesOptions } from '../../stores/options.ts';
import { buildQuery } from '../../stores/read.ts';
import type { Inventory } from '../../stores/store.ts';
import { describeEnd } from '../../util/limits.ts';
import { makeSafeLine } from '../../util/safe-text.ts';
import { formatLargeAmount } from '../../util/text.ts';

/** As many lines as the library is handed at once: it lays out all of them at every key. */
const mostLines = 200;

/** Whether somebody is there who could choose: what is piped in is no keyboard. */
export const hasPerson = ({ terminal }: Io): boolean => terminal.in && terminal.err;

/** Without a name, and without somebody at a terminal who could choose one: the error of any argument that is missing. */
export function assertPerson(command: Command, io: Io): void {
  if (hasPerson(io)) return;
  command.error("error: missing required argument 'name'", {
    code: 'commander.missingArgument',
    exitCode: exit.usage,
  });
}

async function readAll(inventory: Inventory, options: ReadProfilesOptions, io: Io): Promise<ClusterProfile[]> {
  const query = buildQuery(options, inventory);
  const profiles: ClusterProfile[] = [];
  try {
    for await (const page of inventory.list(query)) profiles.push(...page);
  } catch (error) {
    throw io.signal.aborted ? describeEnd(options, io) : error;
  }
  if (profiles.length > 0) return profiles.toSorted(byName);
  const place = query.namespace === undefined ? inventory.title : `the ${query.namespace} namespace`;
  throw new UserError(`there is no ClusterProfile to choose (in ${place})`, {
    code: exit.notFound,
    hint: `${io.program} list -A shows all there are`,
  });
}

/** A line of each. The library writes to the terminal itself, so its lines have passed both doors before. */
async function formatLines(profiles: readonly ClusterProfile[]): Promise<string[]> {
  const rows = profiles.map((profile) =>
    findFlaw(profile) === undefined
      ? [nameOf(profile), profile.spec?.clusterManager?.name ?? '', clusterSetOf(profile) ?? '']
      : [nameOf(profile), '', ''],
  );
  const text = await formatColumns(rows);
  return text.split('\n').map((line) => withoutSecrets(line.trimEnd()));
}

interface Choice<T> {
  name: string;
  value: T;
}

/** Those whose line has every word. */
function filterChoices<T>(choices: readonly Choice<T>[], typed: string): Choice<T>[] {
  const words = typed.toLowerCase().split(' ').filter(Boolean);
  return choices.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}

/** Offers the lines until one is chosen; typing leaves those that have every word. Esc, Ctrl-C and Ctrl-D end the command. */
async function askForLine<T>(choices: readonly Choice<T>[], io: Io): Promise<T> {
  const { default: search, Separator } = await import('@inquirer/search');
  const { input, output } = io.screen();
  const left = new AbortController();
  const leave = (_text: string, key?: { name?: string; ctrl?: boolean }): void => {
    if (key?.name === 'escape' || (key?.ctrl && key.name === 'd')) left.abort();
  };
  input.on('keypress', leave);
  let found: Choice<T>[] = [];
  const source = (typed = ''): (InstanceType<typeof Separator> | Choice<T>)[] => {
    found = filterChoices(choices, typed);
    const more = found.length - mostLines;
    const rest = more > 0 ? [new Separator(`${formatLargeAmount(more, 'other')}: type a part of a name`)] : [];
    return [...found.slice(0, mostLines), ...rest];
  };
  const prompt = { message: 'Which ClusterProfile?', pageSize: 10, source };
  const context = { input, output, signal: AbortSignal.any([io.signal, left.signal]), clearPromptOnDone: true };
  try {
    const chosen = await io.clock.pause(search(prompt, context));
    // An Enter that comes in one piece with what was typed before it is about the lines as they were before.
    const [first] = found;
    if (first === undefined) throw new UserError('no ClusterProfile has what was typed', { code: exit.notFound });
    return found.some(({ value }) => value === chosen) ? chosen : first.value;
  } catch (error) {
    if (!io.signal.aborted && !(error instanceof Error && /^(?:Exit|Abort)PromptError$/.test(error.name))) throw error;
    throw new UserError('interrupted, nothing was chosen', { code: exit.interrupted });
  } finally {
    input.off('keypress', leave).pause();
  }
}

/** The profile of an inventory that somebody at a terminal chooses. */
export async function pickProfile(inventory: Inventory, options: ReadProfilesOptions, io: Io): Promise<ClusterProfile> {
  const profiles = await readAll(inventory, options, io);
  const lines = await formatLines(profiles);
  const choices = profiles.map((value, index) => ({ value, name: lines[index] ?? '' }));
  const chosen = await askForLine(choices, io);
  io.err(`chosen: ${makeSafeLine(nameOf(chosen))}\n`);
  return chosen;
}
