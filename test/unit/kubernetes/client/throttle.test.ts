import { expect, it } from 'vitest';
import { createThrottle } from '../../../../src/kubernetes/client/throttle.ts';
import { pool } from '../../../../src/util/pool.ts';

/** Sends requests to a server that throttles what is more than `limit` at once, each until it is taken. */
async function sendAll(count: number, most: number, limit: number): Promise<{ inFlight: number[]; throttled: number }> {
  const throttle = createThrottle(most);
  const inFlight: number[] = [];
  let open = 0;
  let throttled = 0;
  const send = async (): Promise<void> => {
    for (;;) {
      const leave = await throttle.enter();
      inFlight.push(++open);
      const isThrottled = open > limit;
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      leave(isThrottled);
      if (!isThrottled) return;
      throttled++;
    }
  };
  await pool(Array.from({ length: count }), most, send);
  return { inFlight, throttled };
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

it('has as many in flight as it may, where nothing is throttled', async () => {
  const { inFlight, throttled } = await sendAll(200, 16, 16);
  expect(throttled).toBe(0);
  expect(Math.max(...inFlight)).toBe(16);
});

it.each([1, 2, 5, 11])('settles near what a server takes at once: %d', async (limit) => {
  const { inFlight } = await sendAll(2000, 16, limit);
  expect(inFlight[15]).toBe(16);
  const settled = inFlight.slice(inFlight.length / 2);
  // It asks for one more now and then, to hear whether there is room again.
  expect(Math.max(...settled)).toBeLessThanOrEqual(limit + 1);
  expect(mean(settled)).toBeGreaterThan(limit / 2);
});

it('takes requests of one moment that are throttled for one sign', async () => {
  const throttle = createThrottle(16);
  const leaves = await Promise.all(Array.from({ length: 16 }, () => throttle.enter()));
  for (const leave of leaves) leave(true);
  let entered = 0;
  for (let index = 0; index < 16; index++) void throttle.enter().then(() => entered++);
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toBe(8);
});
