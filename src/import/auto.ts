import type { Importer } from './kit/importer.ts';
import { valuesOf } from '../options.ts';
import type { Io } from '../io.ts';
import { exit, isUserError } from '../errors.ts';
import { readObjects } from '../documents/objects.ts';
import { safeLine } from '../util/safe-text.ts';
import type { ImportOptions, Batch } from './read.ts';
import { finish, profilesOf } from './run.ts';

const failed = (source: Importer, name: string): Batch => ({
  name,
  source,
  manager: source.manager,
  profiles: [],
  partial: true,
  warned: true,
});

/**
 * `import auto`: every system whose objects are in the input, or on the source's cluster, merged. A problem of one system
 * is reported and does not hide the others (exit 4).
 */
export async function importAuto(
  systems: ReadonlyMap<string, { source: Importer }>,
  options: Omit<ImportOptions, 'own'>,
  io: Io,
): Promise<number> {
  const read = options.filename?.length ? await readObjects(options.filename, io, options) : undefined;
  const batches: Batch[] = [];
  for (const [name, { source }] of systems) {
    // Live, only what lives on a cluster; a cloud has to be named.
    if (source.notInAuto || (!read && !source.kinds)) continue;
    if (read && !read.some(({ object }) => source.accepts(object))) continue;
    try {
      const own = { ...options, own: valuesOf(source.options ?? {}, {}) };
      batches.push(await profilesOf(name, source, { options: own, io, quietAbsence: true, ...(read && { read }) }));
    } catch (error) {
      if (!isUserError(error) || error.code === exit.usage || io.signal.aborted) throw error;
      io.err(`error: ${name}: ${safeLine(error.message)}\n`);
      batches.push(failed(source, name));
    }
  }
  const found = batches.filter(({ profiles, partial }) => profiles.length > 0 || partial);
  return finish(found, { ...options, own: {} }, io);
}
