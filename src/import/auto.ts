import type { Importer } from './kit/importer.ts';
import { valuesOf } from '../options.ts';
import type { Io } from '../io.ts';
import { codeOfPart, exit, isUserError } from '../errors.ts';
import { readEverything } from '../documents/read-input.ts';
import { addHint, makeSafeLine } from '../util/safe-text.ts';
import type { ImportOptions } from './flags.ts';
import type { Batch } from './read.ts';
import { isOwn } from '../documents/unread.ts';
import { accountFor, printLedger } from './ledger.ts';
import { collectNotices, sayOnce } from '../util/notices.ts';
import { finish, readAcceptance, readBatch } from './run.ts';

const createFailedBatch = (source: Importer, name: string): Batch => ({
  name,
  source,
  manager: source.manager,
  profiles: [],
  unknown: new Map(),
  partial: true,
  warned: true,
  ledger: [],
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
  const read = options.filename?.length
    ? await readEverything(options.filename, io, {
        ...options,
        isWanted: (head) => [...systems.values()].some(({ source }) => source.isWanted?.(head) ?? false),
      })
    : undefined;
  const sources = [...systems.values()].map(({ source }) => source);
  const notices = collectNotices(io, options, (subject: { name: string }) => subject.name);
  const ledger = read ? accountFor(read, sources, notices).entries : [];
  notices.flush();
  printLedger(ledger, io, options);
  const acceptance = await readAcceptance(options, io);
  const batches: Batch[] = [];
  for (const [name, { source }] of systems) {
    // Live, only what lives on a cluster; a cloud has to be named.
    if (source.notInAuto || (!read && !source.kinds)) continue;
    if (read && !read.objects.some(({ object }) => isOwn(source, object))) continue;
    try {
      const own = { ...options, own: valuesOf(source.options ?? {}, {}) };
      batches.push(
        await readBatch(name, source, { options: own, io, quietAbsence: true, acceptance, ...(read && { read }) }),
      );
    } catch (error) {
      if (!isUserError(error) || error.code === exit.usage || io.signal.aborted) throw error;
      io.err(`${addHint(`error: ${name}: ${makeSafeLine(error.message)}`, error.hint)}\n`);
      batches.push(createFailedBatch(source, name));
    }
  }
  // Nobody knows whose clusters are in what was not read.
  if (notices.found.error) for (const batch of batches) batch.partial = true;
  const found = batches.filter(({ profiles, partial }) => profiles.length > 0 || partial);
  const code = await finish(found, { ...options, own: {} }, io).finally(() => acceptance?.say(sayOnce(io, options)));
  return codeOfPart(code, notices.found.error);
}
