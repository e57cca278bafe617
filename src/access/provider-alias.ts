import { option, type Option } from '../options.ts';
import type { Aliases } from './provider.ts';
import { usageError } from '../errors.ts';

/** `name=value`, given several times, as a map. */
export const parsePairs = (given: readonly string[], flag: string): ReadonlyMap<string, string> =>
  new Map(
    given.map((each): [string, string] => {
      const [, name, value] = /^([^=]+)=(.+)$/.exec(each) ?? [];
      if (name === undefined || value === undefined)
        throw usageError(`${flag} takes an access provider, = and a value, not ${JSON.stringify(each)}`);
      return [name, value];
    }),
  );

/** For every command that looks for access providers of profiles among those that the operator knows. */
export const providerAliasOption: Option<Aliases> = option.parsedTexts(
  '--provider-alias <name=known>',
  'an access provider that profiles call by another name than the provider file; repeatable',
  parsePairs,
  { settable: 'personal' },
);
