import { dirname, resolve } from 'node:path';
import type { Define } from '../command.ts';
import { addFlags, keepExitCode, keepRules, withExamples } from '../flags/flags.ts';
import { rulesOf } from '../flags/rules.ts';
import { lookAtAll, viewFlags } from '../flags/view.ts';
import { UserError } from '../../errors.ts';
import { inspectPath, writeFileAtomic } from '../../documents/files.ts';
import { option, valuesOf, type ValuesOf } from '../../options.ts';
import type { Io } from '../../io.ts';
import { ReportBuilder, type FleetReport } from '../../report/report.ts';
import { makeSafeLine } from '../../util/safe-text.ts';
import { parseTime } from '../../util/duration.ts';

const formats: Readonly<Record<'html' | 'md', () => Promise<(report: FleetReport) => string>>> = {
  html: async () => (await import('../../report/html/page.ts')).formatPage,
  md: async () => (await import('../../report/markdown.ts')).formatMarkdown,
};

const flags = {
  output: option.oneOf('-o, --output <format>', 'html, one page that needs nothing else, or md', ['html', 'md'], {
    default: 'html',
  }),
  asOf: option.parsed('--as-of <time>', 'RFC 3339 time that stands in for the clock', parseTime),
  ...viewFlags,
};

/** Refuses a place that is mistyped before a fleet is read for it. */
function assertPlace(file: string): void {
  if (!inspectPath(dirname(resolve(file)))) throw new UserError(`cannot write ${file}: there is no such directory`);
}

async function runReport(file: string | undefined, options: ValuesOf<typeof flags>, io: Io): Promise<number> {
  if (file !== undefined && file !== '-') assertPlace(file);
  const clusterSets = new Map<string, string>();
  const builder = new ReportBuilder(options.asOf === undefined ? new Date() : new Date(options.asOf), clusterSets);
  const { code, title } = await lookAtAll(options, io, (profile) => builder.add(profile), clusterSets);
  const format = await formats[options.output]();
  const text = format(await builder.end(title));
  if (file === undefined || file === '-') io.out(text);
  else {
    writeFileAtomic(resolve(file), text);
    if (!options.quiet) io.err(`written to ${makeSafeLine(file)}\n`);
  }
  return code;
}

export const define: Define = (command, io) => {
  command
    .description('Write a report of a fleet: a page to look at and to search, or Markdown for a pull request.')
    .argument('[file]', 'where to write it (default: standard output)');
  withExamples(command, io, [
    ['report -A fleet.html', 'a page for the browser, of all that the hub knows'],
    ['report --clusterset prod-fleet prod.html', 'of the members of a ClusterSet'],
    ['report -f fleet/ -R -o md', 'for a comment on a pull request'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('list'));
  command.action(async (file: string | undefined, given: object) =>
    keepExitCode(command, await runReport(file, valuesOf(flags, given), io)),
  );
};
