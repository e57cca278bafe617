import type { Define } from '../command.ts';
import { exit, usageError } from '../../errors.ts';
import { readOwn } from '../../object.ts';
import { option, valuesOf } from '../../options.ts';
import { formatGoJson } from '../../output/json.ts';
import { makeList } from '../../util/text.ts';
import { addFlags, keepExitCode, withExamples } from '../flags/flags.ts';

/** What there is a schema of, by the word for it. */
const builders: Readonly<Record<string, (version: string | undefined) => Promise<object>>> = {
  clusterprofile: async (version) => (await import('../../profile/crd/json-schema.ts')).buildProfileSchema(version),
  placementdecision: async () => (await import('../../profile/crd/json-schema.ts')).buildDecisionSchema(),
  'provider-file': async () => (await import('../../access/provider-file/schema.ts')).buildProviderFileSchema(),
};

const flags = {
  version: option.oneOf('--version <version>', 'of a ClusterProfile: v1alpha1 or v1alpha2 (default: both)', [
    'v1alpha1',
    'v1alpha2',
  ]),
};

export const define: Define = (command, io) => {
  const words = Object.keys(builders);
  command
    .description(
      'Print a JSON Schema (draft-07) for editors: of ClusterProfiles and PlacementDecisions from the facts of the CRDs, of access provider files. That of a file with defaults is printed by config schema.',
    )
    .argument('<kind>', words.join(', '));
  withExamples(command, io, [
    [
      'schema clusterprofile > clusterprofile.schema.json',
      'for # yaml-language-server: $schema=clusterprofile.schema.json',
    ],
    ['schema provider-file > providers.schema.json', 'for the key $schema of the file'],
  ]);
  addFlags(command, flags);
  command.action(async (kind: string, given: object) => {
    const build = readOwn(builders, kind.toLowerCase());
    if (!build) throw usageError(`no schema of ${JSON.stringify(kind)}`, `there are ${makeList(words)}`);
    const { version } = valuesOf(flags, given);
    if (version !== undefined && kind.toLowerCase() !== 'clusterprofile')
      throw usageError('--version goes with clusterprofile');
    io.out(`${formatGoJson(await build(version))}\n`);
    keepExitCode(command, exit.done);
  });
};
