/** What a timer can wait at most: 24 days. */
const longestTimer = 2 ** 31 - 1;

/** A timer that goes off late rather than at once when its time is longer than a timer can wait. */
export const startTimer = (end: () => void, wait: number): NodeJS.Timeout =>
  setTimeout(end, Math.min(wait, longestTimer));

/** A limit on the time of a run. */
interface TimeLimit {
  time: number;
  controller: AbortController;
  timer?: NodeJS.Timeout;
}

/** The time of one run, from when somebody asks for it first. */
export interface Clock {
  /** A signal that aborts when the run has taken that many milliseconds; one a limit, however often it is asked for. */
  limit(time: number): AbortSignal;
  /** Stands still while somebody else takes their time, and gives what they give. */
  pause<T>(work: Promise<T>): Promise<T>;
}

export function createClock(): Clock {
  const limits = new Map<number, TimeLimit>();
  let taken = 0;
  let since: number | undefined;
  let pauses = 0;
  const start = (limit: TimeLimit): void => {
    const end = (): void => limit.controller.abort(new DOMException('timed out', 'TimeoutError'));
    const passed = taken + (since === undefined ? 0 : performance.now() - since);
    // A limit keeps no program alive.
    limit.timer = startTimer(end, Math.max(0, limit.time - passed)).unref();
  };
  return {
    limit(time) {
      since ??= performance.now();
      const limit = limits.get(time) ?? { time, controller: new AbortController() };
      if (!limits.has(time)) {
        limits.set(time, limit);
        if (pauses === 0) start(limit);
      }
      return limit.controller.signal;
    },
    async pause(work) {
      if (pauses++ === 0) {
        for (const { timer } of limits.values()) clearTimeout(timer);
        taken += since === undefined ? 0 : performance.now() - since;
      }
      try {
        return await work;
      } finally {
        if (--pauses === 0) {
          if (since !== undefined) since = performance.now();
          for (const limit of limits.values()) start(limit);
        }
      }
    },
  };
}
