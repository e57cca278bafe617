import { usageError } from './errors.ts';
import { parseDuration, parseWholeNumber } from './util/duration.ts';

/** A flag as data, as commander takes it; `V` is the type of its value. */
export interface Option<V = unknown> {
  /** `--project <id>`, `-o, --output <format>`, `--no-enrich`. */
  flags: string;
  description: string;
  /** May be given several times. */
  repeatable?: boolean;
  default?: string;
  choices?: readonly string[];
  /** What completion offers for it, where `choices` does not say it. */
  values?: readonly string[];
  /** Help does not list its choices: its description does. */
  isUnlisted?: boolean;
  /** It keeps clusters out of sight, so nothing may be pruned after it. */
  filters?: boolean;
  /** A command line without it is wrong. */
  required?: boolean;
  /** The heading of help that it stands under, and what follows. */
  group?: string;
  /** It is one of many commands, and shown by `options` instead of their help. */
  isCommon?: boolean;
  /** What its `--no-` form says, of a flag that takes a text too. */
  negated?: string;
  /**
   * Where a default for it may stand, if not everywhere: `personal`: in a person's own file and in variables, since it
   * decides where credentials go or which command is run; `never`: nowhere, since with it a command writes or deletes more.
   */
  settable?: 'personal' | 'never';
  /** Its value, made of what commander has: a text, a list of texts, true or false, or nothing. */
  parse(given: unknown): V;
}

/** Flags by the keys of their values, which are those of commander: `--ready-only` is `readyOnly`, `--no-enrich` is `enrich`. */
export type OptionTable = Readonly<Record<string, Option>>;

/** The values of a table of flags. */
export type ValuesOf<T extends OptionTable> = {
  readonly [K in keyof T]: NonNullable<T[K]> extends Option<infer V> ? V : never;
};

/** Whether a flag was given, by its value. */
export const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);

/** The same flags, under a heading of help. */
export const inGroup = <T extends OptionTable>(group: string, table: T): T =>
  Object.fromEntries(Object.entries(table).map(([key, each]) => [key, { ...each, group }])) as unknown as T;

/** The same flags, which `options` shows. */
export const makeCommon = <T extends OptionTable>(table: T): T =>
  Object.fromEntries(Object.entries(table).map(([key, each]) => [key, { ...each, isCommon: true }])) as unknown as T;

/** The same flags, whose defaults may stand in fewer places. */
export const limitDefaults = <T extends OptionTable>(settable: Option['settable'], table: T): T =>
  Object.fromEntries(Object.entries(table).map(([key, each]) => [key, { ...each, settable }])) as unknown as T;

/** The values of a table, from what commander has for the whole command. */
export const valuesOf = <T extends OptionTable>(table: T, given: object): ValuesOf<T> =>
  Object.fromEntries(
    Object.entries(table).map(([key, { parse }]) => [key, parse((given as Readonly<Record<string, unknown>>)[key])]),
  ) as ValuesOf<T>;

/** Nothing, of a flag that may be absent. */
type Absent<M> = M extends { default: string } | { required: true } ? never : undefined;

/** What any flag may say of itself besides. */
type Besides = Pick<Option, 'settable' | 'values'>;

const text = <M extends Besides & { default?: string; required?: true } = object>(
  flags: string,
  description: string,
  more?: M,
): Option<string | Absent<M>> => ({
  flags,
  description,
  ...more,
  parse: (given) => (given ?? more?.default) as string | Absent<M>,
});

/** The first form of a flag, as messages name it. */
export const nameFlag = (flags: string): string => /^--?[a-z-]+/.exec(flags)?.[0] ?? flags;

/** A flag whose text is read by a function, which throws a usage error for a wrong one. */
const parsed = <V>(
  flags: string,
  description: string,
  parse: (given: string, flag: string) => V,
  more: Besides = {},
): Option<V | undefined> => ({
  flags,
  description,
  ...more,
  parse: (given) => (given === undefined ? undefined : parse(given as string, nameFlag(flags))),
});

/** A repeatable flag whose texts are read together. */
const parsedTexts = <V>(
  flags: string,
  description: string,
  parse: (given: readonly string[], flag: string) => V,
  more: Besides = {},
): Option<V> => ({
  flags,
  description,
  repeatable: true,
  ...more,
  parse: (given) => parse((given as string[] | undefined) ?? [], nameFlag(flags)),
});

const choice = <const C extends string, M extends Besides & { default?: NoInfer<C> } = object>(
  flags: string,
  description: string,
  choices: readonly C[],
  more?: M,
): Option<C | Absent<M>> => ({
  flags,
  description,
  choices,
  ...more,
  parse: (given) => (choices.find((each) => each === given) ?? more?.default) as C | Absent<M>,
});

/** A word that is one of some. Throws a usage error that lists them for any other. */
export function parseChoice(given: string, choices: readonly string[], flag: string): string {
  if (choices.includes(given)) return given;
  const all = choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
  throw usageError(`${flag} takes ${all}, not ${JSON.stringify(given)}`);
}

/** A choice that help does not list. */
const oneOf = <const C extends string, M extends Besides & { default?: NoInfer<C> } = object>(
  flags: string,
  description: string,
  words: readonly C[],
  more?: M,
): Option<C | Absent<M>> => ({ ...choice(flags, description, words, more), isUnlisted: true });

/** Makes flags, by the kind of their values. */
export const option = {
  text,
  texts: (flags: string, description: string, more?: Besides): Option<readonly string[]> =>
    parsedTexts(flags, description, (given) => given, more),
  /** True when it is given; `--no-enrich` is true unless it is. */
  flag: (flags: string, description: string, more: Besides & { filters?: boolean } = {}): Option<boolean> => ({
    flags,
    description,
    ...more,
    parse: (given) => (given as boolean | undefined) ?? flags.startsWith('--no-'),
  }),
  /** One of some words, which commander checks. */
  choice,
  oneOf,
  /** Milliseconds. */
  duration: (flags: string, description: string): Option<number | undefined> =>
    parsed(flags, description, parseDuration),
  number: (flags: string, description: string): Option<number | undefined> =>
    parsed(flags, description, (given, flag) => parseWholeNumber(given, flag)),
  parsed,
  parsedTexts,
};
