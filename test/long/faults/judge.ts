import { exit } from '../../../src/errors.ts';
import { theHub } from '../../support/hub/hub.ts';
import type { Ran } from '../../support/run.ts';
import { assertClean, assertSecretFree } from '../fuzz/judge.ts';
import type { Plan } from './plan.ts';
import type { Content } from './content.ts';
import type { Scenario } from './scenarios.ts';
import type { World } from './world.ts';

/** How a run may end that nobody killed. */
const codes: ReadonlySet<number> = new Set(Object.values(exit).filter((code) => code !== exit.bug));

/** The exit code of a process that SIGKILL ended. */
export const killed = -1;

const show = (content: Content): string =>
  [...content]
    .map(([name, version]) => `${name}=${version}`)
    .toSorted()
    .join(' ');

export function assertSame(found: Content, wanted: Content, what: string): void {
  if (show(found) !== show(wanted)) throw new Error(`${what} there is ${show(found)}, and not ${show(wanted)}`);
}

/** Exit code and messages alone: known, with a reason, and without what nobody may see. */
export function judgeWords({ out, err, code }: Ran): void {
  const said = `${out}${err}`;
  assertClean(said);
  assertSecretFree(said);
  if (Object.values(theHub().tokens).some((token) => said.includes(token))) throw new Error('it shows a token');
  if (code === killed) return;
  if (!codes.has(code)) throw new Error(`exit code ${code}`);
  if (code !== exit.done && err === '') throw new Error(`exit code ${code} without a word`);
  if (code === exit.done && /^error: /m.test(err)) throw new Error('an error, and exit code 0');
}

/** What a run says it did, by name. Nobody names what another manager has, or one thing twice. */
function readReport(out: string, { letter }: World): Map<string, string> {
  const report = new Map<string, string>();
  for (const [, name = '', word = ''] of out.matchAll(
    /\/\S*\b([cd]\d\d)\S* (created|configured|unchanged|deleted)$/gm,
  )) {
    if (!name.startsWith(letter)) throw new Error(`it says that ${name} of others is ${word}`);
    if (report.has(name)) throw new Error(`${name} is said to be ${report.get(name)}, and ${word}`);
    report.set(name, word);
  }
  return report;
}

/** The summary counts what is said of each. */
function assertCounted(report: ReadonlyMap<string, string>, { err }: Ran): void {
  const [summary] = /^\d+ created, \d+ configured.*$/m.exec(err) ?? [];
  if (summary === undefined) return;
  for (const word of ['created', 'configured', 'unchanged', 'deleted']) {
    const count = [...report.values()].filter((each) => each === word).length;
    if (!summary.includes(`${count} ${word}`)) throw new Error(`${count} are ${word}, and it counts ${summary}`);
  }
}

/** How many things a run says it could not do, or had no time to do. */
const countFailed = ({ err }: Ran): number =>
  [...err.matchAll(/(\d+) (?:failed|not done)/g)].reduce((sum, [, count]) => sum + Number(count), 0);

/** Each thing is as it was before, or as it was to be; on a hub it may be without its status, which is written apart. */
function judgeContent({ before, goal, after }: Run): void {
  for (const name of new Set([...before.keys(), ...goal.keys(), ...after.keys()])) {
    const [was, is, wanted] = [before, after, goal].map((content) => content.get(name));
    if (is === was || is === wanted || (is === '-' && was === undefined && wanted !== undefined)) continue;
    throw new Error(`${name} is ${is}, it was ${was} and was to be ${wanted}`);
  }
}

/** What is said to be done is done, and what was done is said: as done, or in the words of an error. */
function judgeReport({ scenario, world, before, goal, after, ran }: Run): void {
  const report = readReport(ran.out, world);
  for (const [name, word] of report) {
    const [is, wanted] = [after.get(name), goal.get(name)];
    if (word === 'deleted' ? is !== undefined : is === undefined || is !== wanted)
      throw new Error(`${name} is said to be ${word}, and is ${is}`);
  }
  if (scenario.isBrief || ran.code === killed) return;
  assertCounted(report, ran);
  const silent = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name) && !report.has(name) && !ran.err.includes(name),
  );
  // What a write did whose answer was lost is not known: it counts as failed.
  if (silent.length > countFailed(ran)) throw new Error(`nobody says what became of ${silent.join()}`);
}

/** A list is whole, or nobody can take it for one. */
function judgeList({ world, goal, ran }: Run): void {
  let items: { metadata: { name: string } }[] | undefined;
  try {
    ({ items } = JSON.parse(ran.out) as { items: { metadata: { name: string } }[] });
  } catch {
    if (ran.code === exit.done) throw new Error('no list, and exit code 0');
    return;
  }
  const names = items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith(world.letter));
  assertSame(new Map(names.map((name) => [name, 'v1'])), goal, 'in the list');
}

export interface Run {
  plan: Plan;
  scenario: Scenario;
  world: World;
  before: Content;
  goal: Content;
  after: Content;
  ran: Ran;
}

/** What a run said, and what is there behind it, have to agree. */
export function judgeRun(run: Run): void {
  const { plan, goal, after, ran } = run;
  judgeWords(ran);
  judgeContent(run);
  if (plan.scenario === 'list' && ran.code !== killed) judgeList(run);
  if (ran.code === exit.done) assertSame(after, goal, 'with exit code 0');
  if (plan.ending.how !== 'pair') judgeReport(run);
}
