import type { Define } from './command.ts';
import manifest from '../../package.json' with { type: 'json' };
import { usageError } from '../errors.ts';
import { exitCode } from './flags/flags.ts';

/** The version of this program. */
export const packageVersion = (): string => manifest.version;

/** A standalone binary runs on Bun, which says it is a Node.js too. */
const runtime = (): string =>
  process.versions['bun'] ? `Bun ${process.versions['bun']}` : `Node.js ${process.versions.node}`;

export const define: Define = (command, io) => {
  command
    .description('Print the version of clusterprofile and of the runtime it runs on.')
    .option('--client', 'accepted for kubectl users: there is no other version')
    .option('-o, --output <format>', 'text or json', 'text')
    .action(({ output }: { output: string }) => {
      const version = {
        clusterprofile: packageVersion(),
        runtime: runtime(),
        api: 'multicluster.x-k8s.io/v1alpha1',
      };
      if (output !== 'text' && output !== 'json')
        throw usageError(`-o takes text or json, not ${JSON.stringify(output)}`);
      io.out(
        output === 'json'
          ? `${JSON.stringify(version, undefined, 2)}\n`
          : `clusterprofile ${version.clusterprofile} (${version.runtime}, ${version.api})\n`,
      );
      exitCode(command, 0);
    });
};
