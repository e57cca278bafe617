import { basename } from 'node:path';
import { decodeScalar, findExtension } from '../access/extra-arguments.ts';
import { findProviderOfPlugin } from '../access/provider-presets.ts';
import type { ProviderConfig } from '../access/provider.ts';
import { apiStatus } from '../errors.ts';
import type { Client } from '../kubernetes/client.ts';
import { isObject } from '../object.ts';
import {
  accessProvidersOf,
  keys,
  nameOf,
  type AccessProvider,
  type ClusterProfile,
} from '../profile/clusterprofile.ts';
import { groupBy } from '../util/collections.ts';
import { pool } from '../util/pool.ts';
import { quoteForShell } from '../util/shell.ts';
import { formatAmount, listSome } from '../util/text.ts';
import { createChecker, suggestGrant, type Check } from './check.ts';
import { isAllowed } from './hub.ts';

/** Whether the Secrets are on the hub that the plugins of cluster-inventory-api read there. What is in them is never asked for. */

interface WantedSecret {
  namespace: string;
  name: string;
  /** Of the plugin that looks for it, which says what should be in it. */
  plugin: string;
  profile: ClusterProfile;
}

const atOnce = 16;
const asMetadata = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const check = createChecker('DR011', 'secrets');

/** The plugin that a provider's name stands for, or the one that the provider file runs for it. */
const findPlugin = (name: string, entries: readonly ProviderConfig[]): string => {
  const command = entries.find((entry) => entry.name === name)?.exec.command;
  return (command !== undefined && findProviderOfPlugin(basename(command))) || name;
};

/** The Secret that a plugin looks for, by the exec extension of the profile (`clusterName`, or `namespace` and `name`). */
function findWanted(
  provider: AccessProvider,
  plugin: string,
  current: string,
): { namespace: string; name: string } | undefined {
  const config = findExtension(provider, keys.execExtension);
  if (!isObject(config)) return undefined;
  const read = (key: string): string => decodeScalar(config[key]) ?? '';
  const [namespace, name] =
    plugin === 'secretreader' ? [current, read('clusterName')] : [read('namespace') || current, read('name')];
  // Without a name there is nothing to look for, which validate says (CP101, CP102).
  return name === '' ? undefined : { namespace, name };
}

const listWanted = (
  profiles: readonly ClusterProfile[],
  entries: readonly ProviderConfig[],
  current: string,
): WantedSecret[] =>
  profiles.flatMap((profile) =>
    accessProvidersOf(profile).flatMap((provider) => {
      const plugin = findPlugin(provider.name, entries);
      if (plugin !== 'secretreader' && plugin !== 'kubeconfig-secretreader') return [];
      const wanted = findWanted(provider, plugin, current);
      return wanted ? [{ ...wanted, plugin, profile }] : [];
    }),
  );

type Outcome = 'there' | 'missing' | 'forbidden';

async function look(client: Client, { namespace, name }: WantedSecret): Promise<Outcome> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
  try {
    await client.send(`cannot look at Secret ${namespace}/${name}`, { method: 'GET', path, accept: asMetadata });
    return 'there';
  } catch (error) {
    if (apiStatus(error) === 404) return 'missing';
    if (apiStatus(error) === 403) return 'forbidden';
    throw error;
  }
}

const titleOf = ({ namespace, name }: WantedSecret): string => `${namespace}/${name}`;

function describeMissing(missing: readonly WantedSecret[]): Check {
  const [first] = missing as [WantedSecret];
  const key = first.plugin === 'secretreader' ? 'token' : 'KEY';
  const names = listSome(missing.map(titleOf));
  const of = listSome([...new Set(missing.map(({ profile }) => nameOf(profile)))]);
  return check(
    'error',
    `not there, and ${first.plugin} logs in to ${of} by what is in ${missing.length === 1 ? 'it' : 'them'}: ${names}`,
    `kubectl create secret generic ${quoteForShell(first.name)} -n ${quoteForShell(first.namespace)} --from-file=${key}=FILE`,
  );
}

function describeForbidden(namespace: string, forbidden: readonly WantedSecret[]): Check {
  const named = [...new Set(forbidden.map(({ name }) => `--resource-name=${quoteForShell(name)}`))];
  const hint = suggestGrant(namespace, `--verb=get --resource=secrets ${named.join(' ')}`);
  return check(
    'warning',
    `this login may not read ${listSome(forbidden.map(titleOf))}; whoever runs ${forbidden[0]?.plugin} has to`,
    hint,
  );
}

/** Looks for the Secrets that the plugins of profiles read on the hub: what is not there, and what may not be read. */
export async function* checkSecrets(
  profiles: readonly ClusterProfile[],
  entries: readonly ProviderConfig[],
  { client, namespace: current }: { client: Client; namespace: string },
): AsyncIterable<Check> {
  const wanted = listWanted(profiles, entries, current);
  const outcomes = await pool(wanted, atOnce, async (secret): Promise<Outcome> => {
    const { namespace, name } = secret;
    const action = { verb: 'get', group: '', resource: 'secrets', namespace, name };
    return (await isAllowed(client, action)) ? look(client, secret) : 'forbidden';
  });
  const by = groupBy([...wanted.entries()], ([index]) => outcomes[index] ?? 'there');
  const listOf = (outcome: Outcome): WantedSecret[] => (by.get(outcome) ?? []).map(([, secret]) => secret);
  const there = listOf('there');
  if (there.length > 0)
    yield check('ok', `${formatAmount(there.length, 'Secret')} that plugins look for, there and readable`);
  for (const missing of groupBy(listOf('missing'), ({ plugin }) => plugin).values()) yield describeMissing(missing);
  for (const [namespace, forbidden] of groupBy(listOf('forbidden'), (secret) => secret.namespace))
    yield describeForbidden(namespace, forbidden);
}
