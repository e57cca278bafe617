import type { Command } from 'commander';
import { findDefaults } from '../../../defaults/find.ts';
import type { Io } from '../../../io.ts';
import type { Verbs } from '../../command.ts';

/** The flags that say which profiles there are to choose from. */
const placeFlags = new Set([
  'inventory',
  'filename',
  'recursive',
  'namespace',
  'all-namespaces',
  'kubeconfig',
  'context',
]);

const isTyped = ({ long, short }: { long?: string; short?: string }, words: readonly string[]): boolean =>
  words.some((word) => word === long || word === short || word.startsWith(`${long}=`));

/** The words that say where the profiles are of a command, by defaults that give way to what is typed. */
export async function listDefaultWords(
  words: readonly string[],
  command: Command,
  io: Io,
  verbs: Verbs,
): Promise<readonly string[]> {
  const places = findDefaults(io.env);
  const path = [...(command.parent ? [command.parent.name()] : []), command.name()];
  if (!places || verbs.defaultsOf(path[0] ?? '') === 'none') return [];
  const { findIdle, rulesOf } = await import('../../flags/rules.ts');
  const { listSettable, narrowSources, readSources, toRanked } = await import('../../flags/defaults.ts');
  const { resolveSettings } = await import('../../../defaults/settings.ts');
  const flags = listSettable(command).filter(({ name }) => placeFlags.has(name));
  const typedKeys = command.options.filter((flag) => isTyped(flag, words)).map((flag) => flag.attributeName());
  const typed = Object.fromEntries(typedKeys.map((key) => [key, true]));
  const settings = resolveSettings(path, flags, narrowSources(readSources(places, io, verbs), path[0] ?? '', verbs));
  const open = settings.filter(({ flag, given }) => given !== undefined && !typedKeys.includes(flag.key));
  const idle = findIdle(open.map(toRanked), rulesOf('list'), typed);
  return open
    .filter(({ flag }) => !idle.has(flag.key))
    .flatMap(({ flag: { name, takesText }, given: value }) =>
      takesText ? [value].flat().map((text) => `--${name}=${String(text)}`) : [`--${name}`],
    );
}
