import type { ProviderConfig } from '../access-provider.ts';
import { UserError } from '../errors.ts';
import { flag, maps, text, texts, value } from '../kubernetes/fields.ts';
import { isObject, readText } from '../kubernetes/objects.ts';

const versions = new Set(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']);

function oneOf<T extends string>(entry: unknown, key: string, values: readonly T[]): T {
  const given = text(entry, key) ?? 'Ignore';
  const found = values.find((each) => each === given);
  if (found !== undefined) return found;
  throw new UserError(`${key} is ${JSON.stringify(given)}, it takes ${values.join(', ')}`);
}

function providerOf(entry: Record<string, unknown>): ProviderConfig {
  const name = text(entry, 'name');
  if (!name) throw new UserError('name is missing');
  const exec = value(entry, 'execConfig');
  const [apiVersion = '', command] = [text(exec, 'apiVersion'), text(exec, 'command')];
  if (!command) throw new UserError(`${name}: execConfig.command is missing`);
  if (!versions.has(apiVersion))
    throw new UserError(`${name}: execConfig.apiVersion takes ${[...versions].join(' or ')}`);
  return {
    name,
    exec: {
      apiVersion,
      command,
      args: texts(exec, 'args'),
      env: maps(exec, 'env').map((each) => ({ name: text(each, 'name') ?? '', value: text(each, 'value') ?? '' })),
      installHint: text(exec, 'installHint'),
      provideClusterInfo: flag(exec, 'provideClusterInfo'),
    },
    args: oneOf(entry, 'profileSourcedCLIArgsPolicy', ['Append', 'Ignore']),
    envs: oneOf(entry, 'profileSourcedEnvVarsPolicy', ['AppendIfNotExists', 'Replace', 'Ignore']),
  };
}

/** The entries of a provider file (`--clusterprofile-provider-file`). JSON only, as for every reader of it. */
export function readProviderFile(file: string): ProviderConfig[] {
  let content: unknown;
  try {
    content = JSON.parse(readText(file));
  } catch (error) {
    // The parser's message would show what it read.
    if (error instanceof SyntaxError)
      throw new UserError(`${file} is not JSON, which a provider file has to be`, {
        hint: `clusterprofile validate --provider-file ${file} says where`,
      });
    throw error;
  }
  if (!isObject(content) || !Array.isArray(content['providers']))
    throw new UserError(`${file} is not a provider file: it has no list of providers`);
  try {
    const all = maps(content, 'providers').map(providerOf);
    // As in pkg/access, the first of a name counts.
    return all.filter(({ name }, index) => all.findIndex((each) => each.name === name) === index);
  } catch (error) {
    if (error instanceof UserError)
      throw new UserError(`${file}: ${error.message}`, { hint: error.hint, cause: error });
    throw error;
  }
}
