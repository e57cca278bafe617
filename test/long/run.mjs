// npm run test:long: the random suites with many inputs and a seed of the day. Both are printed, and give the same inputs
// again: FUZZ_SEED=… FUZZ_RUNS=… FAULT_SEED=… FAULT_RUNS=… npm run test:long
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const env = {
  FUZZ_SEED: String(randomInt(2 ** 31)),
  FUZZ_RUNS: '1000000',
  FAULT_SEED: String(randomInt(2 ** 31)),
  FAULT_RUNS: '10000',
  ...process.env,
};
const vitest = ['vitest', 'run', '--config', 'test/vitest.config.ts', '--project', 'long', ...process.argv.slice(2)];
process.exitCode = spawnSync('npx', vitest, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
