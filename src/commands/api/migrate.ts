import type { Define } from '../command.ts';
import { dirname } from 'node:path';
import { resolveLink, writeFileAtomic } from '../../documents/files.ts';
import { lockDirectory, type Lock } from '../../documents/lock.ts';
import { describeOrigin, expand, isDirectory, readDocumentObjects, readText } from '../../documents/objects.ts';
import { renameInText } from '../../documents/yaml-rename.ts';
import { findOthers } from '../../documents/read-input.ts';
import { exit, isUserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { group } from '../../profile/clusterprofile.ts';
import { explainUnmovable, isEarlier, listRenames } from '../../profile/versions.ts';
import { option, valuesOf, type ValuesOf } from '../../options.ts';
import { colorFlag } from '../../plan/flags.ts';
import { makeSafeLine } from '../../util/safe-text.ts';
import { addFlags, keepExitCode, keepRules, withExamples } from '../flags/flags.ts';
import { assertTogether, rulesOf } from '../flags/rules.ts';
import { maxInputFlag } from '../../stores/options.ts';

const flags = {
  filename: option.texts('-f, --filename <path>', 'file, or directory with all that is below it; repeatable'),
  diff: option.flag('--diff', 'show what would change and write nothing (exit 1 where something would)'),
  maxInput: maxInputFlag,
  color: colorFlag,
};

/** What becomes of one file. */
interface Migrated {
  file: string;
  before: string;
  after: string;
  problems: string[];
}

/** The objects of a text that are still of v1alpha1, and why. */
function listRemaining(text: string, file: string): string[] {
  return [...readDocumentObjects(text, file)]
    .filter(({ object }) => isEarlier(object))
    .map(({ object, origin }) => {
      const reason = explainUnmovable(object) ?? 'its apiVersion is not written out where it stands';
      return `${describeOrigin(origin)}: ${reason}`;
    });
}

async function migrateFile(file: string): Promise<Migrated | undefined> {
  const before = readText(file);
  // Other files of a repository may be templates, or of any other format.
  if (!before.includes(`${group}/v1alpha1`)) return undefined;
  try {
    const after = await renameInText(before, listRenames);
    return { file, before, after, problems: listRemaining(after, file) };
  } catch (error) {
    if (!isUserError(error)) throw error;
    const problem = error.message.startsWith(file) ? error.message : `${file}: ${error.message}`;
    return { file, before, after: before, problems: [problem] };
  }
}

/** Writes files as they come out now: another run may have written them since they were read. */
async function rewriteFiles(changed: readonly Migrated[], given: readonly string[], io: Io): Promise<void> {
  const locks: Lock[] = [];
  try {
    for (const folder of new Set(given.map((path) => resolveLink(isDirectory(path) ? path : dirname(path)))))
      locks.push(await lockDirectory(folder, {}, io));
    for (const { file } of changed) {
      const now = await migrateFile(file);
      if (now && now.after !== now.before) writeFileAtomic(file, now.after);
    }
  } finally {
    for (const lock of locks) lock.release();
  }
}

/** The files of directories that may hold objects to migrate and are not read, with the reason. */
const listPassedOver = (paths: readonly string[]): string[] =>
  findOthers(paths, { recursive: true, looksWanted: (head) => head.includes(group) }).gaps.map(
    ({ place, reason }) => `${place}: ${reason}`,
  );

async function runMigrate(options: ValuesOf<typeof flags>, io: Io): Promise<number> {
  assertTogether('migrate', options);
  const files = options.filename.flatMap((path) => expand(path, true));
  const done: Migrated[] = [];
  for (const file of files) done.push(...[(await migrateFile(file)) ?? []].flat());
  const changed = done.filter(({ before, after }) => before !== after);
  const { renderTextDiff } = await import('../../output/changes.ts');
  const paint = await (await import('../../output/paint.ts')).paintFor(io, options);
  if (!options.diff && changed.length > 0) await rewriteFiles(changed, options.filename, io);
  for (const { file, before, after } of changed) {
    if (options.diff) io.out(renderTextDiff([file, file], [before, after], paint), true);
    else io.out(`${makeSafeLine(file)} migrated\n`);
  }
  const problems = [...done.flatMap((each) => each.problems), ...listPassedOver(options.filename)];
  for (const problem of problems) io.err(`error: not migrated: ${makeSafeLine(problem)}\n`);
  if (changed.length === 0 && problems.length === 0) io.err(`note: nothing of ${group}/v1alpha1 is there\n`);
  if (problems.length > 0) return exit.partial;
  return options.diff && changed.length > 0 ? exit.negative : exit.done;
}

export const define: Define = (command, io) => {
  command.description(
    'Rewrite ClusterProfiles and PlacementDecisions in files from v1alpha1 to v1alpha2: apiVersion, and credentialProviders as accessProviders. Nothing else of a file changes.',
  );
  withExamples(command, io, [
    ['migrate -f fleet/ --diff', 'look at it first'],
    ['migrate -f fleet/', 'write it'],
    ['validate -f fleet/ --target v1alpha2', 'what v1alpha2 refuses besides'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('migrate'));
  command.action(async (given: object) => keepExitCode(command, await runMigrate(valuesOf(flags, given), io)));
};
