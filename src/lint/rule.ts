import type { Severity, ProblemPath, Document, Problem } from './problem.ts';
import type { Input, Profile, Provider } from './input.ts';

export interface RuleReport extends Problem {
  on: Document;
}

/** Looks at one profile. The input is there for rules that compare it with others. */
export type ProfileCheck<Subject = Profile> = (subject: Subject, input: Input) => Iterable<Problem>;

/** One thing to check: in each profile, or in the input where it is about something else. */
export interface Rule {
  id: string;
  severity: Severity;
  /** What should be: "Condition types are unique". */
  title: string;
  check?: ProfileCheck;
  checkInput?: (input: Input) => Iterable<RuleReport>;
}

/** A problem as it is reported. */
export interface Finding {
  id: string;
  severity: Severity;
  /** It is a warning, and an error with `--strict`. */
  isRaised?: boolean;
  message: string;
  hint?: string;
  file: string;
  document: number;
  item?: number;
  /** Items of Lists within that item. Not for output. */
  inner?: readonly number[];
  line?: number;
  column?: number;
  /** `.status.conditions[0].reason` */
  path: string;
  /** The path in parts, to find the line by. Not for output: a key may be anything. */
  at: ProblemPath;
  /** `Kind namespace/name` */
  object?: string;
}

/** No problem; the same list each time, so that it is seen at a glance. */
export const noProblem: readonly never[] = [];

/** One problem, as a list. */
export const reportProblem = (
  at: ProblemPath,
  message: string,
  rest: Omit<Problem, 'at' | 'message'> = {},
): Problem[] => [{ at, message, ...rest }];

/** Two checks as one. */
export const both =
  (first: ProfileCheck, second: ProfileCheck): ProfileCheck =>
  (profile, input) => {
    const [found, more] = [first(profile, input), second(profile, input)];
    return found === noProblem ? more : more === noProblem ? found : [...found, ...more];
  };

/** Lifts a check of one part of a profile (an access provider, a condition …) to all of them. */
export const eachOf =
  <Part>(parts: (profile: Profile) => readonly Part[]) =>
  (check: (part: Part, profile: Profile, input: Input) => Iterable<Problem>): ProfileCheck =>
  (profile, input) => {
    let problems: Problem[] | undefined;
    for (const part of parts(profile)) {
      const found = check(part, profile, input);
      if (found !== noProblem) (problems ??= []).push(...found);
    }
    return problems ?? noProblem;
  };

export const eachProvider = eachOf<Provider>(({ providers }) => providers);

/** The violations of the schema that belong to a rule. */
export const violations =
  (id: string): ProfileCheck =>
  ({ faults }) =>
    faults.length === 0 ? noProblem : faults.filter((fault) => fault.id === id);
