import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  kubeconfigOf,
  listOfProfiles,
  profileNamed,
  startFakeHub,
  type HostileServer,
} from '../../cli/hostile/servers.ts';
import { scratch } from '../../support/paths.ts';
import { runJudged } from './program.ts';
import { answer, target, type Target } from './readers.ts';

/** What a hub answers, request by request; the last one again and again. */
interface Answers {
  lists: Answer[];
  writes: Answer[];
}

interface Answer {
  status: number;
  type: string;
  body: unknown;
  zip: 'no' | 'yes' | 'said only' | 'cut';
}

let answers: Answers = { lists: [], writes: [] };
let running: Promise<{ server: HostileServer; reach: string[]; file: string }> | undefined;

function encode({ body, zip }: Answer): Buffer {
  const bytes = Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
  if (zip === 'no' || zip === 'said only') return bytes;
  const zipped = gzipSync(bytes, { level: 1 });
  return zip === 'cut' ? zipped.subarray(0, -5) : zipped;
}

const takeNext = (some: Answer[]): Answer | undefined => (some.length > 1 ? some.shift() : some[0]);

async function start(): Promise<{ server: HostileServer; reach: string[]; file: string }> {
  const server = await startFakeHub(({ method }, response) => {
    const next = takeNext(method === 'GET' ? answers.lists : answers.writes);
    if (next === undefined) return response.json(listOfProfiles([profileNamed('a')]));
    const zipped = next.zip === 'no' ? {} : { 'content-encoding': 'gzip' };
    // Nobody waits a second between two tries.
    response.writeHead(next.status, { 'content-type': next.type, 'retry-after': '0', ...zipped }).end(encode(next));
  });
  const file = join(scratch(), 'profiles.json');
  writeFileSync(file, JSON.stringify(profileNamed('a')));
  return { server, reach: ['--kubeconfig', kubeconfigOf(server.url), '--timeout', '300ms'], file };
}

/** Ends the hub of these inputs, where there was one. */
export const closeFakeHub = async (): Promise<void> => (await running)?.server.close();

const anyAnswer: fc.Arbitrary<Answer> = fc.record({
  // Those that a client tries again would cost seconds each.
  status: fc.constantFrom(200, 200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 409, 410, 422),
  type: fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/html', ''),
  body: fc.oneof({ weight: 6, arbitrary: answer }, fc.constantFrom('', '<html>LEAKCANARY', '{"kind":', '\0', '[]')),
  zip: fc.constantFrom('no', 'no', 'no', 'no', 'yes', 'said only', 'cut'),
});

const input = fc.record({
  lists: fc.array(anyAnswer, { maxLength: 3 }),
  writes: fc.array(anyAnswer, { maxLength: 3 }),
  verb: fc.constantFrom('list', 'list -o yaml', 'list -o wide', 'describe', 'diff', 'apply', 'delete', 'export'),
});

const wordsOf = (verb: string, file: string): string[] => {
  if (verb === 'describe') return ['describe', 'a'];
  if (verb === 'delete') return ['delete', 'a', '--yes'];
  if (verb === 'export') return ['export', 'headlamp'];
  return verb === 'diff' || verb === 'apply' ? [verb, '-f', file] : verb.split(' ');
};

export const hubTargets: Target[] = [
  target('answers of a hub to the program', 0.005, input, async ({ verb, ...given }) => {
    const { reach, file } = await (running ??= start());
    answers = { lists: [...given.lists], writes: [...given.writes] };
    const { code } = await runJudged([...wordsOf(verb, file), ...reach], JSON.stringify(given), true);
    return `code ${code}`;
  }),
];
