import { judgeProfiles } from '../../export/validate-for.ts';
import type { Consumer } from '../../export/translate.ts';
import { formatColumns } from '../../output/text.ts';
import type { ClusterProfile } from '../../profile/clusterprofile.ts';
import { valuesOf } from '../../options.ts';
import { groupBy } from '../../util/collections.ts';
import { makeSafe, makeSafeLine } from '../../util/safe-text.ts';
import { findConsumers, sharedFlags } from '../flags/validate.ts';

/** What a consumer says of a profile. */
interface Verdict {
  name: string;
  takes: string;
  refusals: string[];
  remarks: string[];
}

/** Asks a consumer's exporter whether it takes a profile; what it refuses stands before what it says besides. */
async function judge(
  profile: ClusterProfile,
  consumer: Consumer,
  options: { providerFile?: string | undefined; given: object },
): Promise<Verdict> {
  const { name } = consumer;
  const said: string[] = [];
  const { findings } = await judgeProfiles(
    [{ file: '', document: 1, object: profile }],
    [consumer],
    { ...options, ...valuesOf(sharedFlags, options.given) },
    (text) => said.push(text.replace(/^(?:note|warning): /, '')),
  );
  const textsOf = (severity: string): string[] =>
    findings
      .filter((each) => each.severity === severity)
      .map(({ message, hint }) => (hint ? `${message} (${hint})` : message));
  const clean = (texts: string[]): string[] =>
    texts.map((text) => makeSafeLine(text.replace(`${name}: `, '').replace(`${name} needs`, 'it needs')));
  const [refusals, warnings] = [clean(textsOf('error')), clean(textsOf('warning'))];
  const remarks = [...warnings, ...clean(said)];
  if (refusals.length > 0) return { name, takes: 'no', refusals, remarks };
  return { name, takes: warnings.length > 0 ? 'yes, but' : said.length > 0 ? 'depends' : 'yes', refusals, remarks };
}

/** From this many consumers on, what they all say is said once. */
const many = 3;

/**
 * The section of `describe --for`: which consumers would take a profile, and what they would refuse or misread. The same
 * functions as those of `export` and `validate --for` decide.
 */
export async function describeConsumers(
  profile: ClusterProfile,
  words: readonly string[],
  options: { providerFile?: string | undefined; given: object },
): Promise<string> {
  const verdicts: Verdict[] = [];
  for (const consumer of (await findConsumers(words)).values()) verdicts.push(await judge(profile, consumer, options));
  const counted = groupBy(
    verdicts.flatMap(({ remarks }) => remarks),
    (reason) => reason,
  );
  const isShared = (reason: string): boolean => (counted.get(reason)?.length ?? 0) >= many;
  const rows = verdicts.flatMap(({ name, takes, refusals, remarks }) => {
    const [first = remarks.length > 0 ? 'see below' : '', ...more] = [
      ...refusals,
      ...remarks.filter((remark) => !isShared(remark)),
    ];
    return [[name, takes, first], ...more.map((reason) => ['', '', reason])];
  });
  const shared = [...counted.keys()].filter(isShared).map((reason) => ['', 'several:', reason]);
  const table = await formatColumns([['CONSUMER', 'TAKES IT', 'WHY'], ...rows, ...shared]);
  return makeSafe(`Consumers:\n${table.replaceAll(/^(?=.)/gm, '  ')}`);
}
