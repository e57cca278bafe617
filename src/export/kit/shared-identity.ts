// https://github.com/kubernetes-sigs/cluster-inventory-api/blob/main/pkg/access/config.go
import { byText, listSome } from '../../util/text.ts';
import { matchProvider, type Match, type ProviderConfig } from '../../access/provider.ts';
import { readExtraArgs, readExtraEnvs } from '../../access/extra-arguments.ts';
import { nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { isUserError, refusal } from '../../errors.ts';
import { quoteForShell } from '../../util/shell.ts';

/**
 * pkg/access writes what a profile adds into the entry of the provider file itself. A reader that keeps one configuration
 * for all profiles (multicluster-runtime, Knative) so gives one cluster the variables and arguments of another.
 */

interface Adding {
  profile: ClusterProfile;
  envs: ReadonlyMap<string, string>;
  args: readonly string[];
}

/** What a profile adds under the policies of its entry. A value that no reader can decode is refused by the profile's name. */
function readAdding(profile: ClusterProfile, { config, provider }: Match): Adding {
  try {
    const envs = config.envs === 'Ignore' ? [] : readExtraEnvs(provider);
    // The entry's own value is kept, whatever profiles say.
    const own = new Set(config.envs === 'AppendIfNotExists' ? config.exec.env.map(({ name }) => name) : []);
    const args = config.args === 'Ignore' ? [] : readExtraArgs(provider);
    return { profile, envs: new Map(envs.filter(([name]) => !own.has(name))), args };
  } catch (error) {
    if (!isUserError(error)) throw error;
    throw refusal(`${nameOf(profile)}: ${error.message}`, error.hint);
  }
}

/** Two of them that do not have the same value; `undefined` where all agree. */
function findDifferent(
  users: readonly Adding[],
  valueOf: (user: Adding) => string | undefined,
): [Adding, Adding] | undefined {
  const [first] = users;
  const other = first && users.find((each) => valueOf(each) !== valueOf(first));
  return other && [first, other];
}

const formatPair = (pair: readonly Adding[]): string => pair.map(({ profile }) => nameOf(profile)).join(' and ');

function assertSameEnvs({ name, envs: policy }: ProviderConfig, users: readonly Adding[]): void {
  const variables = [...new Set(users.flatMap(({ envs }) => [...envs.keys()]))].toSorted(byText);
  const unset = variables.filter((variable) => users.some(({ envs }) => !envs.has(variable)));
  // With Replace each profile sets its own value again, so that only one that sets none gets another's.
  const different = (policy === 'Replace' ? unset : variables).flatMap((variable) => {
    const pair = findDifferent(users, ({ envs }) => envs.get(variable));
    return pair ? [{ variable, pair }] : [];
  });
  const [one] = different;
  if (!one) return;
  throw refusal(
    `${formatPair(one.pair)} have different ${listSome(different.map(({ variable }) => variable))} in additional-envs, and a reader that keeps one configuration for all profiles gives both the same with ${policy} for ${name}`,
    unset.length === 0
      ? `--envs ${quoteForShell(name)}=Replace`
      : `set ${listSome(unset)} in all profiles of ${name}${policy === 'Replace' ? '' : ` and use --envs ${quoteForShell(name)}=Replace`}, or give them access providers of their own`,
  );
}

function assertSameArgs({ name }: ProviderConfig, users: readonly Adding[]): void {
  const pair = findDifferent(users, ({ args }) => JSON.stringify(args));
  if (!pair) return;
  throw refusal(
    `${formatPair(pair)} have different additional-args, and a reader that keeps one configuration for all profiles gives both to the second one with Append for ${name}`,
    'give them access providers of their own, each with its arguments in the provider file',
  );
}

/** Refuses a provider file with which one cluster would be given the login of another. */
export function assertOwnIdentities(profiles: readonly ClusterProfile[], entries: readonly ProviderConfig[]): void {
  const users = new Map<ProviderConfig, Adding[]>(entries.map((entry) => [entry, []]));
  for (const profile of profiles) {
    const match = matchProvider(profile, entries);
    if (match) users.get(match.config)?.push(readAdding(profile, match));
  }
  for (const [entry, adding] of users) {
    assertSameEnvs(entry, adding);
    assertSameArgs(entry, adding);
  }
}
