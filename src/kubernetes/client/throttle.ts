/** How many requests a server is sent at once. */
export interface Throttle {
  /** Ends when there is room for one more request; returns what has to hear whether that one was throttled (429). */
  enter(): Promise<(isThrottled: boolean) => void>;
}

/**
 * Additive increase, multiplicative decrease: a request that is throttled halves how many may be in flight, a round of
 * others makes it one more, up to `most`. Requests that were sent before the last decrease say nothing new.
 */
export function createThrottle(most: number): Throttle {
  const waiting: (() => void)[] = [];
  let room = most;
  let inFlight = 0;
  let sent = 0;
  let sentAtDecrease = 0;
  const hear = (request: number, isThrottled: boolean): void => {
    if (request <= sentAtDecrease) return;
    if (!isThrottled) room = Math.min(most, room + 1 / room);
    else {
      room = Math.max(1, room / 2);
      sentAtDecrease = sent;
    }
  };
  return {
    async enter() {
      if (inFlight < Math.floor(room)) inFlight++;
      // Who leaves hands its place on.
      else await new Promise<void>((resolve) => waiting.push(resolve));
      const request = ++sent;
      return (isThrottled) => {
        inFlight--;
        hear(request, isThrottled);
        while (inFlight < Math.floor(room) && waiting.length > 0) {
          inFlight++;
          waiting.shift()!();
        }
      };
    },
  };
}
