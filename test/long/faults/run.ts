import type { Ran } from '../../support/run.ts';
import { assertFilesSecretFree, listFiles, readForeign, type Content, type Kind } from './content.ts';
import { canMount } from './disk.ts';
import { assertSame, judgeRun, judgeWords, killed } from './judge.ts';
import { startController, startReader } from './neighbours.ts';
import { rulesOf, type Plan } from './plan.ts';
import { runAsPlanned, runHere, startRun } from './runs.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { assertNoFiles, assertNoProcesses, assertNoSockets } from './traces.ts';
import { besideOf, makeWorld, nameOf, type Lane, type World } from './world.ts';

/** One of those who run the command of a plan, what it found and what it wants. */
interface Party {
  world: World;
  wanted: string[];
  words: string[];
  before: Content;
  goal: Content;
}

/** A plan without what cannot be here: no disk can be made, no file is written, no profile has a status. */
function adapt(plan: Plan): Plan {
  const { ending, scenario, rival, controller } = plan;
  const { isOfFiles = false, isAlone = false } = scenarios[scenario];
  const needsDisk = ending.how === 'full' || ending.how === 'read-only';
  return {
    ...plan,
    ending: needsDisk && !(canMount && isOfFiles) ? { how: 'end' } : ending,
    rival: !isAlone && (rival === 'always' || (rival === 'for files' && isOfFiles)) ? 'always' : 'never',
    controller: controller && !isOfFiles,
  };
}

async function prepare(scenario: Scenario, world: World, numbers: Pick<Plan, 'before' | 'wanted'>): Promise<Party> {
  const [names, wanted] = [numbers.before, numbers.wanted].map((some) =>
    some.toSorted((a, b) => a - b).map((number) => nameOf(world, number)),
  ) as [string[], string[]];
  await scenario.prepare(world, names, wanted);
  const before = await scenario.read(world);
  return { world, wanted, words: scenario.words(world, wanted), before, goal: scenario.goal(names, wanted) };
}

/** The one of the plan, and the other manager, whose command just ends. */
async function prepareAll(plan: Plan, world: World): Promise<Party[]> {
  const scenario = scenarios[plan.scenario];
  const first = await prepare(scenario, world, plan);
  if (plan.rival === 'never') return [first];
  const second = await prepare(scenario, besideOf(world), { before: plan.wanted, wanted: plan.before });
  return [first, second];
}

async function runAll(plan: Plan, parties: readonly Party[]): Promise<Ran[]> {
  const [{ world: place }] = parties as [Party];
  const controller = plan.controller ? startController(place) : undefined;
  const reader = scenarios[plan.scenario].isOfFiles ? startReader(place) : undefined;
  const runs = await Promise.allSettled(
    parties.map(({ world, words }, index) =>
      index === 0 ? runAsPlanned(plan, world, words) : startRun(world, words).end(),
    ),
  );
  await reader?.stop();
  await controller?.stop();
  await controller?.assertKept();
  return runs.map((run) => {
    if (run.status === 'rejected') throw run.reason;
    return run.value;
  });
}

function assertForeign(foreign: readonly string[], now: readonly string[]): void {
  if (now.join() !== foreign.join())
    throw new Error(`what belongs to others was written: ${foreign.join()} to ${now.join()}`);
}

/** Without faults the same command makes everything as it was to be, and the next time there is nothing to do. */
async function assertConverges(scenario: Scenario, { world, wanted, goal }: Party, isNew: boolean): Promise<void> {
  world.proxy.clear();
  for (const what of ['after the next run', 'after another run']) {
    const patient = { ...world, reach: [...world.reach, '--request-timeout', '10s'] };
    const words = scenario.words(patient, wanted);
    // What a killed process has left is taken away by a process that finds it.
    const ran = await (isNew ? startRun(world, words).end() : runHere(world, words));
    const said = `${ran.out}\n${ran.err}`;
    judgeWords(ran);
    if (ran.code !== 0) throw new Error(`${what} the exit code is ${ran.code}: ${said}`);
    assertSame(await scenario.read(world), goal, what);
    if (what === 'after another run' && / (?:created|configured|deleted)$/m.test(ran.out))
      throw new Error(`there is something to do after it is done: ${said}`);
  }
}

const show = ({ out, err, code }: Ran): string => `\nexit ${code}\n${out}\n${err}`;

async function tryIn(plan: Plan, world: World): Promise<Ran> {
  const scenario = scenarios[plan.scenario];
  const parties = await prepareAll(plan, world);
  const known = new Set(listFiles(world.folder));
  const written: Kind[] = [scenario.writes ?? [], plan.controller ? ('profiles' as const) : []].flat();
  const foreign = await readForeign(world, written);
  for (const rule of rulesOf(plan)) world.proxy.inject(rule);
  const runs = await runAll(plan, parties);
  // A request that the proxy holds back still gets through.
  await world.proxy.idle();
  try {
    for (const [index, party] of parties.entries())
      judgeRun({ plan, scenario, ...party, after: await scenario.read(party.world), ran: runs[index]! });
    assertNoSockets();
    // One that is killed has no time to take away what it made. The next run does that for files.
    const isKilled = runs[0]!.code === killed;
    if (!isKilled) assertNoFiles(world, known);
    for (const party of parties) await assertConverges(scenario, party, isKilled);
    for (const { world: own, goal } of parties) assertSame(await scenario.read(own), goal, 'in the end');
    assertNoFiles(world, known);
    assertFilesSecretFree(world);
    if (!isKilled) await assertNoProcesses(world);
    assertForeign(foreign, await readForeign(world, written));
    return runs[0]!;
  } catch (error) {
    throw new Error(`${(error as Error).message}${runs.map(show).join('')}`, { cause: error });
  }
}

/** One run under faults and what has to hold after it. Throws where it does not; a word for what became of it otherwise. */
export async function tryPlan(given: Plan, lane: Lane): Promise<string> {
  const plan = adapt(given);
  const world = await makeWorld(lane, {
    login: plan.login,
    needsDisk: plan.ending.how === 'full' || plan.ending.how === 'read-only',
    isHasty: plan.faults.some(({ kind }) => kind === 'silence'),
  });
  try {
    const { code } = await tryIn(plan, world);
    return code === killed ? 'killed' : `code ${code}`;
  } finally {
    await world.close();
  }
}
