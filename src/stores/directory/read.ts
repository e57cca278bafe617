import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describeOrigin, listFiles, readText, unwrap, type Origin, type ReadObject } from '../../documents/objects.ts';
import { explainNothing, findOthers } from '../../documents/read-input.ts';
import { parseDocuments } from '../../documents/yaml-in.ts';
import { UserError } from '../../errors.ts';
import { nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { isReadable, listUnread, looksLikeProfile } from '../../profile/reading/reader.ts';

export interface Stored {
  profile: ClusterProfile;
  origin: Origin;
}

/** All that is in a directory: profiles by their names, with where they are kept, and objects of other kinds. */
export interface StoredObjects {
  profiles: Map<string, Stored>;
  others: unknown[];
  /** Why something that may have been a profile is none: `fleet/oslo.yaml: it is empty`. */
  unread: string[];
  /** The files that it was in. */
  unreadFiles: string[];
}

/** The profiles of documents, and what else is in them. */
function* listStored(documents: readonly unknown[], file: string): Iterable<Stored | { other: ReadObject }> {
  for (const [index, document] of documents.entries())
    for (const { object, origin } of unwrap(document, { file, document: index + 1 }))
      yield isReadable(object) ? { profile: object, origin } : { other: { object, origin } };
}

/** Reads every file of a directory once. Of what is expected and kept just so, there is one object for both. */
export function readDirectory(directory: string, expected?: ReadonlyMap<string, ClusterProfile>): StoredObjects {
  const found: StoredObjects = { profiles: new Map(), others: [], unread: [], unreadFiles: [] };
  if (!existsSync(directory)) return found;
  const others = findOthers([directory], { recursive: true, looksWanted: looksLikeProfile });
  for (const { place, reason } of others.gaps) found.unread.push(`${place}: ${reason}`);
  for (const file of listFiles(directory, true)) {
    const text = readText(file);
    const documents = parseDocuments(text, file);
    const reason = explainNothing(text, documents, false);
    const { length: faults } = found.unread;
    if (reason !== undefined) found.unread.push(`${file}: ${reason}`);
    for (const each of listStored(documents, file)) {
      if ('other' in each) {
        found.others.push(each.other.object);
        found.unread.push(...listUnread([each.other]));
        continue;
      }
      const name = nameOf(each.profile);
      const there = found.profiles.get(name);
      if (there)
        throw new UserError(
          `${name} is kept twice: in ${describeOrigin(there.origin)} and in ${describeOrigin(each.origin)}`,
        );
      const same = expected?.get(name);
      found.profiles.set(name, same && isDeepStrictEqual(same, each.profile) ? { ...each, profile: same } : each);
    }
    if (found.unread.length > faults) found.unreadFiles.push(file);
  }
  return found;
}

/** The profiles of documents, by their names. */
export function indexProfiles(documents: readonly unknown[], file: string): Map<string, Stored> {
  const found = [...listStored(documents, file)].filter((each) => 'profile' in each);
  return new Map(found.map((each) => [nameOf(each.profile), each]));
}
