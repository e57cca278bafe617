import { Command } from 'commander';
import type { Define } from '../command.ts';
import { exit } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { connectionFlags } from '../../kubernetes/flags.ts';
import { addFlags, keepExitCode } from '../flags/flags.ts';

/** The flags as the help of a command would show them. */
function formatFlags(io: Io): string {
  const command = new Command();
  addFlags(command, connectionFlags);
  const help = command.createHelp();
  help.prepareContext({ helpWidth: io.columns });
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  const width = help.padWidth(command, help);
  return options
    .map((each) => `${help.formatItem(help.optionTerm(each), width, help.optionDescription(each), help)}\n`)
    .join('');
}

export const define: Define = (command, io) => {
  command.description('Show the flags of a connection, which every command takes that talks to a hub.');
  command.action(() => {
    io.out(`Every command that talks to a hub takes these flags, as kubectl does:

${formatFlags(io)}
import takes them with --source- in front too (--source-context), for the cluster that
it reads, and export with --target-, for the cluster of the consumer.

Every flag of a command can have a default: ${io.program} config --help
`);
    keepExitCode(command, exit.done);
  });
};
