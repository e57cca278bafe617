import type { Option } from '../options.ts';

/** A default as it is written, before anybody knows whether there is such a flag. */
export interface DefaultEntry {
  /** The command that it is for, by its words; none for every command that has the flag. */
  command: readonly string[];
  /** The name of the flag without its dashes. */
  flag: string;
  value: unknown;
  /** Where it is written: `clusterprofile.yaml:4`, `CLUSTERPROFILE_NAMESPACE`. */
  origin: string;
  /** The file that it is in; absent: a variable. */
  file?: { folder: string; isNear: boolean };
}

/** A flag of a command, as defaults see it. */
export interface SettableFlag {
  /** Its long name without the dashes: `no-headers`. */
  name: string;
  /** The key of its value: `headers`. */
  key: string;
  takesText: boolean;
  /** Its value is false where it is given. */
  isNegation: boolean;
  option: Option;
}

/** A value as commander has it; `undefined` where the flag is not given. */
export type Given = string | readonly string[] | boolean | undefined;
