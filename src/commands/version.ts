import type { Define } from './command.ts';
import manifest from '../../package.json' with { type: 'json' };
import { option, valuesOf } from '../options.ts';
import { addFlags, keepExitCode, withExamples } from './flags/flags.ts';

/** The commit that a build was made of; the build puts it in, and nothing is there where git was not. */
declare const BUILD_COMMIT: string | undefined;

/** The version of this program. */
export const readVersion = (): string => manifest.version;

const readCommit = (): string | undefined => (typeof BUILD_COMMIT === 'undefined' ? undefined : BUILD_COMMIT);

/** A standalone binary runs on Bun, which says it is a Node.js too. */
const describeRuntime = (): string =>
  process.versions['bun'] ? `Bun ${process.versions['bun']}` : `Node.js ${process.versions.node}`;

const flags = {
  client: option.flag('--client', 'accepted for kubectl users: there is no other version'),
  check: option.text(
    '--check <file|url>',
    'whether a newer version is named there (exit 1); nothing is ever asked without this flag',
  ),
  output: option.oneOf('-o, --output <format>', 'text or json', ['text', 'json'], { default: 'text' }),
};

export const define: Define = (command, io) => {
  command.description(
    'Print the version of clusterprofile, the commit that it is built of, and the runtime it runs on.',
  );
  withExamples(command, io, [
    ['version', 'this version'],
    ['version --check https://api.github.com/repos/OWNER/clusterprofile/releases/latest', 'is there a newer one?'],
  ]);
  addFlags(command, flags);
  command.action(async (given: object) => {
    const { output, check } = valuesOf(flags, given);
    if (check !== undefined) {
      const { checkVersion } = await import('./version/check.ts');
      keepExitCode(command, await checkVersion(readVersion(), check, io));
      return;
    }
    const commit = readCommit();
    const version = {
      clusterprofile: readVersion(),
      ...(commit !== undefined && { commit }),
      runtime: describeRuntime(),
      api: 'multicluster.x-k8s.io/v1alpha1',
    };
    const facts = [commit === undefined ? '' : `commit ${commit.slice(0, 12)}`, version.runtime, version.api];
    io.out(
      output === 'json'
        ? `${JSON.stringify(version, undefined, 2)}\n`
        : `clusterprofile ${version.clusterprofile} (${facts.filter(Boolean).join(', ')})\n`,
    );
    keepExitCode(command, 0);
  });
};
