import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { load as jsYaml } from 'js-yaml';
import { decodeProviderFile } from '../../../src/access/provider-file/decode.ts';
import { editDocuments } from '../../../src/documents/edit/documents.ts';
import { diffEdits } from '../../../src/documents/edit/values.ts';
import { decodeText, readDocumentObjects } from '../../../src/documents/objects.ts';
import { readPlainYaml } from '../../../src/documents/yaml/fast.ts';
import { readYaml } from '../../../src/documents/yaml/full.ts';
import { parseDocuments } from '../../../src/documents/yaml-in.ts';
import { toYaml, toYamlStream } from '../../../src/documents/yaml-out.ts';
import { assertObject, isOwnNotFound, listIn, readStatus } from '../../../src/kubernetes/answers.ts';
import type { HttpResponse } from '../../../src/kubernetes/http.ts';
import { mergeKubeconfigs } from '../../../src/kubernetes/kubeconfig.ts';
import type { ClusterProfile } from '../../../src/profile/clusterprofile.ts';
import { findMisshape } from '../../../src/profile/shape/well-formed.ts';
import { commentsOf, editing, isReadable, marksOf, newFields } from '../../support/generate/files.ts';
import { damagedDocuments, damagedText, encoding, readSamples, writing } from '../../support/generate/texts.ts';
import { anyValue, isWellFormed } from '../../support/generate/values.ts';
import { assertClean, Counts, readOrRefuse } from './judge.ts';

/** One kind of input: how it is made, what is asked of it, and which share of all inputs it gets. */
export interface Target {
  name: string;
  share: number;
  counts: Counts;
  property: fc.IAsyncProperty<unknown>;
}

/** `check` says in a word what became of the input. */
export function target<T>(
  name: string,
  share: number,
  input: fc.Arbitrary<T>,
  check: (value: T) => string | Promise<string>,
): Target {
  const counts = new Counts();
  const property = fc.asyncProperty(input, async (value) => counts.add(await check(value)));
  return { name, share, counts, property };
}

function assertEqual(found: unknown, wanted: unknown, what: string): void {
  if (isDeepStrictEqual(found, wanted)) return;
  throw new Error(`${what}: ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`);
}

const samples = readSamples(/\.(?:ya?ml|json)$/);
const kubeconfigs = readSamples(/^kubeconfig[\\/].*import\.(?:ya?ml|json)$/);
const providerFiles = readSamples(/providers\.json$/);
const profiles = readSamples(/(?:clusterprofiles|export-input)\.yaml$/);

/** Reads bytes as the program reads a file. */
const readBytes = (bytes: Buffer): Promise<string> =>
  readOrRefuse(() => [...readDocumentObjects(decodeText(bytes), 'fleet.yaml')]).then((read) =>
    read === undefined ? 'refused' : read.length === 0 ? 'empty' : 'read',
  );

/** Both readers of YAML have to mean the same by a text that the fast one takes. */
async function compareReaders(text: string): Promise<string> {
  const fast = readPlainYaml(text);
  if (fast === undefined) return readBytes(Buffer.from(text));
  assertEqual(fast, await readOrRefuse(() => readYaml(text, 'fleet.yaml')), 'the fast reader reads');
  return 'read by both';
}

/** As a reader makes them: with the prototype of every object. */
const fields = newFields.map((each) => structuredClone(each));

const documents = fc.array(fc.record({ a: anyValue.filter(isWellFormed) }, { noNullPrototype: true }), {
  minLength: 1,
  maxLength: 3,
});

function writeAndRead(written: object[]): string {
  const text = toYamlStream(written);
  assertEqual(parseDocuments(text, 'fleet.yaml'), written, 'it reads');
  assertEqual(jsYaml(toYaml(written[0])), written[0], 'js-yaml reads');
  return 'the same';
}

/** An edit leaves a readable file with all other documents, its comments and its marks, or is refused. */
async function edit({ text, number }: { text: string; number: number }, fields: object | undefined): Promise<string> {
  const before = parseDocuments(text, 'fleet.yaml');
  const old = before[number - 1];
  const wanted = fields === undefined ? undefined : { ...(old as object), ...fields };
  const change = wanted === undefined ? 'remove' : diffEdits(old, wanted);
  const done = await readOrRefuse(() => editDocuments(text, 'fleet.yaml', new Map([[number, change]])));
  if (done === undefined || done.refused.size > 0) return 'refused';
  const written = done.edited ?? '';
  const expected = wanted === undefined ? before.toSpliced(number - 1, 1) : before.with(number - 1, wanted);
  assertEqual(parseDocuments(written, 'fleet.yaml'), expected, 'it reads');
  if (wanted !== undefined) assertEqual(marksOf(written), marksOf(text), 'its marks are');
  const inner = new Set(['# inside', '# between', '# no comment', '# one']);
  const outer = (from: string): string[] => commentsOf(from).filter((line) => !inner.has(line));
  if (wanted !== undefined) assertEqual(outer(written), outer(text), 'its comments are');
  return wanted === undefined ? 'taken out' : 'edited';
}

/** A file that somebody damaged: an edit of it may be refused, and never gives a file that cannot be read. */
async function editDamaged(text: string, which: number, fields: object): Promise<string> {
  if (!isReadable(text)) return 'no file';
  const before = parseDocuments(text, 'fleet.yaml');
  const number = (which % before.length) + 1;
  const old = before[number - 1];
  if (typeof old !== 'object' || old === null || Array.isArray(old)) return 'no map';
  const wanted = { ...old, ...fields };
  const changes = new Map([[number, diffEdits(old, wanted)]]);
  const done = await readOrRefuse(() => editDocuments(text, 'fleet.yaml', changes));
  if (done === undefined || done.refused.size > 0) return 'refused';
  assertEqual(parseDocuments(done.edited ?? '', 'fleet.yaml'), before.with(number - 1, wanted), 'it reads');
  return 'edited';
}

async function readKubeconfig(all: unknown[]): Promise<string> {
  const config = await readOrRefuse(() => mergeKubeconfigs(all.map((document) => ({ document, file: 'config' }))));
  if (config === undefined) return 'refused';
  assertClean([...config.unread, ...config.ignored].join('\n'));
  return config.clusters.size > 0 ? 'read' : 'empty';
}

async function readProviders(content: unknown): Promise<string> {
  const read = await readOrRefuse(() => decodeProviderFile(content));
  if (read === undefined) return 'refused';
  assertClean(read.faults.map(({ message }) => message).join('\n'));
  return read.faults.length > 0 ? 'with faults' : 'read';
}

const listed = { apiVersion: 'multicluster.x-k8s.io/v1alpha1', kind: 'ClusterProfile' };

/** What a hub may answer where a list was asked for. */
export const answer = fc.oneof(
  damagedDocuments(profiles, fc.oneof(anyValue, fc.constantFrom<unknown>(null, [], {}, 'LEAKCANARY'))).map(
    ({ documents: items }) => ({ kind: 'ClusterProfileList', apiVersion: listed.apiVersion, metadata: {}, items }),
  ),
  fc.record(
    {
      kind: fc.constantFrom<unknown>('ClusterProfileList', 'List', 'Status', 'PodList', 7, null),
      apiVersion: fc.constantFrom<unknown>(listed.apiVersion, 'v1', 7, 'meta.k8s.io/v1'),
      metadata: fc.oneof(anyValue, fc.record({ continue: anyValue })),
      items: fc.oneof(anyValue, fc.array(anyValue)),
      code: anyValue,
      reason: anyValue,
      message: anyValue,
    },
    { requiredKeys: [] },
  ),
  anyValue,
);

const response: fc.Arbitrary<HttpResponse> = fc.record({
  status: fc.constantFrom(200, 200, 201, 302, 400, 401, 403, 404, 409, 410, 429, 500, 503),
  headers: fc.constantFrom({}, { 'content-type': 'text/html; charset=x' }, { 'content-type': '', 'audit-id': 'x' }),
  body: answer,
});

async function readAnswer(given: HttpResponse): Promise<string> {
  readStatus(given);
  isOwnNotFound(given);
  await readOrRefuse(() => assertObject(given, listed, 'hub', 'cannot apply'));
  const page = await readOrRefuse(() => listIn(given, listed, 'hub', 'cannot list'));
  if (page === undefined) return 'no list';
  const flaws = page.items.map((item) => findMisshape(item as ClusterProfile)?.message ?? '').filter(Boolean);
  return flaws.length > 0 ? 'a list with flaws' : 'a list';
}

export const readerTargets: Target[] = [
  target('texts', 0.17, damagedText(samples), compareReaders),
  target(
    'bytes',
    0.12,
    fc.tuple(damagedText(samples), encoding).map(([text, encode]) => encode(text)),
    readBytes,
  ),
  target(
    'documents as YAML, JSON, NDJSON, List',
    0.12,
    fc.tuple(damagedDocuments(samples), writing).map(([each, write]) => write(each.documents)),
    (text) => readBytes(Buffer.from(text)),
  ),
  target('what the emitter writes', 0.12, documents, writeAndRead),
  target('edits', 0.12, fc.tuple(editing, fc.option(fields, { nil: undefined })), ([file, more]) => edit(file, more)),
  target('edits of damaged files', 0.08, fc.tuple(damagedText(samples), fc.nat(), fields), ([text, at, more]) =>
    editDamaged(text, at, more),
  ),
  target(
    'kubeconfigs',
    0.12,
    damagedDocuments(kubeconfigs).map((each) => each.documents),
    readKubeconfig,
  ),
  target(
    'provider files',
    0.06,
    damagedDocuments(providerFiles).map((each) => each.documents[0]),
    readProviders,
  ),
  target('answers of a hub', 0.12, response, readAnswer),
];
