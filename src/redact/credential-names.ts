/** Names by which a text is a credential: of fields, flags, variables, query parameters. */

const lastWords = new Set([
  'token',
  'password',
  'passwd',
  'passphrase',
  'secret',
  'clientsecret',
  'privatekey',
  'accesskey',
  'apikey',
]);
const lastPairs = new Set(['private key', 'access key', 'api key', 'secret key', 'signing key']);

/** The field of a kubeconfig user that holds a key itself. */
const clientKeyData = 'client key data';

/** All of them end like this, which is quicker to see. */
const credentialEnding =
  /(?:token|password|passwd|passphrase|secret|key|key[-_]?data)(?:$|\.[a-z0-9-]+\.[a-z0-9.-]*[a-z0-9]$)/i;

/** The part of a name that is not the domain of who has given it: `password` of `example.com/password` and `password.example.com`. */
function readOwnName(key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return /^[^.]+(?=\.[a-z0-9-]+\.[a-z0-9.-]*[a-z0-9]$)/i.exec(name)?.[0] ?? name;
}

/** True for a key such as `token`, `clientSecret` or `AWS_SECRET_ACCESS_KEY`, and not for `tokenFile` or `secretName`. */
export function isCredentialName(key: string): boolean {
  if (!credentialEnding.test(key)) return false;
  const words = readOwnName(key)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  return (
    lastWords.has(words.at(-1) ?? '') ||
    lastPairs.has(words.slice(-2).join(' ')) ||
    words.slice(-3).join(' ') === clientKeyData
  );
}

/** Query parameters that carry a credential, in any case of letters. */
export const isTokenParameter = (name: string): boolean =>
  isCredentialName(name) ||
  isCredentialName(name.toLowerCase()) ||
  /^(?:x-amz-)?(?:sig|signature|key|auth|code|credential|security-token)$/i.test(name);

/** A key of a Secret, and not what is under it: `token`, `ca.crt`, `tls-key`. */
const secretKeyName = /^[a-z]+(?:[-._][a-z0-9]+)*$/;
const longestKeyName = 40;

/** True for a name such as `tokenSecretKey` whose value says where in a Secret the credential is. */
const isPointer = (name: string, value: string): boolean =>
  /[A-Za-z0-9][-_.]?secret[-_.]?key$/i.test(name) && value.length <= longestKeyName && secretKeyName.test(value);

const isSwitch = (value: string): boolean => /^(?:true|false|yes|no|on|off|enabled|disabled|none)$/i.test(value);

/** True for a field whose name says that its value is a credential. Switches, and pointers to Secrets, are none. */
export const isCredentialField = (name: string, value: string): boolean =>
  value !== '' && isCredentialName(name) && !isSwitch(value) && !isPointer(name, value);
