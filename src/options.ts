/** A flag of one system only, as commander takes it. */
export interface Option {
  /** `--project <id>`, `--no-enrich`, `--location <location>`. */
  flags: string;
  description: string;
  /** May be given several times; the value is then a list. */
  repeatable?: boolean;
  default?: string;
  choices?: string[];
  /** It keeps clusters out of sight, so nothing may be pruned after it. */
  filters?: boolean;
}

/** Values of a system's own options, by camel-cased flag name. */
export type Options = Readonly<Record<string, unknown>>;

/** `--ready-only` is `readyOnly`. */
export const optionName = (flags: string): string =>
  (/--([a-z-]+)/.exec(flags)?.[1] ?? '').replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
