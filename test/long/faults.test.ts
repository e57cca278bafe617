import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FaultProxy } from '../support/hub/fault-proxy.ts';
import { describeHub } from '../support/hub/hub.ts';
import { readRandomRuns } from '../support/generate/seed.ts';
import { anyPlan } from './faults/plan.ts';
import { tryPlan } from './faults/run.ts';
import { startProxy } from './faults/world.ts';
import { Counts } from './fuzz/judge.ts';

const { seed, runs } = readRandomRuns('FAULT', { seed: 20_261_128, runs: 16 });

describeHub(`runs with faults made at random: FAULT_SEED=${seed} FAULT_RUNS=${runs}`, () => {
  let proxy: FaultProxy;
  beforeAll(async () => {
    proxy = await startProxy();
  });
  afterAll(() => proxy.close());

  it(
    'lose nothing, touch nothing of others, and say what became of it',
    async () => {
      const counts = new Counts();
      const faults: string[] = [];
      for (let index = 0; index < runs; index++) {
        // Each run has a seed of its own, so that it can be had alone: FAULT_SEED=<its seed> FAULT_RUNS=1.
        const [plan] = fc.sample(anyPlan, { seed: seed + index, numRuns: 1 });
        try {
          counts.add(await tryPlan(plan!, proxy));
        } catch (error) {
          counts.add('wrong');
          faults.push(`FAULT_SEED=${seed + index}: ${JSON.stringify(plan)}\n${(error as Error).message}`);
          console.log(faults.at(-1));
        }
        if (index % 100 === 99) console.log(`${index + 1} of ${runs}: ${counts.describe()}`);
      }
      console.log(`faults: ${runs} runs, ${counts.describe()}`);
      expect(faults).toEqual([]);
    },
    60_000 + runs * 60_000,
  );
});
