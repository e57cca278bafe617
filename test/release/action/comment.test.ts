import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root, scratch } from '../../support/paths.ts';
import { writeScratch, written } from '../../support/written.ts';
import { action, runCommand } from './runner.ts';

interface Comment {
  id: number;
  body: string | null;
  user: { login: string };
}

/** The API of GitHub as far as comments go, of a pull request that many have spoken on. */
let comments: Comment[];
let requests: { line: string; authorization: string | undefined }[];
/** Answers instead of the API where it returns a status. */
let refuse: (request: IncomingMessage) => number | undefined;
let server: Server;
let api: string;

const bot = 'github-actions[bot]';
const say = (body: string | null, login = 'visitor'): number =>
  comments.push({ id: comments.length, body, user: { login } });

async function answer(request: IncomingMessage): Promise<unknown> {
  const url = new URL(request.url ?? '', 'http://localhost');
  if (url.pathname === '/graphql') return { data: { viewer: { login: bot } } };
  if (request.method === 'GET') {
    const from = (Number(url.searchParams.get('page') ?? 1) - 1) * 100;
    return comments.slice(from, from + 100);
  }
  const { body } = JSON.parse(await text(request)) as { body: string };
  if (request.method === 'POST') say(body, bot);
  else {
    const found = comments[Number(url.pathname.split('/').at(-1))];
    if (found) found.body = body;
  }
  return {};
}

beforeEach(async () => {
  [comments, requests, refuse] = [[], [], () => undefined];
  server = createServer((request, response) => {
    requests.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization });
    const status = refuse(request);
    if (status === undefined) void answer(request).then((found) => response.end(JSON.stringify(found)));
    else response.writeHead(status).end('{"message":"Resource not accessible by integration"}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise((done) => server.close(done)));

/** Runs the step with that report, and returns its exit code and what it said. */
const post = (report: string, more: Record<string, string> = {}): Promise<[code: number, said: string]> => {
  const env = {
    PATH: process.env['PATH'],
    REPORT: writeScratch('report.md', report),
    TOKEN: 'LEAKCANARY',
    COMMAND: 'diff',
    NAME: '',
    NUMBER: '7',
    GITHUB_API_URL: api,
    GITHUB_GRAPHQL_URL: `${api}/graphql`,
    GITHUB_REPOSITORY: 'shop/fleet',
    ...more,
  };
  return new Promise((done) =>
    execFile('bash', [join(root, '.github', 'action', 'comment.sh')], { env }, (error, out, err) =>
      done([error === null ? 0 : Number(error.code), `${out}${err}`]),
    ),
  );
};

it('has one comment on a pull request, which later runs change, however many others there are', async () => {
  for (let count = 0; count < 120; count++) say(count === 3 ? null : 'hello');
  expect(await post('first')).toEqual([0, '']);
  expect(await post('second\n')).toEqual([0, '']);
  expect(comments.slice(120)).toEqual([
    { id: 120, body: '<!-- clusterprofile diff -->\nsecond\n', user: { login: bot } },
  ]);
  expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer LEAKCANARY']));
});

it('leaves comments of others that begin with its mark', async () => {
  say('<!-- clusterprofile diff -->\nmine');
  say('quoted: <!-- clusterprofile diff -->', bot);
  expect(await post('report')).toEqual([0, '']);
  expect(await post('again')).toEqual([0, '']);
  expect(comments.map(({ body }) => body)).toEqual([
    '<!-- clusterprofile diff -->\nmine',
    'quoted: <!-- clusterprofile diff -->',
    '<!-- clusterprofile diff -->\nagain',
  ]);
});

it('tells several uses apart by their names', async () => {
  for (const NAME of ['europe', 'asia', 'europe']) expect(await post(`of ${NAME}`, { NAME })).toEqual([0, '']);
  expect(comments.map(({ body }) => body)).toEqual([
    '<!-- clusterprofile diff europe -->\nof europe',
    '<!-- clusterprofile diff asia -->\nof asia',
  ]);
  const name = '::error::name has letters, digits, dots, underscores and hyphens only\n';
  expect(await post('report', { NAME: 'a --> @everyone' })).toEqual([2, name]);
});

it('says in one line that a token may not write, as that of a fork, and does not fail', async () => {
  refuse = ({ method, url }) => (method === 'POST' && url !== '/graphql' ? 403 : undefined);
  const line =
    '::warning::the comment was not written: the token may not write it (403), as that of a pull request from a fork; ' +
    'the summary of the job has the report\n';
  expect(await post('report')).toEqual([0, line]);
  refuse = () => 401;
  expect(await post('report')).toEqual([0, line.replace('403', '401')]);
});

it('says in one line what else kept it, without the token', async () => {
  const told = (what: string): [number, string] => [
    0,
    `::warning::the comment was not written: ${what}; the summary of the job has the report\n`,
  ];
  refuse = () => 422;
  expect(await post('report')).toEqual(told(`${api} answered 422`));
  refuse = () => 200;
  expect(await post('report')).toEqual(told(`${api} did not answer as the API of GitHub does`));
  const GITHUB_API_URL = 'http://127.0.0.1:1';
  const GITHUB_GRAPHQL_URL = `${GITHUB_API_URL}/graphql`;
  expect(await post('report', { GITHUB_API_URL, GITHUB_GRAPHQL_URL })).toEqual(
    told(`${GITHUB_API_URL} cannot be reached`),
  );
});

it('shows what the command before it found: a comment on the first run, another text in it on the second', async () => {
  const inventory = scratch();
  for (const name of ['lima', 'oslo']) {
    const file = writeScratch('fleet.json', [written(name, 'fleet')]);
    const { code, outputs } = runCommand('diff', `-f ${file} --inventory ${inventory}`);
    expect([code, outputs['changed']]).toEqual([0, 'true']);
    expect(await post('', { REPORT: outputs['report'] ?? '' })).toEqual([0, '']);
    expect(comments).toEqual([{ id: 0, body: expect.stringContaining(`+++ new/fleet/${name}`), user: { login: bot } }]);
  }
  const step = action.runs.steps.find(({ run }) => run?.includes('comment.sh'));
  expect(step?.if).toContain(
    "inputs.comment == 'true' && github.event.pull_request.number && steps.run.outputs.report",
  );
});
