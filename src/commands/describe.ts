import type { Define } from './command.ts';
import { option, valuesOf, type ValuesOf } from '../options.ts';
import { codeOfPart, exit } from '../errors.ts';
import type { Io } from '../io.ts';
import { addConsumerFlags, addFlags, keepExitCode, keepRules, withExamples } from './flags/flags.ts';
import { assertPerson, pickProfile } from './flags/pick.ts';
import { assertTogether, rulesOf } from './flags/rules.ts';
import { openSource, viewFlags } from './flags/view.ts';
import { targetFlags } from '../stores/options.ts';
import { describeMissing, findNamed } from '../stores/read.ts';
import { assertShape } from '../profile/shape/well-formed.ts';

const { filename, recursive, from, dedupe } = viewFlags;

const flags = {
  filename,
  recursive,
  from,
  dedupe,
  for: option.texts(
    '--for <consumer>',
    'whether a consumer of export would take it, and why not: argocd, kueue … or all; takes its flags too; repeatable',
  ),
  providerFile: option.text('--provider-file <file>', 'with --for: which command logs in where (KEP-4322)', {
    settable: 'personal',
  }),
  ...targetFlags,
};

async function runDescribe(
  names: readonly string[],
  options: ValuesOf<typeof flags>,
  given: object,
  io: Io,
): Promise<number> {
  assertTogether('describe', options);
  const { describeProfile } = await import('../output/describe.ts');
  const { inventory, partial } = await openSource(options, io);
  const clusterSets = new Map<string, string>();
  const { found, missing } =
    names.length === 0
      ? { found: [await pickProfile(inventory, options, io)], missing: [] }
      : await findNamed(inventory, names, options, clusterSets);
  for (const profile of found) assertShape(profile);
  const texts: string[] = [];
  for (const profile of found) {
    const text = await describeProfile(profile, { clusterSets, now: Date.now() });
    const consumers =
      options.for.length === 0
        ? ''
        : await (
            await import('./describe/consumers.ts')
          ).describeConsumers(profile, options.for, { providerFile: options.providerFile, given });
    texts.push(text + consumers);
  }
  io.out(texts.join('\n'));
  if (missing.length === 0) return codeOfPart(exit.done, partial || (inventory.hasUnread?.() ?? false));
  throw await describeMissing(missing, 'describe', { inventory, options }, io);
}

export const define: Define = async (command, io, words, _verbs, defaults) => {
  command
    .description(
      'Show everything about ClusterProfiles: conditions, properties, access providers, who owns which fields, which consumers would take them.',
    )
    .argument('[name...]', 'profiles to show; at a terminal, without one, they are offered');
  withExamples(command, io, [
    ['describe prod-us -n fleet', 'one profile'],
    ['describe prod-us -n fleet --for argocd --for kueue', 'whether Argo CD and Kueue would take it'],
    ['describe prod-us -f fleet/ --for all', 'from files, for every consumer'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('describe'));
  await addConsumerFlags(command, words, ['describe'], defaults);
  command.action(async (names: string[], given: object) => {
    if (names.length === 0) assertPerson(command, io);
    keepExitCode(command, await runDescribe(names, valuesOf(flags, given), given, io));
  });
};
