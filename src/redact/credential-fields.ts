import type { KubernetesObject } from '../object.ts';
import { isCredentialName } from './credential-names.ts';

/** Where the values of an object are credentials. */
export interface CredentialFields {
  fields: readonly string[];
  isCredential(key: string, value: unknown): boolean;
}

/** What objects of consumers call a credential that is written into them: `spec.tokenData`, `spec.kubeconfig`. */
const isNamedCredential = (key: string, value: unknown): boolean =>
  typeof value === 'string' && (isCredentialName(key) || /^(?:token|key)Data$|^kubeconfig$/.test(key));

export const readFields = (object: KubernetesObject, field: string): Record<string, unknown> =>
  (object as KubernetesObject & Record<string, Record<string, unknown> | undefined>)[field] ?? {};

/** All of a Secret's data, and of other kinds what of the spec is named like a credential; `undefined` without any. */
export function findCredentialFields(object: KubernetesObject): CredentialFields | undefined {
  if (object.kind === 'Secret') return { fields: ['data', 'stringData'], isCredential: () => true };
  const spec = readFields(object, 'spec');
  const found = Object.entries(spec).some(([key, value]) => isNamedCredential(key, value));
  return found ? { fields: ['spec'], isCredential: isNamedCredential } : undefined;
}

/** Shorter ones are words that a message may have anyway. */
const shortestCredential = 6;

/** The credentials of an object, as they are, decoded, and as a server would quote them. */
function listCredentials(object: KubernetesObject): string[] {
  const found = findCredentialFields(object);
  const values = (found?.fields ?? [])
    .flatMap((field) => Object.entries(readFields(object, field)))
    .flatMap(([key, value]) => (found?.isCredential(key, value) && typeof value === 'string' ? [value] : []));
  return values
    .flatMap((value) => [value, Buffer.from(value, 'base64').toString('utf8')])
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
    .filter((value) => value.length >= shortestCredential)
    .toSorted((a, b) => b.length - a.length);
}

/** What a server says of an object, without the credentials of it that the server may quote. */
export const withoutCredentials = (message: string, object: KubernetesObject): string =>
  listCredentials(object).reduce((text, credential) => text.replaceAll(credential, '***'), message);
