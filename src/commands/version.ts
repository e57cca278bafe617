import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Define } from '../cli.ts';
import { usageError } from '../errors.ts';
import { exitCode } from './flags.ts';

/** The version of the package this file is part of; two folders up, in `src/` and in `dist/` alike. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as { version: string })
    .version;

export const define: Define = (command, io) => {
  command
    .description('Print the version of clusterprofile and of the Node.js it runs on.')
    .option('--client', 'accepted for kubectl users: there is no other version')
    .option('-o, --output <format>', 'text or json', 'text')
    .action(({ output }: { output: string }) => {
      const version = {
        clusterprofile: packageVersion(),
        node: process.version,
        api: 'multicluster.x-k8s.io/v1alpha1',
      };
      if (output !== 'text' && output !== 'json')
        throw usageError(`-o takes text or json, not ${JSON.stringify(output)}`);
      io.out(
        output === 'json'
          ? `${JSON.stringify(version, undefined, 2)}\n`
          : `clusterprofile ${version.clusterprofile} (Node.js ${version.node.slice(1)}, ${version.api})\n`,
      );
      exitCode(command, 0);
    });
};
