import { chmodSync, existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';
import { exit, refusal, usageError, UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { option, type ValuesOf } from '../../options.ts';
import { makeSafeLine } from '../../util/safe-text.ts';

const plugin = 'kubectl-clusterprofile';
const name = 'kubectl_complete-clusterprofile';

/** By its second line a file is known for one that this command wrote. */
const mark = '# Written by: clusterprofile completion install';

const text = `#!/bin/sh
${mark}
# kubectl runs it for the words that may follow \`kubectl clusterprofile\`.
exec ${plugin} __complete -- "$@"
`;

export const installFlags = {
  dir: option.text('--dir <dir>', `a directory on PATH (default: that of ${plugin}, else ~/.local/bin)`),
};

const listPath = ({ env }: Io): string[] => (env['PATH'] ?? '').split(delimiter).filter(Boolean);

/** Where kubectl finds the plugin, else where a person keeps programs of their own. */
function findDirectory(io: Io): string {
  const found = listPath(io).find((each) => existsSync(join(each, plugin)));
  if (found !== undefined) return found;
  const home = io.env['HOME'];
  if (home) return join(home, '.local', 'bin');
  throw usageError('which directory? There is no home directory', `${io.program} completion install --dir DIR`);
}

/** What the npm package has for the same. */
const shipped = 'kubectl-complete.js';

/** What is at that place: nothing, what this command would write, an older one of it, or something of somebody else. */
function inspect(path: string): 'nothing' | 'same' | 'older' | 'foreign' {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 'nothing';
  if (found.isSymbolicLink() && basename(readlinkSync(path)) === shipped) return 'same';
  if (!found.isFile()) return 'foreign';
  const there = readFileSync(path, 'utf8');
  if (there === text) return 'same';
  return there.split('\n')[1] === mark ? 'older' : 'foreign';
}

/** What is still to be done before kubectl completes its plugin. */
function describeNext(directory: string, io: Io): string[] {
  const isOnPath = listPath(io).some((each) => resolve(each) === directory);
  const hasPlugin = [...listPath(io), directory].some((each) => existsSync(join(each, plugin)));
  return [
    ...(isOnPath ? [] : [`note: ${directory} is not on PATH, where kubectl looks for it`]),
    ...(hasPlugin ? [] : [`note: there is no ${plugin} on PATH: link it to clusterprofile`]),
    'note: kubectl completes its plugins where its own completion is loaded, by kubectl completion --help',
  ];
}

/**
 * Writes the program that kubectl asks to complete its plugin, and says what is left to do. Never overwrites what somebody
 * else put there (exit 5). Returns the exit code.
 */
export async function install({ dir }: ValuesOf<typeof installFlags>, io: Io): Promise<number> {
  const { assertDirectory, writeFileAtomic } = await import('../../documents/files.ts');
  if (process.platform === 'win32') throw new UserError(`kubectl runs no ${name} that is a shell script on Windows`);
  const directory = resolve(dir ?? findDirectory(io));
  const path = join(directory, name);
  assertDirectory(directory);
  const there = inspect(path);
  if (there === 'foreign')
    throw refusal(`${path} is not written by this command`, `${io.program} completion install --dir DIR`);
  if (there !== 'same') writeFileAtomic(path, text, 0o755);
  if (there === 'older') chmodSync(path, 0o755);
  const done = { nothing: 'created', older: 'configured', same: 'unchanged' }[there];
  io.out(`${makeSafeLine(path)} ${done}\n`);
  for (const line of describeNext(directory, io)) io.err(`${makeSafeLine(line)}\n`);
  return exit.done;
}
