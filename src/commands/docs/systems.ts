import type { CommandText, FlagGroup, VerbText } from './model.ts';
import type { Mapping } from '../../import/kit/importer.ts';
import type { OptionTable } from '../../options.ts';
import { listSystems, loadExporter, loadImporter, loadSystem } from '../../systems/index.ts';

/** One direction of a system: its command, and the flags that no other system has. */
export interface Direction {
  command: CommandText;
  own: readonly FlagGroup[];
  /** The kinds that are read or written, with their group and versions; none for clouds and files. */
  kinds: readonly string[];
}

/** A system as its page has it. */
export interface SystemText {
  name: string;
  title: string;
  aliases: readonly string[];
  docs: string | undefined;
  /** The default of `--cluster-manager`. */
  manager: string | undefined;
  importing: Direction | undefined;
  exporting: Direction | undefined;
  mapping: Mapping;
}

interface Kind {
  group: string;
  versions: readonly string[];
  kind: string;
}

const formatKind = ({ group, versions, kind }: Kind): string =>
  `${kind} (${group === '' ? 'core' : group}, ${versions.join(', ')})`;

function describeDirection(
  command: CommandText | undefined,
  options: OptionTable | undefined,
  kinds: readonly Kind[] | undefined,
): Direction | undefined {
  if (!command) return undefined;
  const table = new Set(Object.values(options ?? {}));
  const own = command.groups
    .map(({ title, flags }) => ({ title, flags: flags.filter(({ declared }) => declared && table.has(declared)) }))
    .filter(({ flags }) => flags.length > 0);
  return { command, own, kinds: (kinds ?? []).map(formatKind) };
}

/** Every system there is, with the commands of its two directions. */
export async function readSystems(verbs: readonly VerbText[]): Promise<SystemText[]> {
  const find = (name: string): CommandText | undefined =>
    verbs.flatMap(({ commands }) => commands).find((command) => command.name === name);
  const texts: SystemText[] = [];
  for (const [name, { title, aliases = [] }] of listSystems()) {
    const system = await loadSystem(name);
    const source = (await loadImporter(name))?.source;
    const exporter = (await loadExporter(name))?.exporter;
    texts.push({
      name,
      title,
      aliases,
      docs: system?.docs,
      manager: source?.manager,
      importing: describeDirection(find(`import ${name}`), source?.options, source?.kinds),
      exporting: describeDirection(find(`export ${name}`), exporter?.options, exporter?.kinds),
      mapping: (await system?.mapping?.())?.mapping ?? [],
    });
  }
  return texts;
}

/** The flags that the commands of all systems have in common, each once; `own` are those of the systems. */
export function listCommonGroups(commands: readonly CommandText[], own: readonly FlagGroup[]): FlagGroup[] {
  const owned = new Set(own.flatMap(({ flags }) => flags.map(({ declared }) => declared)));
  const groups = new Map<string, Map<string, FlagGroup['flags'][number]>>();
  const seen = new Set<string>();
  for (const { title, flags } of commands.flatMap((command) => command.groups))
    for (const flag of flags) {
      if (owned.has(flag.declared) || seen.has(flag.term)) continue;
      seen.add(flag.term);
      groups.set(title, (groups.get(title) ?? new Map<string, FlagGroup['flags'][number]>()).set(flag.term, flag));
    }
  return [...groups].map(([title, flags]) => ({ title, flags: [...flags.values()] }));
}
