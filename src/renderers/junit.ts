import { objectText, type Document, type Finding, type LintResult } from '../rules/index.ts';
import { textLine } from '../rules/report.ts';

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' };

/** Everything XML 1.0 has no way to write. */
// eslint-disable-next-line no-control-regex
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escaped = (text: string): string => text.replace(illegal, '\ufffd').replace(/[<>&"']/g, (character) => entities[character] ?? '');

/** Attributes lose line breaks and tabs when they are read. */
const attribute = (text: string): string => escaped(text).replace(/[\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`);

const keyOf = ({ file, document, item = 0 }: Pick<Document, 'file' | 'document' | 'item'>): string => `${file}\0${document}\0${item}`;

const lines = (findings: readonly Finding[]): string => escaped(findings.map(textLine).join('\n'));

/** Errors fail a test case; warnings and notes are its output. */
function testCase(name: string, file: string, findings: readonly Finding[]): string {
  const failures = findings.filter(({ severity }) => severity === 'error');
  const others = findings.filter(({ severity }) => severity !== 'error');
  const [first] = failures;
  const body = [
    first && `      <failure type="${first.id}" message="${attribute(first.message)}">${lines(failures)}</failure>\n`,
    others.length > 0 && `      <system-out>${lines(others)}</system-out>\n`,
  ].filter(Boolean);
  const open = `    <testcase name="${attribute(name)}" classname="${attribute(file)}" file="${attribute(file)}"`;
  return body.length === 0 ? `${open}/>\n` : `${open}>\n${body.join('')}    </testcase>\n`;
}

/** JUnit XML: one test case a checked object, failed where it has errors. */
export function junit({ checked, findings: all }: LintResult, findings: readonly Finding[] = all): string {
  const cases = new Map<string, { name: string; file: string; findings: Finding[] }>();
  for (const document of checked) {
    const name = document.problem ? `document ${document.document}` : objectText(document.object);
    cases.set(keyOf(document), { name, file: document.file, findings: [] });
  }
  for (const finding of findings) {
    const known = cases.get(keyOf(finding)) ?? { name: finding.object ?? `document ${finding.document}`, file: finding.file, findings: [] };
    known.findings.push(finding);
    cases.set(keyOf(finding), known);
  }
  const all_ = [...cases.values()];
  const failed = all_.filter((each) => each.findings.some(({ severity }) => severity === 'error')).length;
  const counts = `tests="${all_.length}" failures="${failed}" errors="0"`;
  const body = all_.map((each) => testCase(each.name, each.file, each.findings)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="clusterprofile validate" ${counts}>
  <testsuite name="clusterprofile validate" ${counts}>
${body}  </testsuite>
</testsuites>
`;
}
