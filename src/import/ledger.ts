import type { ReadInput } from '../documents/read-input.ts';
import { explainUnread, isOwn, isTyped, listOtherKinds, nameRead } from '../documents/unread.ts';
import type { Io } from '../io.ts';
import type { Notices } from '../util/notices.ts';
import { groupBy } from '../util/collections.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { formatAmount } from '../util/text.ts';
import { peekAt } from './kit/facts.ts';
import { partOf, unreadInput, type Importer } from './kit/importer.ts';

/** An object of the input that no cluster came of, and why. */
export interface LedgerEntry {
  state: 'of another kind' | 'left out' | 'not read';
  what: string;
  reason?: string;
  /** Of what is left out: what it is, for a count, and the flag that decides so. */
  noun?: string;
  flag?: string;
}

/**
 * Accounts for every object of an input that none of the importers takes: what one of them should have taken makes the
 * read partial, and the others are of other kinds.
 */
export function accountFor(
  { objects, gaps, passedOver }: ReadInput,
  importers: readonly Importer[],
  notices: Notices<{ name: string }>,
): { entries: LedgerEntry[]; others: unknown[] } {
  const others: unknown[] = [];
  const entries: LedgerEntry[] = [];
  const fail = (what: string, reason: string): void => {
    entries.push({ state: 'not read', what, reason });
    notices.fail(reason, { name: what });
  };
  for (const { place, reason } of gaps) fail(place, reason);
  for (const what of passedOver) entries.push({ state: 'of another kind', what });
  for (const read of objects) {
    if (importers.some((importer) => isOwn(importer, read.object))) continue;
    const reason = explainUnread(importers, read.object);
    if (reason !== undefined) fail(nameRead(read), reason);
    else {
      others.push(read.object);
      entries.push({ state: 'of another kind', what: nameRead(read) });
    }
  }
  return { entries, others };
}

/** The parts of a source that an object is of, if it could be read. */
function listPartsOf(object: unknown, importer: Importer): string[] {
  if (!isTyped(object)) return [unreadInput];
  const namespace = peekAt(object, 'metadata', 'namespace');
  return listOtherKinds(importer, object).map((kind) =>
    partOf(typeof namespace === 'string' && !kind.clusterScoped ? { ...kind, namespace } : kind),
  );
}

/** The parts of a source that stand in an input and cannot be read, by the names that `unknownOf` knows. */
export function listUnreadParts({ objects, gaps }: ReadInput, importer: Importer): string[] {
  const parts = objects.flatMap(({ object }) => {
    // Why something is not read takes longest to find out, and most objects are of no such part.
    const those = isOwn(importer, object) ? [] : listPartsOf(object, importer);
    return those.length > 0 && explainUnread([importer], object) !== undefined ? those : [];
  });
  return gaps.length > 0 ? [...parts, unreadInput] : parts;
}

/** Says how many objects were left out on purpose, or with `verbose` what became of every object that gave no cluster. */
export function printLedger(
  entries: readonly LedgerEntry[],
  io: Io,
  { quiet, verbose }: { quiet?: boolean; verbose?: boolean },
): void {
  if (quiet) return;
  const said = entries.filter(({ state }) => state !== 'not read');
  if (verbose)
    for (const { state, what, reason, flag } of said)
      io.err(makeSafeLine(`note: ${state}: ${what}${reason ? ` (${reason}; ${flag})` : ''}`) + '\n');
  else
    for (const [, group] of groupBy(said, ({ noun, reason, flag }) => noun && `${noun} ${reason} ${flag}`)) {
      const [{ noun = '', reason = '', flag = '' } = {}] = group;
      io.err(`note: ${formatAmount(group.length, noun)} ${reason} left out (${flag})\n`);
    }
}
