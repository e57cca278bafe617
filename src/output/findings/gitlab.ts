import type { Finding } from '../../lint/index.ts';
import type { Severity } from '../../lint/problem.ts';
import { describeSubject } from '../../lint/report.ts';
import { hashText } from '../../profile/names.ts';
import { makeSafeLine } from '../../util/safe-text.ts';

const severities: Readonly<Record<Severity, 'major' | 'minor' | 'info'>> = {
  error: 'major',
  warning: 'minor',
  info: 'info',
};

/**
 * A report of GitLab's Code Quality: a JSON array of issues. A finding keeps its fingerprint when lines move; the same finding twice
 * in one object has two.
 */
export function formatGitlab(findings: readonly Finding[]): string {
  const seen = new Map<string, number>();
  const issues = findings.map((finding) => {
    const { id, severity, message, hint, file, line, object, path } = finding;
    const key = [id, object ?? file, path].join('\0');
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return {
      description: makeSafeLine(`${message}${describeSubject(finding)}${hint ? `; ${hint}` : ''}`),
      check_name: id,
      fingerprint: hashText(before === 0 ? key : `${key}\0${before}`, 32),
      severity: severities[severity],
      // GitLab takes no issue without a line: what is of no file, as an object of a hub, is at the first.
      location: { path: file.replace(/^\.\//, ''), lines: { begin: line ?? 1 } },
    };
  });
  return `${JSON.stringify(issues, undefined, 2)}\n`;
}
