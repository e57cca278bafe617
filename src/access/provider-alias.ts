import type { Option, Options } from '../options.ts';
import type { Aliases } from './provider.ts';
import { usageError } from '../errors.ts';
import { texts } from '../object.ts';

/** `name=value`, given several times, as a map. */
export function pairsIn(options: Options, option: string, flag: string): Map<string, string> {
  return new Map(
    texts(options, option).map((given): [string, string] => {
      const [, name, value] = /^([^=]+)=(.+)$/.exec(given) ?? [];
      if (name === undefined || value === undefined)
        throw usageError(`${flag} takes an access provider, = and a value, not ${JSON.stringify(given)}`);
      return [name, value];
    }),
  );
}

/** For every command that looks for access providers of profiles among those that the operator knows. */
export const providerAliasOption: Option = {
  flags: '--provider-alias <name=known>',
  description: 'an access provider that profiles call by another name than the provider file; repeatable',
  repeatable: true,
};

export const aliasesIn = (options: Options): Aliases => pairsIn(options, 'providerAlias', '--provider-alias');
