import type { SourceContext } from './source.ts';
import type { Option } from '../../options.ts';
import { milliseconds } from '../../util/duration.ts';
import { utcSeconds } from './conditions.ts';
import { text } from '../../object.ts';

/** `--heartbeat-timeout`, of systems whose members report that they are alive. */
export const heartbeatOption = (description: string): Option => ({
  flags: '--heartbeat-timeout <duration>',
  description,
});

/** The value of `--heartbeat-timeout` in milliseconds; a usage error for what is no duration. */
export function heartbeatTimeout({ options }: SourceContext): number | undefined {
  const given = text(options, 'heartbeatTimeout');
  return given === undefined ? undefined : milliseconds(given, '--heartbeat-timeout');
}

/** When a heartbeat was lost; `undefined` while it is not, and where nothing says what time it is. */
export function lostAt(heartbeat: string | undefined, timeout: number, asOf: string | undefined): string | undefined {
  const end = Date.parse(heartbeat ?? '') + timeout;
  return Date.parse(asOf ?? '') > end ? utcSeconds(new Date(end).toISOString()) : undefined;
}
