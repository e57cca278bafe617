import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** What a file with defaults is called in a directory. */
const defaultsName = 'clusterprofile.yaml';

/** What the name of every variable begins with. */
export const variablePrefix = 'CLUSTERPROFILE_';

/** Where defaults may be. */
export interface DefaultsPlaces {
  /** Files of the working directory and those above it, the nearest first; the first one that has defaults counts. */
  near: readonly string[];
  /** The person's own file, where it is there. */
  own: string | undefined;
  /** Whether any variable has the name of one. */
  hasVariables: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What is a pipe or a device would not end, and what may not be looked at, as another person's home after `sudo -u`, has none. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The files between a directory and the root of the repository that it is in. Outside of a repository the directory alone:
 * what is above it may be anybody's.
 */
function findNear(directory: string): string[] {
  const found: string[] = [];
  for (let at = directory; ; at = dirname(at)) {
    const path = join(at, defaultsName);
    if (isFile(path)) found.push(path);
    if (existsSync(join(at, '.git'))) return found;
    if (dirname(at) === at) return found.filter((each) => dirname(each) === directory);
  }
}

function tryGetDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined; // It was deleted.
  }
}

/** The path of a person's own file, whether it is there or not. */
export function locateOwnFile(env: Environment): string | undefined {
  const home = env['HOME'] ?? env['USERPROFILE'];
  const given = env['XDG_CONFIG_HOME'] ?? '';
  const folder = isAbsolute(given) ? given : home && join(home, '.config');
  return folder && join(folder, 'clusterprofile', 'config.yaml');
}

/** Where defaults may be, by a look at directories; `undefined` where there are none, or nobody wants them. */
export function findDefaults(env: Environment): DefaultsPlaces | undefined {
  if (env[`${variablePrefix}NO_DEFAULTS`]) return undefined;
  const directory = tryGetDirectory();
  const near = directory === undefined ? [] : findNear(directory);
  const path = locateOwnFile(env);
  const own = path !== undefined && isFile(path) ? path : undefined;
  const hasVariables = Object.keys(env).some((name) => name.startsWith(variablePrefix));
  return near.length > 0 || own !== undefined || hasVariables ? { near, own, hasVariables } : undefined;
}
