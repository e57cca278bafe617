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
  'bearer',
  'jwt',
  'psk',
  'oauth',
  'sessionid',
]);
const lastPairs = new Set(['private key', 'access key', 'api key', 'secret key', 'signing key', 'session id']);

/** Short words that are one only in capitals, as in `GITHUB_PAT`. */
const capitals = /(?:^|[^A-Za-z])(?:PAT|SAS)$/;

/** The field of a kubeconfig user that holds a key itself. */
const clientKeyData = 'client key data';

/** All of them end like this, which is quicker to see. */
const credentialEnding =
  /(?:token|password|passwd|passphrase|secret|key|key[-_]?data|bearer|jwt|psk|oauth|session[^a-z0-9]?id|pat|sas)(?:$|\.[a-z0-9-]+\.[a-z0-9.-]*[a-z0-9]$)/i;

/** The part of a name that is not the domain of who has given it: `password` of `example.com/password` and `password.example.com`. */
function readOwnName(key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return /^[^.]+(?=\.[a-z0-9-]+\.[a-z0-9.-]*[a-z0-9]$)/i.exec(name)?.[0] ?? name;
}

const splitWords = (name: string): string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/** True for a key such as `token`, `clientSecret` or `AWS_SECRET_ACCESS_KEY`, and not for `tokenFile` or `secretName`. */
export function isCredentialName(key: string): boolean {
  if (!credentialEnding.test(key)) return false;
  const name = readOwnName(key);
  const words = splitWords(name);
  return (
    lastWords.has(words.at(-1) ?? '') ||
    lastPairs.has(words.slice(-2).join(' ')) ||
    capitals.test(name) ||
    words.slice(-3).join(' ') === clientKeyData
  );
}

/** Words with which the name of a query parameter that carries a credential ends. */
const parameterWords = new Set(
  (
    'assertion auth authorization bearer cookie cred credential credentials creds dsn hmac jwt oauth oauth2 otp pass pwd psk ' +
    'saml session sid sig signature ticket tkn tok totp'
  ).split(' '),
);

/** Names that are one as a whole: with a word before them they mean something else. */
const parameterNames = new Set(['code', 'key', 'refresh']);

/** Ends of names that are written without a mark between their words: `authtoken`, `AWSAccessKeyId`. */
const joinedEnding =
  /(?:token|passwor[dt]|passwd|passphrase|secret|authorization|credentials?|signature|connectionstring|sessionid|(?:access|api|auth|private|secret|signing|subscription)key|accesskeyid)$/;

/** Query parameters that carry a credential, in any case of letters. */
export function isTokenParameter(name: string): boolean {
  if (isCredentialName(name)) return true;
  const words = splitWords(name);
  return (
    parameterNames.has(name.toLowerCase()) ||
    parameterWords.has(words.at(-1) ?? '') ||
    joinedEnding.test(words.join(''))
  );
}

/** A key of a Secret, and not what is under it: `token`, `ca.crt`, `tls-key`. */
const secretKeyName = /^[a-z]+(?:[-._][a-z0-9]+)*$/;
const longestKeyName = 40;

/** True for a name such as `tokenSecretKey` or `kubeconfig-secret` whose value says in which Secret, or where in one, it is. */
const isPointer = (name: string, value: string): boolean =>
  /(?:[A-Za-z0-9][-_.]?secret[-_.]?key|kube[-_]?config[-_.]?secret)$/i.test(name) &&
  value.length <= longestKeyName &&
  secretKeyName.test(value);

const isSwitch = (value: string): boolean => /^(?:true|false|yes|no|on|off|enabled|disabled|none)$/i.test(value);

/** A file with logins under its own name, in its own words or in base64, and not where it is. */
const isFileOfLogins = (name: string, value: string): boolean =>
  /(?:kube|docker)[-_]?config(?:[-_.]?json)?$/i.test(name) &&
  (/^\s*\{|\n|^apiVersion:/.test(value) || /^[A-Za-z0-9+/]{40,}={0,2}$/.test(value));

/** True for a field whose name says that its value is a credential. Switches, and pointers to Secrets, are none. */
export const isCredentialField = (name: string, value: string): boolean =>
  value !== '' &&
  ((isCredentialName(name) && !isSwitch(value) && !isPointer(name, value)) || isFileOfLogins(name, value));
