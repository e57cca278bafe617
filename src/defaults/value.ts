import { isAbsolute, join } from 'node:path';
import { assertInside } from '../documents/files.ts';
import { isUserError, usageError, UserError } from '../errors.ts';
import { detectCredentialField } from '../redact/credential-patterns.ts';
import { carriesCredential } from '../redact/url-credentials.ts';
import { parseChoice } from '../options.ts';
import type { DefaultEntry, Given, SettableFlag } from './entry.ts';

const fail = ({ origin }: DefaultEntry, message: string): UserError => usageError(`${origin}: ${message}`);

/** What a flag that takes no text is: true or false, which a variable says in words. */
function toSwitch(entry: DefaultEntry, { name, isNegation }: SettableFlag): boolean | undefined {
  const words: Readonly<Record<string, boolean>> = { true: true, false: false };
  const isOn = typeof entry.value === 'boolean' ? entry.value : words[entry.file ? '' : String(entry.value)];
  if (isOn === undefined) throw fail(entry, `--${name} takes true or false`);
  return isOn ? !isNegation : undefined;
}

/** A text, also where YAML has read a whole number. What it may have changed when it read it has to be in quotes. */
function toText(entry: DefaultEntry, value: unknown, { name }: SettableFlag): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  throw fail(entry, `--${name} takes a text${isScalar ? ', so put it in quotes' : ''}`);
}

/** What its help says that it takes is a path: `<file>`, `<dir>`; other words stand for themselves: `<file|hub>`. */
function readPathWords({ option }: SettableFlag): readonly string[] | undefined {
  const [, words] = /<(?:file|dir|path)((?:\|\w+)*)>/.exec(option.flags) ?? [];
  return words === undefined ? undefined : ['-', ...words.split('|').filter(Boolean)];
}

/** A path of a file, from the folder of that file; what a directory brings along may not lead out of it. */
function toPath(entry: DefaultEntry, text: string, flag: SettableFlag, home: string | undefined): string {
  const words = readPathWords(flag);
  if (!entry.file || words === undefined || words.includes(text)) return text;
  const { folder, isNear } = entry.file;
  if (!isNear && home !== undefined && text.startsWith('~/')) return join(home, text.slice(2));
  const path = isAbsolute(text) ? text : join(folder, text);
  if (!isNear) return path;
  try {
    assertInside(folder, path);
  } catch (error) {
    if (!isUserError(error)) throw error;
    throw fail(entry, `--${flag.name} must not lead out of the directory of the file`);
  }
  return path;
}

/** Throws for a credential, by what it says or by the name that it has. */
export function assertNoCredential(entry: DefaultEntry): void {
  const { flag, value } = entry;
  for (const text of [value].flat())
    if (typeof text === 'string' && (carriesCredential(text) || detectCredentialField(flag, text) !== undefined))
      throw fail(entry, `the value of ${flag} is a credential, which cannot stand there`);
}

/** Throws for a text that a flag does not take, in the flag's own words. */
function assertParsed(entry: DefaultEntry, given: Given, { name, option }: SettableFlag): void {
  try {
    if (option.choices && typeof given === 'string') parseChoice(given, option.choices, `--${name}`);
    option.parse(given);
  } catch (error) {
    if (!isUserError(error)) throw error;
    throw new UserError(`${entry.origin}: ${error.message}`, { code: error.code, hint: error.hint, cause: error });
  }
}

/** The texts of a flag that may be given several times; a variable has one a line. */
const listValues = ({ value, file }: DefaultEntry): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  return file ? [value] : String(value).split('\n').filter(Boolean);
};

type Environment = Readonly<Record<string, string | undefined>>;

/** What commander would have made of a default on the command line. A wrong one is a usage error that says where it is. */
export function toGiven(entry: DefaultEntry, flag: SettableFlag, env: Environment): Given {
  if (!flag.takesText) return toSwitch(entry, flag);
  const home = env['HOME'] ?? env['USERPROFILE'];
  const read = (value: unknown): string => toPath(entry, toText(entry, value, flag), flag, home);
  const given = flag.option.repeatable ? listValues(entry).map(read) : read(entry.value);
  assertParsed(entry, given, flag);
  return given;
}
