import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { runHelper } from '../../../src/util/helper-program.ts';

/** Keeps this process from everything else. */
function block(time: number): void {
  const end = performance.now() + time;
  while (performance.now() < end);
}

it('reads what a helper printed that ended while this process was busy', async () => {
  // At the end of one process all others are asked for theirs: here it comes before what the helper printed is read, and the
  // time for that passes before anything else is.
  const other = spawn('sh', ['-c', 'echo done'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(other, 'exit');
  other.stdout.on('data', () => {
    block(1200);
    setImmediate(() => block(400));
  });
  const helping = runHelper('sh', ['-c', 'sleep 0.8; echo credential'], {
    env: process.env,
    signal: new AbortController().signal,
    interactive: false,
    outputLimit: 100,
    onStderr: () => undefined,
  });
  expect(await helping).toMatchObject({ code: 0, stdout: 'credential\n' });
  await exited;
});
