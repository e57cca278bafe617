import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readRandomRuns } from '../support/generate/seed.ts';
import { closeFakeHub, hubTargets } from './fuzz/hub.ts';
import { programTargets } from './fuzz/program.ts';
import { readerTargets } from './fuzz/readers.ts';

/** Enough to have met every kind of input, in some seconds. */
const { seed, runs } = readRandomRuns('FUZZ', { seed: 20_261_128, runs: 5000 });

const targets = [...readerTargets, ...programTargets, ...hubTargets];

describe(`inputs made at random: FUZZ_SEED=${seed} FUZZ_RUNS=${runs}`, () => {
  afterAll(closeFakeHub);
  it.each(targets)(
    'are read or refused in words: $name',
    async ({ name, share, counts, property }) => {
      const numRuns = Math.max(1, Math.ceil(runs * share));
      const started = performance.now();
      await fc.assert(property, { seed, numRuns });
      const seconds = (performance.now() - started) / 1000;
      console.log(`${name}: ${numRuns} in ${seconds.toFixed(1)} s, ${counts.describe()}`);
      expect(counts.describe()).not.toBe('');
    },
    60_000 + runs * 20,
  );
});
