import type { ClusterProfile } from '../../profile/clusterprofile.ts';
import type { Notices, SayLine } from '../../util/notices.ts';
import { makeSafeLine } from '../../util/safe-text.ts';
import { formatAmount } from '../../util/text.ts';
import { fitsNames, parseRuleWords, type Ignore } from './ignore.ts';

/** What a command line, or a default, accepts. */
export interface AcceptOptions {
  /** `CP085`, `CP085=prod-*`. */
  accept?: readonly string[] | undefined;
  /** Where that is written, if not on the command line: `clusterprofile.yaml:9`. */
  acceptedFrom?: string | undefined;
  verbose?: boolean | undefined;
}

/**
 * The warnings of imports and exports that `validate` has a rule for. What has none cannot be accepted. Each is looked for in
 * the whole message.
 */
const warnedRules: readonly (readonly [id: string, warning: RegExp])[] = [
  ['CP084', /^its server is reached without TLS \(http\)$/],
  ['CP085', /^its .* can be reached from its own machine or cluster only$/],
  ['CP088', /^its CA has no X\.509 certificate in block \d+$/],
  ['CP091', /^its server certificate is not verified \(insecure-skip-tls-verify\)$/],
];

/** The rule of `validate` that finds what a warning says. */
const findWarnedRule = (message: string): string | undefined =>
  warnedRules.find(([, warning]) => warning.test(message))?.[0];

const sourceOf = ({ acceptedFrom }: AcceptOptions): string => acceptedFrom ?? '--accept';

/** The warnings that are accepted. An unknown rule is a usage error. */
export const parseAccepted = async (options: AcceptOptions, program: string): Promise<Ignore[]> =>
  (await parseRuleWords(options.accept ?? [], sourceOf(options), program)).map((each) => ({ ...each, accepts: true }));

/** Says how many warnings were accepted, and why; with `--verbose` which. */
export function sayAccepted(accepted: readonly string[], options: AcceptOptions, say: SayLine): void {
  if (options.verbose) for (const each of accepted) say(`accepted: ${makeSafeLine(each)}`);
  if (accepted.length > 0) say(`${formatAmount(accepted.length, 'warning')} accepted (${sourceOf(options)})`);
}

/** The warnings of a run that are accepted. */
export interface Acceptance {
  /** Takes those that wait to be said. `profileOf` is the profile that a subject is, or became. */
  take<Subject>(notices: Notices<Subject>, profileOf: (subject: Subject) => ClusterProfile | undefined): void;
  /** Says how many there were. */
  say(say: SayLine): void;
}

/** What is accepted of an import or an export. */
export async function parseAcceptance(options: AcceptOptions, program: string): Promise<Acceptance> {
  const rules = await parseAccepted(options, program);
  const accepted: string[] = [];
  return {
    take(notices, profileOf) {
      const taken = notices.takeWarnings((message, subject) => {
        const id = findWarnedRule(message);
        const profile = id === undefined ? undefined : profileOf(subject);
        return profile !== undefined && rules.some((rule) => rule.id === id && fitsNames(rule, profile));
      });
      accepted.push(...taken);
    },
    say: (say) => sayAccepted(accepted, options, say),
  };
}
