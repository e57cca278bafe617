import type { Define } from './command.ts';
import manifest from '../../package.json' with { type: 'json' };
import { option, valuesOf } from '../options.ts';
import { addFlags, keepExitCode } from './flags/flags.ts';

/** The version of this program. */
export const readVersion = (): string => manifest.version;

/** A standalone binary runs on Bun, which says it is a Node.js too. */
const describeRuntime = (): string =>
  process.versions['bun'] ? `Bun ${process.versions['bun']}` : `Node.js ${process.versions.node}`;

const flags = {
  client: option.flag('--client', 'accepted for kubectl users: there is no other version'),
  output: option.oneOf('-o, --output <format>', 'text or json', ['text', 'json'], { default: 'text' }),
};

export const define: Define = (command, io) => {
  command.description('Print the version of clusterprofile and of the runtime it runs on.');
  addFlags(command, flags);
  command.action((given: object) => {
    const { output } = valuesOf(flags, given);
    const version = {
      clusterprofile: readVersion(),
      runtime: describeRuntime(),
      api: 'multicluster.x-k8s.io/v1alpha1',
    };
    io.out(
      output === 'json'
        ? `${JSON.stringify(version, undefined, 2)}\n`
        : `clusterprofile ${version.clusterprofile} (${version.runtime}, ${version.api})\n`,
    );
    keepExitCode(command, 0);
  });
};
