import type { KubernetesObject } from '../object.ts';

/** Where the values of a kind are credentials: all of a Secret's data, some of a PediaCluster's spec. */
export interface CredentialFields {
  fields: readonly string[];
  keys: RegExp;
}

const secretKinds: Record<string, CredentialFields> = {
  Secret: { fields: ['data', 'stringData'], keys: /^/ },
  PediaCluster: { fields: ['spec'], keys: /^(tokenData|keyData|kubeconfig)$/ },
};

export const findCredentialFields = ({ kind }: KubernetesObject): CredentialFields | undefined =>
  Object.hasOwn(secretKinds, kind) ? secretKinds[kind] : undefined;

export const readFields = (object: KubernetesObject, field: string): Record<string, unknown> =>
  (object as KubernetesObject & Record<string, Record<string, unknown> | undefined>)[field] ?? {};

/** Shorter ones are words that a message may have anyway. */
const shortestCredential = 6;

/** The credentials of an object, as they are, decoded, and as a server would quote them. */
function listCredentials(object: KubernetesObject): string[] {
  const { fields, keys } = findCredentialFields(object) ?? { fields: [], keys: /^/ };
  const values = fields
    .flatMap((field) => Object.entries(readFields(object, field)))
    .flatMap(([key, value]) => (keys.test(key) && typeof value === 'string' ? [value] : []));
  return values
    .flatMap((value) => [value, Buffer.from(value, 'base64').toString('utf8')])
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
    .filter((value) => value.length >= shortestCredential)
    .toSorted((a, b) => b.length - a.length);
}

/** What a server says of an object, without the credentials of it that the server may quote. */
export const withoutCredentials = (message: string, object: KubernetesObject): string =>
  listCredentials(object).reduce((text, credential) => text.replaceAll(credential, '***'), message);
