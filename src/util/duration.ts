import { usageError } from '../errors.ts';
import { startTimer } from '../io/clock.ts';
import { readOwn } from '../object.ts';

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a Go duration (`90s`, `1m30s`, `500ms`, `2h`), or of a bare number of seconds as kubectl takes it. */
export function parseDuration(text: string, flag: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw usageError(`${flag} takes a duration such as 30s, 5m or 1h, not ${JSON.stringify(text)}`);
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (readOwn(units, unit ?? '') ?? 0), 0);
}

/** The same, which may be negative. */
export const parseSignedDuration = (text: string, flag: string): number =>
  text.startsWith('-') ? -parseDuration(text.slice(1), flag) : parseDuration(text, flag);

/** Milliseconds as a duration: `120s`, `300ms`. */
export const durationText = (time: number): string => (time % 1000 === 0 ? `${time / 1000}s` : `${time}ms`);

/** A whole number of at least `min` from a flag. */
export function parseWholeNumber(text: string, flag: string, min = 1): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min)
    throw usageError(`${flag} takes a whole number from ${min}, not ${JSON.stringify(text)}`);
  return value;
}

/** An RFC 3339 time from a flag. */
export function parseTime(text: string, flag: string): string {
  if (!Number.isNaN(Date.parse(text))) return text;
  throw usageError(`${flag} takes an RFC 3339 time, not ${JSON.stringify(text)}`);
}

/** A time as the API writes it: RFC 3339 with whole seconds, the part of one cut off. */
export const formatTime = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * A signal that aborts after some time, and keeps no program alive. Not `AbortSignal.timeout`: in a combination of signals
 * Node 20 may collect it as garbage, and then it never aborts.
 */
export function createTimeout(wait: number): AbortSignal {
  const controller = new AbortController();
  const end = (): void => controller.abort(new DOMException('timed out', 'TimeoutError'));
  startTimer(end, wait).unref();
  return controller.signal;
}
