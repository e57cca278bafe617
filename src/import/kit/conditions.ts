import type { Condition, ReportedCondition } from '../../profile/clusterprofile.ts';
import { readMatch, text } from '../../object.ts';

/** metav1.Condition, CRD pattern of `reason`. */
const legalReason = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const messageLimit = 32_768;

/** As an API server writes a time: nothing to be done. */
const settled = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/**
 * RFC 3339 in UTC and whole seconds, as metav1.Time is written; `undefined` for what is no time. Sources write
 * nanoseconds and offsets, which would make every comparison with the hub a difference.
 */
export function toUtcSeconds(time: string | undefined): string | undefined {
  if (!time || settled.test(time)) return time || undefined;
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? undefined : `${new Date(parsed).toISOString().slice(0, 19)}Z`;
}

/** A reason the CRD accepts: illegal characters dropped; made from the status where nothing is left. */
function legaliseReason(reason: string | undefined, status: string): string {
  const raw = reason ?? '';
  if (legalReason.test(raw) && raw.length <= 1024) return raw;
  const kept = raw
    .replace(/[^A-Za-z0-9_,:]+/g, '')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 1024)
    .replace(/[,:]+$/, '');
  return kept || `Reported${status}`;
}

const isStatus = (status: string | undefined): status is Condition['status'] =>
  status === 'True' || status === 'False' || status === 'Unknown';

/** A complete condition from whatever a source says of it. A status outside of metav1's becomes Unknown, its word kept. */
export function buildCondition(
  type: string,
  status: string | undefined,
  reason?: string,
  { message = '', time }: { message?: string | undefined; time?: string | undefined } = {},
): ReportedCondition {
  const known = isStatus(status);
  const words = known ? reason : (reason ?? status);
  const legal = legaliseReason(words, known ? status : 'Unknown');
  const lastTransitionTime = toUtcSeconds(time);
  return {
    type,
    status: known ? status : 'Unknown',
    reason: legal,
    ...(words && words !== legal && { rawReason: words }),
    message: (known || !status ? message : `${status}: ${message}`).slice(0, messageLimit),
    lastTransitionTime,
    ...(time && lastTransitionTime === undefined && { unreadTime: time }),
  };
}

/** A source's own condition of type `from`, carried over as `type`; `undefined` when the source does not have it. */
export function carryCondition(
  object: unknown,
  from: string,
  type: string,
  ...path: string[]
): ReportedCondition | undefined {
  const at = path.length > 0 ? path : ['status', 'conditions'];
  return readMatch(object, at, ['type', from], (found) => {
    const time = text(found, 'lastTransitionTime') ?? text(found, 'lastUpdateTime') ?? text(found, 'lastProbeTime');
    return buildCondition(type, text(found, 'status'), text(found, 'reason'), {
      message: text(found, 'message'),
      time: time ?? text(object, 'metadata', 'creationTimestamp'),
    });
  });
}

/** `type` is Unknown because nothing has been reported yet, since the object is there. */
export const buildNotReported = (object: unknown, type: string): ReportedCondition =>
  buildCondition(type, 'Unknown', 'NotReported', { time: text(object, 'metadata', 'creationTimestamp') });

/** `Joined` of an object that is being deleted; `undefined` for one that stays. */
export function buildDeleting(object: unknown): ReportedCondition | undefined {
  const time = text(object, 'metadata', 'deletionTimestamp');
  return time ? buildCondition('Joined', 'False', 'Deleting', { time }) : undefined;
}
