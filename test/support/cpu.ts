import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds of processor time that some work takes: on a busy machine its time by the clock says nothing. */
export function cpuTimeOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Clock ticks of processor time that a process has taken so far; `undefined` where nobody tells. */
function ticksOf(pid: number): number | undefined {
  try {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const fields = rest.split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return undefined;
  }
}

/** Waits until a process that was just started has nothing more to do than to wait, however busy the machine is. */
export async function untilIdle(pid: number | undefined): Promise<void> {
  let [last, quiet] = [-1, 0];
  for (let tries = 0; tries < 100 && quiet < 4; tries++) {
    await sleep(150);
    const ticks = pid === undefined ? undefined : ticksOf(pid);
    quiet = ticks === undefined || (ticks === last && ticks > 3) ? quiet + 1 : 0;
    last = ticks ?? -1;
  }
}
