import { join } from 'node:path';
import type { Define, Verbs } from '../command.ts';
import { addFlags, keepExitCode, withExamples } from '../flags/flags.ts';
import { exit, usageError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { option, valuesOf, type ValuesOf } from '../../options.ts';
import { makeSafeLine } from '../../util/safe-text.ts';
import { formatAmount } from '../../util/text.ts';

const flags = {
  outputDir: option.text('--output-dir <dir>', 'the reference, as pages of Markdown'),
  man: option.text('--man <dir>', 'man pages, into its man1: a directory of MANPATH such as ~/.local/share/man'),
};

async function writePages(directory: string, pages: ReadonlyMap<string, string>, io: Io): Promise<void> {
  const { assertDirectory, writeFileAtomic } = await import('../../documents/files.ts');
  assertDirectory(directory);
  for (const [path, text] of pages) writeFileAtomic(join(directory, path), text);
  io.err(`${formatAmount(pages.size, 'page')} written to ${makeSafeLine(directory)}\n`);
}

async function runDocs({ outputDir, man }: ValuesOf<typeof flags>, io: Io, verbs: Verbs): Promise<number> {
  if (outputDir === undefined && man === undefined)
    throw usageError('say what to write with --output-dir or --man', `${io.program} docs --man ~/.local/share/man`);
  if (outputDir !== undefined)
    await writePages(outputDir, await (await import('./pages.ts')).buildPages(io, verbs), io);
  if (man !== undefined) await writePages(man, await (await import('./man.ts')).buildManPages(io, verbs), io);
  return exit.done;
}

export const define: Define = (command, io, _words, verbs) => {
  command.description('Write the reference of commands, systems, rules and exit codes, or man pages.');
  withExamples(command, io, [
    ['docs --man ~/.local/share/man', 'for man clusterprofile-list'],
    ['docs --output-dir docs/reference', 'as Markdown'],
  ]);
  addFlags(command, flags);
  command.action(async (given: object) => keepExitCode(command, await runDocs(valuesOf(flags, given), io, verbs)));
};
