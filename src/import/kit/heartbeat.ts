import { option, type Option } from '../../options.ts';
import { toUtcSeconds } from './conditions.ts';

/** `--heartbeat-timeout`, of systems whose members report that they are alive. */
export const heartbeatOption = (description: string): Option<number | undefined> =>
  option.duration('--heartbeat-timeout <duration>', description);

/** When a heartbeat was lost; `undefined` while it is not, and where nothing says what time it is. */
export function findLostTime(
  heartbeat: string | undefined,
  timeout: number,
  asOf: string | undefined,
): string | undefined {
  const end = Date.parse(heartbeat ?? '') + timeout;
  return Date.parse(asOf ?? '') > end ? toUtcSeconds(new Date(end).toISOString()) : undefined;
}
