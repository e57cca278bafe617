import { valuesOf } from '../options.ts';
import type { Importer } from './kit/importer.ts';
import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { listIdentities } from '../profile/members.ts';
import { isUserError, usageError } from '../errors.ts';
import type { Inventory } from '../stores/store.ts';
import { createMemoryInventory } from '../stores/memory.ts';
import type { Io } from '../io.ts';
import { addHint, makeSafeLine } from '../util/safe-text.ts';
import type { ImportOptions } from './flags.ts';
import { readBatch } from './run.ts';

interface FromOptions {
  from: readonly string[];
  dedupe: boolean;
}

type Scope = Pick<ImportOptions, 'own' | 'source'>;

/** What stands behind the colon: a kubeconfig file, a context, or for a cloud its first flag (project, subscription). */
function parseScope({ files, kinds, options = {} }: Importer, scope: string | undefined): Scope {
  const own = valuesOf(options, {});
  if (scope === undefined) return { own };
  if (files) return { own, source: { kubeconfig: scope } };
  if (kinds) return { own, source: { context: scope } };
  const [first] = Object.entries(options);
  if (!first) throw usageError(`there is nothing that ${JSON.stringify(scope)} could name`);
  const [key, { parse, repeatable }] = first;
  return { own: { ...own, [key]: parse(repeatable ? [scope] : scope) } };
}

/** The first profile of each member; what else was seen of it is said. */
function dedupe(profiles: readonly ClusterProfile[], say: (text: string) => void): ClusterProfile[] {
  const seen = new Map<string, ClusterProfile>();
  return profiles.filter((profile) => {
    const identities = listIdentities(profile);
    const first = identities.map((identity) => seen.get(identity)).find((each) => each !== undefined);
    for (const identity of identities) if (!seen.has(identity)) seen.set(identity, first ?? profile);
    if (first)
      say(
        `note: ${nameOf(profile)} of ${profile.spec.clusterManager.name} is ${nameOf(first)} of ${first.spec.clusterManager.name}`,
      );
    return !first;
  });
}

/** A live, merged view over several systems, without a hub. `partial` tells that some of it could not be read. */
export async function openLiveInventory(
  options: FromOptions & Omit<ImportOptions, 'own'>,
  io: Io,
  loadImporter: (word: string) => Promise<{ source: Importer } | undefined>,
): Promise<{ inventory: Inventory; partial: boolean }> {
  // In `list` these two choose profiles; in `import` they would set something.
  const { clusterset: _filter, namespace: _place, ...given } = options;
  const reading = { ...given, selector: undefined, property: [], health: undefined, version: undefined };
  const profiles: ClusterProfile[] = [];
  let partial = false;
  for (const from of new Set(options.from)) {
    const [name = '', ...rest] = from.split(':');
    const source = (await loadImporter(name))?.source;
    if (!source)
      throw usageError(`no system ${JSON.stringify(name)} to list from`, `${io.program} import --help lists them`);
    const scope = parseScope(source, rest.length > 0 ? rest.join(':') : undefined);
    try {
      const batch = await readBatch(name, source, {
        options: { ...reading, ...scope, output: '' },
        io,
      });
      profiles.push(...batch.profiles);
      partial ||= batch.partial;
    } catch (error) {
      if (!isUserError(error) || io.signal.aborted) throw error;
      io.err(`${addHint(`error: ${from}: ${makeSafeLine(error.message)}`, error.hint)}\n`);
      partial = true;
    }
  }
  const shown = options.dedupe
    ? dedupe(profiles, (text) => void (options.quiet || io.err(`${makeSafeLine(text)}\n`)))
    : profiles;
  return { inventory: createMemoryInventory(options.from.join(', '), shown), partial };
}
