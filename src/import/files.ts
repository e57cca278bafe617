import { countKinds } from '../documents/unread.ts';
import { readEverything, type ReadInput } from '../documents/read-input.ts';
import { describeObject, describeOrigin, type Origin, type ReadOptions } from '../documents/objects.ts';
import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { isObject, type KubernetesObject } from '../object.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { makeList } from '../util/text.ts';
import type { Importer } from './kit/importer.ts';

/** The systems that read some of these objects. */
export type FindReaders = (objects: readonly unknown[]) => Promise<string[]>;

/** Flags that name files. */
interface FileFlags extends ReadOptions {
  filename?: readonly string[];
}

const isTyped = (object: unknown): object is KubernetesObject => isObject(object) && typeof object['kind'] === 'string';

/** Whether an object is of a file that was named itself, and not by its directory. */
const isNamedFile = ({ file }: Origin, { filename = [] }: FileFlags): boolean =>
  file === 'standard input' || filename.includes(file);

/** Everything in the files that `-f` names. Throws for a file that is named and is none of the source's. */
export async function readFilesFor(source: Importer, options: FileFlags, io: Io): Promise<ReadInput> {
  const { isWanted } = source;
  const input = await readEverything(options.filename ?? [], io, isWanted ? { ...options, isWanted } : options);
  const stranger = input.objects.find(
    ({ object, origin }) => isNamedFile(origin, options) && isObject(object) && !source.accepts(object),
  );
  if (!source.files || !stranger) return input;
  throw new UserError(`${describeOrigin(stranger.origin)}: ${describeObject(stranger.object)} is not a kubeconfig`);
}

/** Says of an input that has nothing for a command what it has, and which commands read that. */
export async function explainNothingRead(
  objects: readonly unknown[],
  findReaders: FindReaders | undefined,
  io: Io,
): Promise<void> {
  const others = objects.filter(isTyped);
  if (others.length === 0) return;
  const readers = ((await findReaders?.(others)) ?? []).map((name) => `import ${name}`);
  const hint = readers.length === 0 ? '' : `; ${makeList(readers)} ${readers.length === 1 ? 'reads' : 'read'} such`;
  io.err(`note: nothing of the input is read: ${makeSafeLine(countKinds(others))}${hint}\n`);
}
