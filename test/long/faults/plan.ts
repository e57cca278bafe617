import fc from 'fast-check';
import { tooManyRequests, unavailable, type Fault, type ProxiedRequest, type Rule } from '../../support/hub/faults.ts';

/** What is run, under whose faults, and how it ends. Everything of a run is in its plan, so that a seed gives it again. */
export interface Plan {
  scenario: ScenarioName;
  /** Names that are there before, and names that are wanted, as numbers. */
  before: number[];
  wanted: number[];
  faults: FaultPlan[];
  /** Items of a page. */
  pageSize: number;
  ending: Ending;
  /** How the command logs in. A plugin may leave a process behind that holds its output. */
  login: 'token' | 'plugin' | 'lingering plugin';
  /** The clock of the command: by how much it is wrong, and by how much it is set while the command runs. */
  clock: { aheadMinutes: number; stepMinutes: number; afterMs: number } | undefined;
  /** A controller writes status at the same time. */
  controller: boolean;
  /** A second manager runs the same command at the same time: more often where files are written, which have to be locked. */
  rival: 'never' | 'for files' | 'always';
}

const scenarioNames = [
  'import',
  'import --prune',
  'import from a hub --prune',
  'apply',
  'delete',
  'list',
  'export --apply',
  'export --apply --prune',
  'export from a hub --apply --prune',
  'export --output-dir',
  'export --merge',
  'import --inventory',
  'import --inventory of one file',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** `pair`: two of the same command at once. `full`, `read-only`: what the disk is. */
type Ending =
  | { how: 'end' }
  | { how: 'pair' }
  | { how: 'full'; blocks: number }
  | { how: 'read-only' }
  | { how: 'signal'; signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'; afterMs: number };

interface FaultPlan {
  kind: keyof typeof faults;
  on: keyof typeof requests;
  /** Requests that it lets pass, and how many it meets then. */
  skip: number;
  times: number;
}

const login = { 'content-type': 'text/html; charset=utf-8' };
const html = '<!doctype html><title>Sign in LEAKCANARY</title>';

const status = (code: number, reason: string): Fault => ({
  reply: {
    status: code,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason,
      code,
      message: `${reason} here`,
    },
  },
});

const faults = {
  'reset before': { reset: 'request' },
  'reset during': { reset: 'body' },
  'reset after': { reset: 'response' },
  'cut at once': { cutBodyAt: 0 },
  'cut later': { cutBodyAt: 150 },
  'login page': { reply: { status: 200, headers: login, body: html } },
  'login page as 401': { reply: { status: 401, headers: login, body: html } },
  'gateway page': { reply: { status: 502, headers: login, body: html } },
  'no gzip': { reply: { status: 200, headers: { 'content-encoding': 'gzip' }, body: '{"kind":"LEAKCANARY"}' } },
  'another object': { reply: { status: 200, body: { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'x' } } } },
  '401': status(401, 'Unauthorized'),
  '403': status(403, 'Forbidden'),
  // A Status with 404 is an API server's word, and would be true.
  '404 page': { reply: { status: 404, headers: login, body: html } },
  '409': status(409, 'Conflict'),
  '410': status(410, 'Expired'),
  '429': tooManyRequests(0),
  '429 for a second': tooManyRequests(1),
  '500': status(500, 'InternalError'),
  '503': unavailable(),
  '504': status(504, 'Timeout'),
  drip: { slowBody: { bytes: 200, everyMs: 2 } },
  'drip and cut': { slowBody: { bytes: 60, everyMs: 2 }, cutBodyAt: 200 },
  silence: { delayMs: 1500 },
} satisfies Record<string, Fault>;

const requests = {
  any: () => true,
  'a read': ({ method }: ProxiedRequest) => method === 'GET',
  'a list': ({ method, query }: ProxiedRequest) => method === 'GET' && query.has('limit'),
  'a later page': ({ query }: ProxiedRequest) => query.has('continue'),
  'a write': ({ method }: ProxiedRequest) => method !== 'GET',
  'a status': ({ path }: ProxiedRequest) => path.includes('/status'),
  'a deletion': ({ method }: ProxiedRequest) => method === 'DELETE',
};

/** The rules of a plan. Each fault counts its own requests. */
export const rulesOf = ({ faults: planned, pageSize }: Plan): Rule[] => [
  ...planned.map(({ kind, on, skip, times }): Rule => {
    let seen = 0;
    return (request) => {
      if (!requests[on](request)) return undefined;
      seen += 1;
      return seen > skip && seen <= skip + times ? faults[kind] : undefined;
    };
  }),
  () => ({ pageSize }),
];

const names = fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 6 });

const ending: fc.Arbitrary<Ending> = fc.oneof(
  { weight: 10, arbitrary: fc.constant({ how: 'end' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      how: fc.constant('signal' as const),
      signal: fc.constantFrom('SIGINT' as const, 'SIGTERM' as const, 'SIGKILL' as const),
      afterMs: fc.nat(600),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ how: 'pair' as const }) },
  // A disk is for scenarios that write files; the others just end.
  { weight: 3, arbitrary: fc.record({ how: fc.constant('full' as const), blocks: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.constant({ how: 'read-only' as const }) },
);

/** Minutes before and behind: of a summer time, and of a clock that was never set. */
const minutes = fc.constantFrom(0, 1, -1, 60, -60, 600_000, -600_000);
const clock = fc.record({ aheadMinutes: minutes, stepMinutes: minutes, afterMs: fc.nat(800) });

const seldom = fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.constant(true));

export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  scenario: fc.constantFrom(...scenarioNames),
  before: names,
  wanted: names,
  faults: fc.array(
    fc.record({
      kind: fc.constantFrom(...(Object.keys(faults) as (keyof typeof faults)[])),
      on: fc.constantFrom(...(Object.keys(requests) as (keyof typeof requests)[])),
      skip: fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, fc.nat(8)),
      times: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 2 }) }, fc.constant(100)),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  pageSize: fc.constantFrom(1, 2, 3, 500),
  ending,
  login: fc.oneof(
    { weight: 8, arbitrary: fc.constant('token' as const) },
    { weight: 2, arbitrary: fc.constantFrom('plugin' as const, 'lingering plugin' as const) },
  ),
  clock: fc.oneof({ weight: 11, arbitrary: fc.constant(undefined) }, clock),
  controller: seldom,
  rival: fc.oneof(
    { weight: 6, arbitrary: fc.constant('never' as const) },
    { weight: 3, arbitrary: fc.constantFrom('for files' as const, 'for files' as const, 'always' as const) },
  ),
});
