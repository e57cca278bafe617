import type { Command } from 'commander';
import { listCommandsOf } from '../flags/catalog.ts';
import type { DeclaredCommand, DeclaredFlag } from '../flags/flags.ts';
import type { Verbs } from '../command.ts';
import type { Io } from '../../io.ts';
import { connectionFlags } from '../../kubernetes/flags.ts';

/** A flag with what help says of it. */
export interface FlagText {
  /** `-n, --namespace <namespace>` */
  term: string;
  meaning: string;
  /** Whose connection it is about, where it is one of kubectl's flags. */
  connection?: 'hub' | 'source' | 'target';
  /** The key of its table, for a system's own. */
  declared: DeclaredFlag['declared'];
}

/** Flags under a heading of help. */
export interface FlagGroup {
  title: string;
  flags: readonly FlagText[];
}

/** A command as its pages have it. */
export interface CommandText {
  /** What is typed: `import gke`. */
  name: string;
  aliases: readonly string[];
  summary: string;
  description: string;
  usage: string;
  operands: readonly { name: string; meaning: string }[];
  examples: readonly (readonly [words: string, what: string])[];
  groups: readonly FlagGroup[];
}

/** The program in usage lines and examples, under whichever name it was started. */
export const program = 'clusterprofile';

const connections = new Set(Object.values(connectionFlags).map(({ flags }) => /--([\w-]+)/.exec(flags)?.[1] ?? ''));

function findConnection({ long }: DeclaredFlag): FlagText['connection'] {
  const [, prefix, name = ''] = /^--(?:(source|target)-)?([\w-]+)$/.exec(long ?? '') ?? [];
  if (!connections.has(name)) return undefined;
  return prefix === 'source' || prefix === 'target' ? prefix : 'hub';
}

function readGroups(command: Command): FlagGroup[] {
  const help = command.createHelp();
  const groups = new Map<string, FlagText[]>();
  for (const option of command.options as readonly DeclaredFlag[]) {
    const title = (option.helpGroupHeading ?? 'Options:').replace(/:$/, '');
    const connection = findConnection(option);
    const flags = groups.get(title) ?? [];
    groups.set(title, flags);
    flags.push({
      term: help.optionTerm(option),
      meaning: help.optionDescription(option),
      declared: option.declared,
      ...(connection && { connection }),
    });
  }
  return [...groups].map(([title, flags]) => ({ title, flags }));
}

/** What a command declares, in the words of its help; `words` are what is typed for it. */
function readCommand(words: readonly string[], command: DeclaredCommand): CommandText {
  const help = command.createHelp();
  return {
    name: words.join(' '),
    aliases: command.aliases(),
    summary: command.summary(),
    description: command.description(),
    usage: `${program} ${words.join(' ')} ${command.usage()}`.trim(),
    operands: help
      .visibleArguments(command)
      .filter(({ description }) => description !== '')
      .map((argument) => ({ name: help.argumentTerm(argument), meaning: help.argumentDescription(argument) })),
    examples: command.examples ?? [],
    groups: readGroups(command),
  };
}

/** A verb, what stands behind it, and how it is summed up in the list of verbs. */
export interface VerbText {
  verb: string;
  aliases: readonly string[];
  summary: string;
  commands: readonly CommandText[];
}

/** Every verb that a person may type, with all of its commands. */
export async function readVerbs(io: Io, verbs: Verbs): Promise<VerbText[]> {
  const texts: VerbText[] = [];
  for (const [verb, summary] of verbs.summaries()) {
    const commands: CommandText[] = [];
    for await (const { words, command } of listCommandsOf(verb, io, verbs)) commands.push(readCommand(words, command));
    texts.push({ verb, aliases: verbs.aliasesOf(verb), summary, commands });
  }
  return texts;
}
