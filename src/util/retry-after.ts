/** Milliseconds a Retry-After header asks for, in seconds or as an HTTP date; `undefined` where it asks for no wait. */
function parseRetryAfter(header: string, now: number): number | undefined {
  const text = header.trim();
  if (text === '') return undefined;
  const seconds = Number(text);
  const wait = Number.isNaN(seconds) ? Date.parse(text) - now : seconds * 1000;
  return wait > 0 ? wait : undefined;
}

/** How long to wait before a request is sent again: as long as it was asked to, and never shorter than the own backoff. */
export const computeRetryWait = (header: string | undefined, backoff: number): number =>
  Math.max(parseRetryAfter(header ?? '', Date.now()) ?? 0, backoff);
