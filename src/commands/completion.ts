import type { Define } from './command.ts';
import { install, installFlags } from './completion/install.ts';
import { scripts } from './completion/scripts.ts';
import { usageError } from '../errors.ts';
import { valuesOf } from '../options.ts';
import { addFlags, keepExitCode, withExamples } from './flags/flags.ts';

const shells = Object.keys(scripts);

export const define: Define = (command, io) => {
  command.description(
    'Print a completion script for bash, zsh, fish or PowerShell, or complete `kubectl clusterprofile` too.',
  );
  withExamples(command, io, [
    ['completion bash > /etc/bash_completion.d/clusterprofile', 'for every bash from now on'],
    ['completion fish | source', 'for this fish'],
    ['completion install', 'for kubectl, whose completion then knows its plugin'],
  ]);
  for (const [shell, script] of Object.entries(scripts))
    command
      .command(shell)
      .summary(`the script for ${shell}`)
      .action(() => io.out(script));
  const kubectl = command
    .command('install')
    .summary('let kubectl complete `kubectl clusterprofile`')
    .description(
      'Write kubectl_complete-clusterprofile, which kubectl asks for the words that may follow `kubectl clusterprofile`.',
    );
  addFlags(kubectl, installFlags);
  kubectl.action(async (given: object) => keepExitCode(kubectl, await install(valuesOf(installFlags, given), io)));
  command.argument('[shell]').usage('bash | zsh | fish | powershell | install [--dir DIR]');
  command.action((shell: string | undefined) => {
    throw shell === undefined
      ? usageError('which shell?', `shells: ${shells.join(' ')}`)
      : usageError(`no completion for ${JSON.stringify(shell)}`, `shells: ${shells.join(' ')}`);
  });
};
