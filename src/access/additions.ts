// https://github.com/kubernetes-sigs/cluster-inventory-api/blob/main/pkg/access/config.go
import { keys, type AccessProvider } from '../profile/clusterprofile.ts';
import { refusal } from '../errors.ts';
import { steersProcess } from './steering.ts';

/**
 * What a profile adds to the command line and the environment of its plugin, by two extensions. pkg/access decodes them
 * with yaml.v3 into texts, which takes any scalar.
 */

/** An extension as it stands: files may hold the list that the CRD does not take. */
export const findExtension = ({ cluster }: AccessProvider, wanted: string): unknown =>
  cluster?.extensions?.find(({ name }) => name === wanted)?.extension;

/** A scalar as the text that yaml.v3 makes of it; `undefined` for a list or a map, and for a number that is not exact here. */
export function decodeScalar(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number' || (Number.isInteger(value) && !Number.isSafeInteger(value))) return undefined;
  return String(value);
}

const refuseValue = (key: string | number, extension: string, value: unknown): Error =>
  refusal(
    typeof value === 'number'
      ? `${key} of extension ${extension} is a number that is too large to be read exactly`
      : `${key} of extension ${extension} is a ${Array.isArray(value) ? 'list' : 'map'}, and its readers take a text`,
    typeof value === 'number' ? 'put it in quotes' : 'write it as one text',
  );

/** The arguments. yaml.v3 passes over a null among them. */
export function readExtraArgs(provider: AccessProvider): string[] {
  const found = findExtension(provider, keys.argsExtension) ?? [];
  if (!Array.isArray(found)) throw refusal(`extension ${keys.argsExtension} is not a list of texts`);
  return (found as unknown[]).flatMap((each, index) => {
    const text = decodeScalar(each);
    if (text === undefined) throw refuseValue(`argument ${index + 1}`, keys.argsExtension, each);
    return each === null ? [] : [text];
  });
}

/** The variables, whatever they are called. */
export function readExtraEnvs(provider: AccessProvider): [name: string, value: string][] {
  const found = findExtension(provider, keys.envsExtension) ?? {};
  if (typeof found !== 'object' || Array.isArray(found))
    throw refusal(`extension ${keys.envsExtension} is not a map of texts`);
  return Object.entries(found).map(([name, value]) => {
    const text = decodeScalar(value);
    if (text === undefined) throw refuseValue(JSON.stringify(name), keys.envsExtension, value);
    return [name, text];
  });
}

/** The variables that may come from a profile. Refuses one that steers the process of the plugin. */
export function readHarmlessEnvs(provider: AccessProvider): [name: string, value: string][] {
  const entries = readExtraEnvs(provider);
  const bad = entries.find(([name]) => !/^[A-Za-z_]\w*$/.test(name) || steersProcess(name));
  if (bad)
    throw refusal(
      `extension ${keys.envsExtension} sets ${JSON.stringify(bad[0])}, which may not come from a profile`,
      'set it in the provider file, or take it out of the profile',
    );
  return entries;
}
