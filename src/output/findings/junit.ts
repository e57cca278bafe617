import type { TestCase } from '../../lint/report.ts';
import { readOwn } from '../../object.ts';

const entities: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Everything XML 1.0 has no way to write. */
// eslint-disable-next-line no-control-regex
const illegal =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escapeXml = (text: string): string =>
  text.replace(illegal, '\ufffd').replace(/[<>&"']/g, (character) => readOwn(entities, character) ?? '');

/** Attributes lose line breaks and tabs when they are read. */
const escapeAttribute = (text: string): string =>
  escapeXml(text).replace(/[\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`);

function testCase({ name, file, failures, output }: TestCase): string {
  const [first] = failures;
  const lines = escapeXml(failures.map(({ line }) => line).join('\n'));
  const body = [
    first ? `      <failure type="${first.id}" message="${escapeAttribute(first.message)}">${lines}</failure>\n` : '',
    output.length > 0 ? `      <system-out>${escapeXml(output.join('\n'))}</system-out>\n` : '',
  ].join('');
  const open = `    <testcase name="${escapeAttribute(name)}" classname="${escapeAttribute(file)}" file="${escapeAttribute(file)}"`;
  return body === '' ? `${open}/>\n` : `${open}>\n${body}    </testcase>\n`;
}

/** JUnit XML of a suite of that name: a test case that has failures fails once, with all of them as its text. */
export function formatJunit(cases: readonly TestCase[], suite = 'clusterprofile validate'): string {
  const failed = cases.filter(({ failures }) => failures.length > 0).length;
  const counts = `tests="${cases.length}" failures="${failed}" errors="0"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${suite}" ${counts}>
  <testsuite name="${suite}" ${counts}>
${cases.map(testCase).join('')}  </testsuite>
</testsuites>
`;
}
