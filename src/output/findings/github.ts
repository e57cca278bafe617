import type { Finding } from '../../lint/index.ts';
import type { Severity } from '../../lint/problem.ts';
import { describeSubject } from '../../lint/report.ts';
import { makeSafe } from '../../util/safe-text.ts';

const commands: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
};

/** As @actions/core escapes what stands behind `::`. */
const escapeData = (text: string): string =>
  makeSafe(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** The place in a file; an object of a hub has none. */
const listPlace = ({ file, line, column = 1 }: Finding): [string, string][] =>
  line === undefined
    ? []
    : [
        ['file', file.replace(/^\.\//, '')],
        ['line', `${line}`],
        ['col', `${column}`],
      ];

/** Workflow commands of GitHub Actions, which show each finding beside its line of a pull request. */
export function formatGithub(findings: readonly Finding[]): string {
  const lines = findings.map((finding) => {
    const { id, severity, message, hint, file, line } = finding;
    const properties = [...listPlace(finding), ['title', id] as const].map(
      ([key, value]) => `${key}=${escapeProperty(value)}`,
    );
    const where = line === undefined ? `${file}: ` : '';
    const text = `${where}${message}${describeSubject(finding)}${hint ? `; ${hint}` : ''}`;
    return `::${commands[severity]} ${properties.join(',')}::${escapeData(text)}\n`;
  });
  return lines.join('');
}
