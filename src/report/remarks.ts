import { few, formatNumber } from '../util/text.ts';
import { warningDays, type Fleet } from './fleet.ts';

/** Something that somebody should look at, and where: by `namespace/name`, or what stands for a few of them. */
export interface Remark {
  /** `not healthy`, behind a count. */
  what: string;
  names: readonly string[];
}

/** The profiles of one cluster: a mistaken id may make one of all there are. */
function joinSame(names: readonly string[]): string {
  const more = names.length - few;
  return [...names.slice(0, few), ...(more > 0 ? [`… ${formatNumber(more)} more`] : [])].join(' = ');
}

/** What there is to look at in a fleet, a remark for each kind of thing. */
export function listRemarks(fleet: Fleet): Remark[] {
  const ending = fleet.ending.map(({ cluster, expires }) => `${cluster} (${expires.slice(0, 10)})`);
  const remarks = [
    { what: 'not healthy', names: fleet.unhealthy },
    { what: 'of unknown health', names: fleet.unknownHealth },
    { what: 'without an access provider', names: fleet.withoutProvider },
    { what: 'without a version', names: fleet.withoutVersion },
    { what: `with a CA that ends within ${warningDays} days`, names: ending },
    { what: 'with several profiles', names: fleet.duplicates.map(joinSame) },
  ];
  return remarks.filter(({ names }) => names.length > 0);
}
