import type { ApplyOptions, Change, Result } from '../kubernetes/change.ts';
import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isClusterProfile, isMarked, nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { UserError } from '../errors.ts';
import type { Inventory } from './store.ts';
import { filterByKind, selectProfilesBy, type Query } from '../profile/selectors.ts';
import { editDocuments } from '../documents/edit-documents.ts';
import { describeOrigin, listFiles, readDocumentObjects, readText, type Origin } from '../documents/objects.ts';
import { isObject } from '../object.ts';
import { resolveInside, writeFileAtomic } from '../documents/files.ts';
import { clientResult } from '../kubernetes/apply.ts';
import { diffEdits } from '../documents/yaml-edit.ts';
import { toYaml } from '../documents/yaml-out.ts';

interface Stored {
  profile: ClusterProfile;
  origin: Origin;
}

const resolveOwnFile = (directory: string, { metadata: { name, namespace } }: ClusterProfile): string =>
  namespace ? resolveInside(directory, namespace, `${name}.yaml`) : resolveInside(directory, `${name}.yaml`);

/** Everything in the directory, other kinds included; profiles keep where they are kept. */
function* readDirectory(directory: string): Iterable<{ object: unknown; origin: Origin }> {
  for (const file of existsSync(directory) ? listFiles(directory, true) : [])
    yield* readDocumentObjects(readText(file), file);
}

function readStored(directory: string): Map<string, Stored> {
  const found = new Map<string, Stored>();
  for (const { object, origin } of readDirectory(directory)) {
    if (!isClusterProfile(object) || !isObject(object.metadata)) continue;
    const there = found.get(nameOf(object));
    if (there)
      throw new UserError(
        `${nameOf(object)} is kept twice: in ${describeOrigin(there.origin)} and in ${describeOrigin(origin)}`,
      );
    found.set(nameOf(object), { profile: object, origin });
  }
  return found;
}

/** The file's text with one object edited, or taken out; everything else stays as it was written. `undefined`: nothing is left. */
async function editFile({ origin, profile }: Stored, after: ClusterProfile | undefined): Promise<string | undefined> {
  const text = readText(origin.file);
  const path = (origin.items ?? []).flatMap((item) => ['items', item - 1]);
  const isOnly = origin.document === 1 && [...readDocumentObjects(text, origin.file)].length === 1;
  if (!after && path.length === 0 && isOnly) return undefined;
  const edits = after ? diffEdits(profile, after, path) : path.length > 0 ? [{ path }] : 'remove';
  return editDocuments(text, origin.file, new Map([[origin.document, edits]]));
}

/** ClusterProfiles in a directory of YAML files: one file a profile, made for GitOps repositories and CI. */
export function openDirectoryInventory(path: string): Inventory {
  let known: Map<string, Stored> | undefined;
  const all = (): Map<string, Stored> => (known ??= readStored(path));

  async function write(change: Change): Promise<Result> {
    if (change.action === 'create') {
      const file = resolveOwnFile(path, change.after);
      if (existsSync(file)) throw new UserError(`${file} is there already and holds something else`);
      writeFileAtomic(file, toYaml(change.after));
      return 'created';
    }
    const there = all().get(nameOf('after' in change ? change.after : change.before));
    if (!there) throw new UserError(`${nameOf('after' in change ? change.after : change.before)} is gone from ${path}`);
    const after = change.action === 'update' ? change.after : undefined;
    const text = await editFile(there, after);
    if (text === undefined) rmSync(there.origin.file);
    else writeFileAtomic(there.origin.file, text);
    known = undefined;
    return after ? 'configured' : 'deleted';
  }

  return {
    title: `inventory ${relative('.', path) || '.'}`,
    namespace: '',
    async *list(query: Query) {
      yield selectProfilesBy(
        [...all().values()].map(({ profile }) => profile),
        query,
      );
    },
    async *objects(kind, namespace) {
      const objects = [...readDirectory(path)].map(({ object }) => object);
      yield filterByKind(objects, kind, namespace);
    },
    // A profile nobody's server has touched needs no projection: all of it counts. A file says nothing of who wrote it.
    compare: (live) => ({ before: live, owned: true, conflicts: [] }),
    retire: (live) => (isMarked(live) ? 'delete' : 'keep'),
    isWhole: () => true,
    apply: async (change: Change, { dryRun }: ApplyOptions) => {
      if (change.action === 'unchanged' || change.action === 'refused') return 'unchanged';
      if (dryRun) return clientResult[change.action];
      // A signal is heard between two files.
      await setImmediate();
      return write(change);
    },
  };
}
