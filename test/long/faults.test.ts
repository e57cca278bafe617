import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { program } from '../support/program.ts';
import { describeHub } from '../support/hub/hub.ts';
import { readRandomRuns } from '../support/generate/seed.ts';
import { anyPlan } from './faults/plan.ts';
import { tryPlan } from './faults/run.ts';
import { openLane, type Lane } from './faults/world.ts';
import { Counts } from './fuzz/judge.ts';

const { seed, runs } = readRandomRuns('FAULT', { seed: 20_261_128, runs: 16 });

/** Runs mostly wait: so many are tried at once, each in a world of its own. The sources are loaded once a process. */
const lanesAtOnce = program === 'source' ? 1 : 12;

describeHub(`runs with faults made at random: FAULT_SEED=${seed} FAULT_RUNS=${runs}`, () => {
  const lanes: Lane[] = [];
  beforeAll(async () => {
    for (let count = 0; count < Math.min(lanesAtOnce, runs); count++) lanes.push(await openLane());
  });
  afterAll(() => Promise.all(lanes.map(({ proxy }) => proxy.close())));

  it(
    'lose nothing, touch nothing of others, and say what became of it',
    async () => {
      const counts = new Counts();
      const faults: string[] = [];
      let started = 0;
      let done = 0;
      const tryOne = async (own: number, lane: Lane): Promise<void> => {
        // Each run has a seed of its own, so that it can be had alone: FAULT_SEED=<its seed> FAULT_RUNS=1.
        const [plan] = fc.sample(anyPlan, { seed: own, numRuns: 1 });
        try {
          counts.add(await tryPlan(plan!, lane));
        } catch (error) {
          counts.add('wrong');
          faults.push(`FAULT_SEED=${own}: ${JSON.stringify(plan)}\n${(error as Error).message}`);
          console.log(faults.at(-1));
        }
        done += 1;
        if (done % 100 === 0) console.log(`${done} of ${runs}: ${counts.describe()}`);
      };
      const tryMany = async (lane: Lane): Promise<void> => {
        while (started < runs) await tryOne(seed + started++, lane);
      };
      await Promise.all(lanes.map(tryMany));
      console.log(`faults: ${runs} runs, ${counts.describe()}`);
      expect(faults).toEqual([]);
    },
    60_000 + runs * 60_000,
  );
});
