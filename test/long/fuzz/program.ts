import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { exit } from '../../../src/errors.ts';
import { parseDocuments } from '../../../src/documents/yaml-in.ts';
import { listSystems } from '../../../src/systems/index.ts';
import { scratch } from '../../support/paths.ts';
import { runQuickly, type Ran } from '../../support/run.ts';
import { damagedDocuments, damagedText, encoding, readSamples, writing } from '../../support/generate/texts.ts';
import { assertClean, assertSecretFree } from './judge.ts';
import { target, type Target } from './readers.ts';

const formats = ['yaml', 'json', 'ndjson', 'wide', 'csv', 'name', 'jsonpath={.items[*].metadata.name}'];
const codes: ReadonlySet<number> = new Set(Object.values(exit).filter((code) => code !== exit.bug));

const systems = (way: 'import' | 'export'): string[] =>
  [...listSystems()].filter(([, { ways }]) => ways.includes(way)).map(([name]) => name);

const importers = systems('import');
const exporters = systems('export');
const sources = readSamples(/import[^\\/]*(?:[\\/].*)?\.(?:ya?ml|json)$/);
const profiles = readSamples(/(?:clusterprofiles|export-input)\.yaml$/);
const providers = readSamples(/providers\.json$/);

/** What a run has said, for the message of a fault. */
const show = ({ out, err, code }: Ran): string => `exit ${code}\n${err.slice(0, 1500)}\n${out.slice(0, 1500)}`;

/** Exit code, errors and output have to agree, and what was put in may not come out where it is no data. */
function judge(words: readonly string[], given: string, ran: Ran, isText: boolean): void {
  const line = words.join(' ');
  if (!codes.has(ran.code)) throw new Error(`${line}: ${show(ran)}`);
  assertClean(`${ran.out}${ran.err}`, given);
  // A cut may make a name of a credential. A damaged profile is data, whatever it says; no importer copies a credential.
  if (!isText) assertSecretFree(words[0] === 'import' ? `${ran.out}${ran.err}` : ran.err);
  const isFailed = ran.code !== exit.done && ran.code !== exit.negative;
  if (isFailed && words[0] !== 'validate' && !/^(?:error|refused|warning): /m.test(ran.err))
    throw new Error(`${line} fails without an error: ${show(ran)}`);
  if (ran.code === exit.done && /^error: /m.test(ran.err)) throw new Error(`${line} is done with errors: ${show(ran)}`);
  if (ran.out === '' || isFailed) return;
  if (words.includes('json')) JSON.parse(ran.out);
  if (words.includes('yaml')) parseDocuments(ran.out, 'output');
}

export async function runJudged(words: readonly string[], stdin: string | Buffer, isText = false): Promise<Ran> {
  const ran = await runQuickly(words, { stdin });
  judge(words, stdin.toString(), ran, isText);
  return ran;
}

/** What an import prints is read by the others without a fault of its shape. */
async function importAny(system: string, stdin: Buffer, format: string, isText: boolean): Promise<string> {
  const ran = await runJudged(['import', system, '-f', '-', '-n', 'fleet', '-o', format], stdin, isText);
  if (ran.out === '') return `code ${ran.code}`;
  if (format !== 'yaml' && format !== 'json') return `code ${ran.code} with output`;
  const listed = await runJudged(['list', '-f', '-', '-A', '-o', 'name'], ran.out, isText);
  if (listed.code !== exit.done) throw new Error(`what import ${system} prints is not listed: ${show(listed)}`);
  return `code ${ran.code} with output`;
}

const texts = fc.oneof(
  damagedText(sources).map((text) => ({ system: undefined, text })),
  fc
    .tuple(damagedDocuments(sources), writing)
    .map(([{ sample, documents }, write]) => ({ system: sample.system, text: write(documents) })),
);

const imports = fc.record({
  input: texts,
  system: fc.constantFrom('auto', ...importers),
  isOwn: fc.boolean(),
  encode: encoding,
  format: fc.constantFrom(...formats),
});

const profileText = fc.oneof(
  damagedText(profiles).map((text) => ({ text, isText: true })),
  fc
    .tuple(damagedDocuments(profiles), writing)
    .map(([{ documents }, write]) => ({ text: write(documents), isText: false })),
);

const verbs: string[][] = [
  ...formats.map((format) => ['list', '-f', '-', '-A', '-o', format]),
  ['list', '-f', '-', '-A', '-o', 'wide', '--show-labels'],
  ['list', '-f', '-', '-A', '-o', 'custom-columns=A:.metadata.labels,B:.status.properties[*].name'],
  ['list', '-f', '-', '--property', 'location', '--version', '>=1.30'],
  ...['text', 'json', 'junit', 'sarif'].map((format) => ['validate', '-f', '-', '-o', format]),
  ['validate', '-f', '-', '--strict'],
  ['list', '-f', '-', '--clusterset', 'prod', '--health', 'True'],
];

const readings = fc.record({ input: profileText, words: fc.constantFrom(...verbs) });

const folder = scratch();
const providerFile = join(folder, 'providers.json');

/** A damaged provider file beside whole profiles, and a whole one beside damaged profiles. */
const exports = fc.record({
  input: profileText,
  system: fc.constantFrom(...exporters),
  providers: fc.oneof(
    damagedText(providers),
    damagedDocuments(providers).map(({ documents }) => JSON.stringify(documents[0] ?? null)),
    fc.constantFrom(...providers).map(({ text }) => text),
  ),
  output: fc.constantFrom('yaml', 'json'),
});

export const programTargets: Target[] = [
  target('import of damaged files', 0.03, imports, ({ input, system, isOwn, encode, format }) => {
    const own = isOwn && importers.includes(input.system ?? '') ? input.system : undefined;
    return importAny(own ?? system, encode(input.text), format, input.system === undefined);
  }),
  target('verbs that read profiles', 0.03, readings, ({ input, words }) =>
    runJudged(words, input.text, input.isText).then(({ code }) => `code ${code}`),
  ),
  target('export of damaged profiles', 0.03, exports, async ({ input, system, providers: content, output }) => {
    writeFileSync(providerFile, content);
    const words = ['export', system, '-f', '-', '--provider-file', providerFile, '-o', output];
    const { code } = await runJudged(words, input.text, input.isText);
    return `code ${code}`;
  }),
];
