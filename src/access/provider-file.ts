import {
  argsPolicies,
  envsPolicies,
  execVersions,
  interactiveModes,
  type ExecPlugin,
  type ProviderConfig,
} from './provider.ts';
import { UserError, isUserError } from '../errors.ts';
import { readText } from '../documents/objects.ts';
import {
  isVariableName,
  decodeProviderFile,
  type FileEntry,
  type LoadFault,
  type Written,
} from './provider-file/decode.ts';
import { quoteForShell } from '../util/shell.ts';

/** Absent and empty are the same to pkg/access. */
function requireOneOf<T extends string>({ at, value }: Written<string>, values: readonly T[]): T {
  const found = values.find((each) => each === (value || 'Ignore'));
  if (found !== undefined) return found;
  throw new UserError(`${String(at.at(-1))} is ${JSON.stringify(value)}, it takes ${values.join(', ')}`);
}

function toPlugin(name: string, { apiVersion, command, ...exec }: FileEntry['exec']): ExecPlugin {
  if (!command.value) throw new UserError(`${name}: execConfig.command is missing`);
  if (!execVersions.has(apiVersion.value))
    throw new UserError(`${name}: execConfig.apiVersion takes ${[...execVersions].join(' or ')}`);
  if (!exec.env.every((each) => isVariableName(each.name)))
    throw new UserError(`${name}: execConfig.env has a variable without a name, or with = in it`);
  return {
    apiVersion: apiVersion.value,
    command: command.value,
    args: exec.args.map(({ value }) => value),
    env: exec.env.map((each) => ({ name: each.name, value: each.value.value })),
    installHint: exec.installHint.value || undefined,
    provideClusterInfo: exec.provideClusterInfo.value,
    interactiveMode: interactiveModes.find((each) => each === exec.interactiveMode.value),
  };
}

function toProviderConfig({ name, exec, argsPolicy, envsPolicy }: FileEntry): ProviderConfig {
  if (!name) throw new UserError('name is missing');
  return {
    name,
    exec: toPlugin(name, exec),
    args: requireOneOf(argsPolicy, argsPolicies),
    envs: requireOneOf(envsPolicy, envsPolicies),
  };
}

/** `providers[0].execConfig.args should be a list: …` */
const describeFault = ({ at, message }: LoadFault): string => {
  const path = at.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return path === '' ? message : `${path.slice(1)} ${message}`;
};

/** The entries of a provider file (`--clusterprofile-provider-file`). JSON only, as for every reader of it. */
export function readProviderFile(file: string): ProviderConfig[] {
  let content: unknown;
  try {
    content = JSON.parse(readText(file));
  } catch (error) {
    // The parser's message would show what it read.
    if (error instanceof SyntaxError)
      throw new UserError(`${file} is not JSON, which a provider file has to be`, {
        hint: `clusterprofile validate --provider-file ${quoteForShell(file)} says where`,
      });
    throw error;
  }
  const { entries, faults } = decodeProviderFile(content);
  if (faults[0])
    throw new UserError(`${file} is not a provider file: ${describeFault(faults[0])}`, {
      hint: `clusterprofile validate --provider-file ${quoteForShell(file)} says where`,
    });
  try {
    const all = entries.map(toProviderConfig);
    // As in pkg/access, the first of a name counts.
    return all.filter(({ name }, index) => all.findIndex((each) => each.name === name) === index);
  } catch (error) {
    if (isUserError(error)) throw new UserError(`${file}: ${error.message}`, { hint: error.hint, cause: error });
    throw error;
  }
}
