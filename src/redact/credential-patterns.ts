/** What a URL with user information holds. */
export const passwordInUrl = 'a password in a URL';

/**
 * What credentials look like. Used to find them, and to keep them out of every message. Repetitions are bounded, so that
 * no text takes long.
 */
const credentialPatterns: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a PEM private key', /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/],
  // From its first dot backwards: a text of nothing but beginnings would take long forwards.
  ['a JSON Web Token', /\.(?<=\beyJ[A-Za-z0-9_-]{6,4000}\.)eyJ[A-Za-z0-9_-]{6}/],
  ['a bearer token', /\bbearer\s+[A-Za-z0-9._~+/-]{8,}/i],
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}/],
  ['a Google access token', /\bya29\.[0-9A-Za-z_-]{20,}/],
  [passwordInUrl, /:\/\/[^\s/?#@:]{0,256}:[^\s/?#@]{1,256}@/],
  ['a service account key', /"private_key(?:_id)?"\s*:/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/],
  ['a GitLab token', /\bgl(?:pat|ptt|dt|rt|cbt|agent)-[A-Za-z0-9_-]{16,}/],
  ['a Slack token', /\bxox[abeprs]-[A-Za-z0-9-]{10,}/],
  [
    'the user of a kubeconfig',
    /^[ \t"{-]{0,80}(?:client-key-data|token|password)"?[ \t]{0,9}:[ \t]{0,9}["']?[^\s"'{[][^\s"']{7}/m,
  ],
];

const any = new RegExp(
  credentialPatterns
    .map(([, { source }]) => `(?:${source.replaceAll('bearer', '[Bb][Ee][Aa][Rr][Ee][Rr]')})`)
    .join('|'),
  'm',
);

/** Base64 of at least 24 bytes; shorter texts hold none of the above. */
const base64 = /^[A-Za-z0-9+/_\s-]{32,}={0,2}$/;

/** The shortest text that any of the patterns finds something in. */
const shortest = 14;

const detectPlain = (text: string): string | undefined =>
  text.length >= shortest && any.test(text)
    ? credentialPatterns.find(([, pattern]) => pattern.test(text))?.[0]
    : undefined;

/** What kind of credential a text holds, as it is or in base64. */
export const detectCredential = (text: string): string | undefined =>
  detectPlain(text) ??
  (text.length >= 32 && base64.test(text.trimEnd())
    ? detectPlain(Buffer.from(text, 'base64').toString('latin1'))
    : undefined);

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
const credentialEnding = /(?:token|password|passwd|passphrase|secret|key|key[-_]?data)$/i;

/** True for a key such as `token`, `clientSecret` or `AWS_SECRET_ACCESS_KEY`, and not for `tokenFile` or `secretName`. */
export function isCredentialName(key: string): boolean {
  if (!credentialEnding.test(key)) return false;
  const words = key
    .slice(key.lastIndexOf('/') + 1)
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

/** What kind of credential a named text holds, by what it says or by its name. */
export const detectCredentialField = (name: string, value: string): string | undefined =>
  detectCredential(value) ?? (isCredentialField(name, value) ? 'a credential, by its name' : undefined);

/** True where any text in a value is a credential, by what it says or by its name. */
export function holdsCredential(content: unknown, name = ''): boolean {
  if (typeof content === 'string') return detectCredentialField(name, content) !== undefined;
  if (typeof content !== 'object' || content === null) return false;
  if (Array.isArray(content)) return content.some((item) => holdsCredential(item));
  return Object.entries(content).some(([key, inner]) => holdsCredential(inner, key));
}

/** A text with every word that holds a credential as `***`; empty where the credential is more than a word. */
export function maskCredentials(text: string): string {
  if (detectCredential(text) === undefined) return text;
  const masked = text.replaceAll(/\S+/g, (word) => (detectCredential(word) === undefined ? word : '***'));
  return detectCredential(masked) === undefined ? masked : '';
}
