import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram } from '../../support/program.ts';
import { environment, runBuilt, type Ran } from '../../support/run.ts';
import { assertSame, judgeRun, judgeWords, killed } from './judge.ts';
import { rulesOf, type Plan } from './plan.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import {
  canMount,
  emptyDisk,
  fillDisk,
  listTraces,
  makeWorld,
  nameOf,
  readForeign,
  setWritable,
  type Lane,
  type World,
} from './world.ts';

type Signal = Extract<Plan['ending'], { how: 'signal' }>;

/** A process that a signal meets while it works; one that does not end by it within a time is a fault. */
async function runUntil(words: readonly string[], { signal, afterMs }: Signal): Promise<Ran> {
  const child = startProgram(words, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const ran = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (ran.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (ran.err += text));
  const closed = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? killed)));
  void sleep(afterMs).then(() => child.kill(signal));
  const code = await Promise.race([closed, sleep(30_000, undefined, { ref: false })]);
  if (code !== undefined) return { ...ran, code };
  child.kill('SIGKILL');
  throw new Error(`it does not end by ${signal}: ${ran.err}`);
}

/** Where a disk cannot be made, and where no file is written, a run just ends. */
const endingOf = ({ ending, scenario }: Plan): Plan['ending'] =>
  (ending.how === 'full' || ending.how === 'read-only') && !(canMount && scenarios[scenario].isOfFiles)
    ? { how: 'end' }
    : ending;

/** Runs a command as its plan says. Of a pair both have to be right, and the first is the one that is judged on. */
async function runAsPlanned(plan: Plan, world: World, words: readonly string[]): Promise<Ran> {
  const { ending } = plan;
  if (ending.how === 'signal') return runUntil(words, ending);
  if (ending.how === 'pair') {
    const [first, second] = await Promise.all([runBuilt(words), runBuilt(words)]);
    judgeWords(second);
    return first;
  }
  if (ending.how === 'full') fillDisk(world.disk, ending.blocks);
  if (ending.how === 'read-only') setWritable(world.disk, false);
  try {
    return await world.run(words);
  } finally {
    if (ending.how === 'full') emptyDisk(world.disk);
    if (ending.how === 'read-only') setWritable(world.disk, true);
  }
}

/** Nothing is left but what a run that was killed had no time to take away. */
function assertNoTraces(world: World, { code }: Ran): void {
  const traces = listTraces(world);
  if (code !== killed && traces.length > 0) throw new Error(`it leaves ${traces.join(', ')}`);
}

async function assertForeign(world: World, foreign: string[]): Promise<void> {
  const now = await readForeign(world.ns);
  if (now.join() !== foreign.join())
    throw new Error(`what belongs to others was written: ${foreign.join()} to ${now.join()}`);
}

/** Without faults the same command makes everything as it was to be, and the next time there is nothing to do. */
async function assertConverges(scenario: Scenario, world: World, wanted: string[], goal: ReadonlyMap<string, string>) {
  world.proxy.clear();
  for (const what of ['after the next run', 'after another run']) {
    const ran = await world.run(
      scenario.words({ ...world, reach: [...world.reach, '--request-timeout', '10s'] }, wanted),
    );
    const said = `${ran.out}\n${ran.err}`;
    judgeWords(ran);
    if (ran.code !== 0) throw new Error(`${what} the exit code is ${ran.code}: ${said}`);
    assertSame(await scenario.read(world), goal, what);
    if (what === 'after another run' && / (?:created|configured|deleted)$/m.test(ran.out))
      throw new Error(`there is something to do after it is done: ${said}`);
    assertNoTraces(world, ran);
  }
}

/** One run under faults and what has to hold after it. Throws where it does not; a word for what became of it otherwise. */
export async function tryPlan(given: Plan, lane: Lane): Promise<string> {
  const plan = { ...given, ending: endingOf(given) };
  const scenario = scenarios[plan.scenario];
  const [names, wanted] = [plan.before, plan.wanted].map((numbers) => numbers.toSorted((a, b) => a - b).map(nameOf));
  const isSilent = plan.faults.some(({ kind }) => kind === 'silence');
  const world = await makeWorld(lane, {
    needsDisk: plan.ending.how === 'full' || plan.ending.how === 'read-only',
    isHasty: isSilent,
  });
  let ran: Ran | undefined;
  try {
    await scenario.prepare(world, names!, wanted!);
    const [before, foreign] = [await scenario.read(world), await readForeign(world.ns)];
    const goal = scenario.goal(names!, wanted!);
    for (const rule of rulesOf(plan)) lane.proxy.inject(rule);
    ran = await runAsPlanned(plan, world, scenario.words(world, wanted!));
    // A request that the proxy holds back still gets through.
    await lane.proxy.idle();
    judgeRun({ plan, before, goal, after: await scenario.read(world), ran });
    assertNoTraces(world, ran);
    await assertConverges(scenario, world, wanted!, goal);
    await assertForeign(world, foreign);
    return ran.code === killed ? 'killed' : `code ${ran.code}`;
  } catch (error) {
    const said = ran === undefined ? '' : `\nexit ${ran.code}\n${ran.out}\n${ran.err}`;
    throw new Error(`${(error as Error).message}${said}`, { cause: error });
  } finally {
    await world.close();
  }
}
