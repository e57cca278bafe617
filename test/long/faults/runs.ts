import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { program, startProgram } from '../../support/program.ts';
import { environment, type Ran, type RunOptions } from '../../support/run.ts';
import { emptyDisk, fillDisk, setWritable } from './disk.ts';
import { judgeWords, killed } from './judge.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

/** How long a command may take: more than its `--timeout`. And how long one that a signal met. */
const patience = 60_000;
const patienceWithSignal = 30_000;

/** The clock is that of a Node.js which loads a script first. */
const canShiftClock = program !== 'binary';

/** What a process of a world has besides the environment of every run. */
function environmentOf({ id, temporary }: World, clock?: Plan['clock']): RunOptions['env'] {
  const own = { CLUSTERPROFILE_TEST_WORLD: id, TMPDIR: temporary };
  if (clock === undefined || !canShiftClock) return own;
  const [ahead, step] = [clock.aheadMinutes, clock.stepMinutes].map((minutes) => minutes * 60_000);
  return {
    ...own,
    NODE_OPTIONS: `--require ${join(import.meta.dirname, 'shift-clock.cjs')}`,
    CLUSTERPROFILE_CLOCK: [ahead, step, clock.afterMs].join(','),
  };
}

async function endInTime<T>(work: Promise<T>, time: number, describe: () => string): Promise<T> {
  const late = new AbortController();
  const limit = sleep(time, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error(`it does not end: ${describe()}`);
  });
  limit.catch(() => {});
  return Promise.race([work, limit]).finally(() => late.abort());
}

interface Started {
  child: ChildProcess;
  /** Its end; `killed` where SIGKILL was it. */
  end(time?: number): Promise<Ran>;
}

/** Starts a command as a process of its own. */
export function startRun(world: World, words: readonly string[], clock?: Plan['clock']): Started {
  const child = startProgram(words, {
    env: environment(environmentOf(world, clock)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ran = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (ran.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (ran.err += text));
  const closed = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? killed)));
  return {
    child,
    async end(time = patience) {
      try {
        const code = await endInTime(closed, time, () => ran.err);
        return { ...ran, code };
      } catch (error) {
        child.kill('SIGKILL');
        throw error;
      }
    },
  };
}

/** The same in this process, which costs a fraction. */
export const runHere = (world: World, words: readonly string[]): Promise<Ran> =>
  endInTime(
    world.run(words, { env: { CLUSTERPROFILE_TEST_WORLD: world.id } }),
    patience,
    () => `in this process: ${words.join(' ')}`,
  );

async function runAsEnding({ ending, clock, rival }: Plan, world: World, words: readonly string[]): Promise<Ran> {
  if (ending.how === 'signal') {
    const { child, end } = startRun(world, words, clock);
    await Promise.race([sleep(ending.afterMs), end()]);
    child.kill(ending.signal);
    return end(patienceWithSignal);
  }
  if (ending.how === 'pair') {
    const [first, second] = [startRun(world, words, clock), startRun(world, words)];
    const [ran, other] = await Promise.all([first.end(), second.end()]);
    judgeWords(other);
    return ran;
  }
  const isAside = (clock && canShiftClock) || rival === 'always';
  return isAside ? startRun(world, words, clock).end() : runHere(world, words);
}

/** Runs a command as its plan says. Of a pair both have to be right, and the first is the one that is judged on. */
export async function runAsPlanned(plan: Plan, world: World, words: readonly string[]): Promise<Ran> {
  const { ending } = plan;
  if (ending.how === 'full') fillDisk(world.disk, ending.blocks);
  if (ending.how === 'read-only') setWritable(world.disk, false);
  try {
    return await runAsEnding(plan, world, words);
  } finally {
    if (ending.how === 'full') emptyDisk(world.disk);
    if (ending.how === 'read-only') setWritable(world.disk, true);
  }
}
