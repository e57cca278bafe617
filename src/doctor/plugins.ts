import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { findPreset } from '../access/provider-presets.ts';
import type { ProviderConfig } from '../access/provider.ts';
import { accessProvidersOf, nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import type { Io } from '../io.ts';
import { quoteForShell } from '../util/shell.ts';
import { listSome } from '../util/text.ts';
import { createChecker, type Check } from './check.ts';
import { checkPluginVersion } from './plugin-version.ts';

/** Whether the programs are there that log in to the clusters of an inventory. */

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** Where a command is that client-go would run; `undefined` where it is not there. */
function findProgram(command: string, path: string | undefined): string | undefined {
  if (command.includes('/')) return isAbsolute(command) && isProgram(command) ? command : undefined;
  return (path ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find((candidate) => isAbsolute(candidate) && isProgram(candidate));
}

/** The profiles of each access provider, by the provider's name. */
export function groupByProvider(profiles: readonly ClusterProfile[]): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const profile of profiles)
    for (const { name } of accessProvidersOf(profile)) users.set(name, [...(users.get(name) ?? []), nameOf(profile)]);
  return users;
}

type Process = Pick<Io, 'env' | 'program' | 'signal'>;

async function* checkCommand(name: string, { exec }: ProviderConfig, { env, signal }: Process): AsyncIterable<Check> {
  const plugin = createChecker('DR007', `provider ${name}`);
  const found = findProgram(exec.command, env['PATH']);
  if (found === undefined) {
    yield plugin('warning', `its plugin ${exec.command} is not installed here`, exec.installHint ?? undefined);
    return;
  }
  yield plugin('ok', `its plugin is ${found}`);
  yield* checkPluginVersion({ provider: name, program: found, env, signal });
}

/**
 * A check for each access provider of the profiles: whether the provider file has it, or without a file one that everybody
 * knows, whether its plugin is installed, and which version it is.
 */
export async function* checkProviders(
  users: ReadonlyMap<string, readonly string[]>,
  { file, entries }: { file: string | undefined; entries: readonly ProviderConfig[] },
  io: Process,
): AsyncIterable<Check> {
  for (const [name, profiles] of users) {
    const config = file === undefined ? findPreset(name) : entries.find((entry) => entry.name === name);
    if (config) {
      yield* checkCommand(name, config, io);
      continue;
    }
    const missing = createChecker('DR006', `provider ${name}`);
    const of = `of ${listSome(profiles)}`;
    yield file === undefined
      ? missing('note', `${of}: its plugin stands in the provider file of whoever reads the inventory`)
      : missing(
          'error',
          `${of}: ${file} does not have it, so nobody with that file reaches them`,
          `${io.program} validate hub --provider-file ${quoteForShell(file)}`,
        );
  }
}
