import { milliseconds, wholeNumber } from './util/duration.ts';

/** A flag as data, as commander takes it; `V` is the type of its value. */
export interface Option<V = unknown> {
  /** `--project <id>`, `-o, --output <format>`, `--no-enrich`. */
  flags: string;
  description: string;
  /** May be given several times. */
  repeatable?: boolean;
  default?: string;
  choices?: readonly string[];
  /** It keeps clusters out of sight, so nothing may be pruned after it. */
  filters?: boolean;
  /** Its value, made of what commander has: a text, a list of texts, true or false, or nothing. */
  parse(given: unknown): V;
}

/** Flags by the keys of their values, which are those of commander: `--ready-only` is `readyOnly`, `--no-enrich` is `enrich`. */
export type OptionTable = Readonly<Record<string, Option>>;

/** The values of a table of flags. */
export type ValuesOf<T extends OptionTable> = {
  readonly [K in keyof T]: T[K] extends Option<infer V> ? V : never;
};

/** The values of a table, from what commander has for the whole command. */
export const valuesOf = <T extends OptionTable>(table: T, given: object): ValuesOf<T> =>
  Object.fromEntries(
    Object.entries(table).map(([key, { parse }]) => [key, parse((given as Readonly<Record<string, unknown>>)[key])]),
  ) as ValuesOf<T>;

function text(flags: string, description: string, more: { default: string }): Option<string>;
function text(flags: string, description: string): Option<string | undefined>;
function text(flags: string, description: string, more: { default?: string } = {}): Option<string | undefined> {
  return { flags, description, ...more, parse: (given) => (given as string | undefined) ?? more.default };
}

/** The long flag of several forms, as messages name it. */
const longOf = (flags: string): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags;

/** A flag whose text is read by a function, which throws a usage error for a wrong one. */
const parsed = <V>(
  flags: string,
  description: string,
  parse: (given: string, flag: string) => V,
): Option<V | undefined> => ({
  flags,
  description,
  parse: (given) => (given === undefined ? undefined : parse(given as string, longOf(flags))),
});

/** A repeatable flag whose texts are read together. */
const parsedTexts = <V>(
  flags: string,
  description: string,
  parse: (given: readonly string[], flag: string) => V,
): Option<V> => ({
  flags,
  description,
  repeatable: true,
  parse: (given) => parse((given as string[] | undefined) ?? [], longOf(flags)),
});

function choice<const C extends string>(
  flags: string,
  description: string,
  choices: readonly C[],
  more: { default: NoInfer<C> },
): Option<C>;
function choice<const C extends string>(
  flags: string,
  description: string,
  choices: readonly C[],
): Option<C | undefined>;
function choice<const C extends string>(
  flags: string,
  description: string,
  choices: readonly C[],
  more: { default?: C } = {},
): Option<C | undefined> {
  return {
    flags,
    description,
    choices,
    ...more,
    parse: (given) => choices.find((each) => each === given) ?? more.default,
  };
}

/** Makes flags, by the kind of their values. */
export const option = {
  text,
  texts: (flags: string, description: string): Option<readonly string[]> =>
    parsedTexts(flags, description, (given) => given),
  /** True when it is given; `--no-enrich` is true unless it is. */
  flag: (flags: string, description: string, more: { filters?: boolean } = {}): Option<boolean> => ({
    flags,
    description,
    ...more,
    parse: (given) => (given as boolean | undefined) ?? flags.startsWith('--no-'),
  }),
  /** One of some words, which commander checks. */
  choice,
  /** Milliseconds. */
  duration: (flags: string, description: string): Option<number | undefined> =>
    parsed(flags, description, milliseconds),
  number: (flags: string, description: string): Option<number | undefined> =>
    parsed(flags, description, (given, flag) => wholeNumber(given, flag)),
  parsed,
  parsedTexts,
};
