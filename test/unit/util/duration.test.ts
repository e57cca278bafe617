import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createTimeout } from '../../../src/util/duration.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('a time limit ends what waits for it, whatever is collected meanwhile', async () => {
  const never = new AbortController();
  const limit = AbortSignal.any([never.signal, createTimeout(200)]);
  const ended = once(limit, 'abort').then(() => (limit.reason as Error).name);
  for (let round = 0; round < 3; round++) {
    await sleep(20);
    collectGarbage();
  }
  expect(await Promise.race([ended, sleep(5000, 'never', { ref: false })])).toBe('TimeoutError');
});
