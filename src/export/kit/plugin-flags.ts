import { envsPolicies, type EnvsPolicy } from '../../access/provider.ts';
import { parsePairs } from '../../access/provider-alias.ts';
import { usageError } from '../../errors.ts';
import { option } from '../../options.ts';
import { groupBy } from '../../util/collections.ts';
import { quoteForShell } from '../../util/shell.ts';

function parsePolicies(pairs: readonly string[], flag: string): ReadonlyMap<string, EnvsPolicy> {
  const policies = new Map<string, EnvsPolicy>();
  for (const [name, given] of parsePairs(pairs, flag)) {
    const policy = envsPolicies.find((each) => each === given);
    if (!policy) throw usageError(`--envs ${name}= takes Replace or AppendIfNotExists, not ${JSON.stringify(given)}`);
    policies.set(name, policy);
  }
  return policies;
}

/** A command with its arguments, as it is run: without a shell. */
interface GivenPlugin {
  command: string;
  args: readonly string[];
}

/** A command and its arguments, which blanks divide. What only a shell takes apart has a flag for each argument. */
function parsePlugins(pairs: readonly string[], flag: string): ReadonlyMap<string, GivenPlugin> {
  const given = new Map<string, GivenPlugin>();
  for (const [name, line] of parsePairs(pairs, flag)) {
    const [command = '', ...args] = line.trim().split(/\s+/);
    if (command === '' || (args.length > 0 && /["'\\$`]/.test(line)))
      throw usageError(
        `${flag} ${name}= takes a command and plain arguments, and no shell reads them`,
        `${flag} ${quoteForShell(name)}=COMMAND --plugin-arg ${quoteForShell(name)}=ARGUMENT, once for each argument`,
      );
    given.set(name, { command, args });
  }
  return given;
}

/** Arguments by access provider, in their order. */
function parseArguments(pairs: readonly string[], flag: string): ReadonlyMap<string, readonly string[]> {
  const given = pairs.flatMap((pair) => [...parsePairs([pair], flag)]);
  return groupBy(
    given,
    ([name]) => name,
    ([, argument]) => argument,
  );
}

/** The flags of every consumer that reads a provider file. */
export const providerFileFlags = {
  plugin: option.parsedTexts(
    '--plugin <name=command>',
    "the command for an access provider, as it is in the consumer's image, with its arguments behind blanks; repeatable",
    parsePlugins,
    { settable: 'personal' },
  ),
  pluginArg: option.parsedTexts(
    '--plugin-arg <name=argument>',
    "an argument of a provider's plugin, behind those it has; repeatable",
    parseArguments,
    { settable: 'personal' },
  ),
  pluginDir: option.text(
    '--plugin-dir <directory>',
    "where the consumer's image has the plugins, whatever the entries say",
    { settable: 'personal' },
  ),
  appendArgs: option.texts(
    '--append-args <name>',
    "let profiles append arguments to a provider's plugin (default: ignored); repeatable",
    { settable: 'personal' },
  ),
  envs: option.parsedTexts(
    '--envs <name=policy>',
    "let profiles set variables of a provider's plugin: Replace or AppendIfNotExists; repeatable",
    parsePolicies,
    { settable: 'personal' },
  ),
};
