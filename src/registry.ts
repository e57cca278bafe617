import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from './system.ts';

/** The folder is the registry: a file in `systems/` is a system, and its name is the word typed to use it. */
const folder = join(import.meta.dirname, 'systems');
const extension = /\.(ts|cjs)$/;

let files: readonly string[] | undefined;

/** The folder's files, read once: it does not change under a running program. */
const systemFiles = (): readonly string[] => (files ??= readdirSync(folder).filter((file) => extension.test(file)));

/** The names of all systems, sorted. */
export const systemNames = (): string[] =>
  systemFiles()
    .map((file) => file.replace(extension, ''))
    .toSorted();

/** Other words for a system, for people who know it by them. */
const aliases: Readonly<Record<string, string>> = { 'rancher-fleet': 'fleet' };

/** The other words for a system. */
export const aliasesOf = (name: string): string[] =>
  Object.entries(aliases).flatMap(([alias, system]) => (system === name ? [alias] : []));

/** The name of the system that a word stands for, its own name or another word; `undefined` for any other word. */
export function systemNamed(word: string): string | undefined {
  const name = Object.hasOwn(aliases, word) ? aliases[word] : word;
  return systemNames().find((each) => each === name);
}

/** One system, loaded when it is asked for; `undefined` for a name there is no file for. */
export async function loadSystem(name: string): Promise<System | undefined> {
  const file = systemFiles().find((entry) => entry.replace(extension, '') === name);
  if (!file) return undefined;
  const module = (await import(/* @vite-ignore */ join(folder, file))) as { default: System };
  return module.default;
}

/** Every system by name. */
export async function loadSystems(): Promise<Map<string, System>> {
  const systems = await Promise.all(systemNames().map(async (name) => [name, await loadSystem(name)] as const));
  return new Map(systems.filter((entry): entry is [string, System] => entry[1] !== undefined));
}
