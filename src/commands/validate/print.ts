import type { Io } from '../../io.ts';
import { count, describeLinted, rules, type Finding, type LintResult, type Rule } from '../../lint/index.ts';
import { sayAccepted, type AcceptOptions } from '../../lint/ignore/accept.ts';
import type { Ignorer } from '../../lint/ignore/ignore.ts';
import type { Document } from '../../lint/problem.ts';
import { buildJsonReport, formatLine, splitLine, testCases, type JudgedResult } from '../../lint/report.ts';
import { locate } from '../../lint/source.ts';
import { isObject } from '../../object.ts';
import { paintFor, paintSeverity, type Paint } from '../../output/paint.ts';
import { makeSafe, makeSafeLine } from '../../util/safe-text.ts';

/** What `validate -o` takes. */
export const reportFormats = ['text', 'json', 'junit', 'sarif', 'github', 'gitlab'] as const;

async function buildSarif(shown: readonly Finding[], known: readonly Rule[]): Promise<string> {
  const { formatSarif } = await import('../../output/findings/sarif.ts');
  const { ruleKnowledge } = await import('../../lint/knowledge/index.ts');
  return formatSarif(shown, known, ruleKnowledge);
}

export async function printReport(
  result: JudgedResult,
  shown: readonly Finding[],
  { output, rules: more }: { output: string | undefined; rules: readonly Rule[] },
  io: Io,
): Promise<void> {
  if (output === 'json') io.out(buildJsonReport(shown));
  else if (output === 'junit')
    io.out((await import('../../output/findings/junit.ts')).formatJunit(testCases(result, shown)));
  else if (output === 'sarif') io.out(await buildSarif(shown, [...rules, ...more]));
  else if (output === 'github') io.out((await import('../../output/findings/github.ts')).formatGithub(shown));
  else if (output === 'gitlab') io.out((await import('../../output/findings/gitlab.ts')).formatGitlab(shown));
  else {
    const paint = await paintFor(io, {});
    io.out(shown.map((finding) => paintLine(finding, paint)).join(''), true);
  }
}

/** A finding as a line, made safe before it is painted. */
function paintLine(finding: Finding, paint: Paint): string {
  const [start, rest] = splitLine(finding).map(makeSafe) as [string, string];
  return `${start}${paintSeverity(finding.severity, paint)}${rest}\n`;
}

export function sayWhatWasSkipped({ skipped }: LintResult, say: (text: string) => void): void {
  const kinds = new Set<unknown>(['ClusterProfile', 'PlacementDecision']);
  const foreign = skipped.filter(({ object }) => isObject(object) && kinds.has(object['kind']));
  for (const { file, object } of foreign)
    say(makeSafe(`note: ${file}: ${describeLinted(object)} is a kind of another API group, skipped`));
  const others = skipped.length - foreign.length;
  if (others > 0) say(`note: ${others} object${others === 1 ? '' : 's'} of other kinds skipped`);
}

export const summariseFile = (
  file: string,
  findings: readonly Finding[],
  { checked, ignored }: JudgedResult,
): string => {
  const [errors, warnings] = [count(findings, 'error'), count(findings, 'warning')];
  // The summary of the profiles, where there are any, counts what is ignored here too.
  const more = checked.length === 0 && ignored > 0 ? `, ${ignored} ignored` : '';
  return `${errors + warnings === 0 ? `${file} valid` : `${file}: errors: ${errors}, warnings: ${warnings}`}${more}`;
};

/** A rule that nobody knows is always said: else a spelling mistake would never come out. */
export async function sayIdleIgnores(
  { review }: Ignorer,
  { verbose }: AcceptOptions,
  say: (text: string) => void,
): Promise<void> {
  const { warnings, notes } = await review();
  for (const each of warnings) say(`warning: ${makeSafeLine(each)}`);
  for (const each of verbose ? notes : []) say(`note: ${makeSafeLine(each)}`);
}

/** Says how many warnings were accepted, and with `--verbose` where they are. */
export async function sayAcceptedFindings(
  { accepted }: Ignorer,
  documents: readonly Document[],
  options: AcceptOptions,
  say: (text: string) => void,
): Promise<void> {
  const shown = options.verbose ? await locate(accepted, documents) : accepted;
  sayAccepted(shown.map(formatLine), options, say);
}
