import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scratch } from '../../support/paths.ts';
import { runBuilt, type Ran } from '../../support/run.ts';

/** A profile as a file has it. */
export const profileOf = (name: string, namespace = 'fleet'): string =>
  `apiVersion: multicluster.x-k8s.io/v1alpha1
kind: ClusterProfile
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    x-k8s.io/cluster-manager: kubeconfig
spec:
  clusterManager:
    name: kubeconfig
  displayName: ${name}
`;

/** A file with defaults. */
export const defaultsOf = (body: string): string => `apiVersion: clusterprofile.dev/v1alpha1\nkind: Defaults\n${body}`;

/** A repository, a home, and the program in them. */
export interface World {
  repository: string;
  home: string;
  write(path: string, text: string): string;
  run(argv: readonly string[], more?: { in?: string; env?: Record<string, string> }): Promise<Ran>;
}

/** A new one, with the files of the repository and of the home by their paths. */
export function makeWorld(files: Readonly<Record<string, string>>): World {
  const folder = scratch();
  const [repository, home] = [join(folder, 'repository'), join(folder, 'home')];
  mkdirSync(join(repository, '.git'), { recursive: true });
  mkdirSync(home);
  const write = (path: string, text: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return {
    repository,
    home,
    write,
    run: (argv, { in: inside = '', env = {} } = {}) =>
      runBuilt(argv, { cwd: join(repository, inside), env: { HOME: home, ...env } }),
  };
}
