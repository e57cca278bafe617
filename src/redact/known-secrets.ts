import type { Io } from '../io.ts';
import { isCredentialName } from './credential-names.ts';
import { mask } from './credential-patterns.ts';
import { splitArgumentWords } from './plugin-words.ts';

/**
 * The credentials that this run was given or has got. Who reads one remembers it here, and nothing that is said to a
 * person has it in any of its forms.
 */

/** Shorter ones are words that a message may have anyway. */
const shortestSecret = 8;

/** Forms of known secrets by their first characters, so that many of them cost no more than one. */
const known = new Map<string, Set<string>>();

const keyOf = (text: string, at = 0): string => text.slice(at, at + shortestSecret);

function addForm(form: string): void {
  if (form.length < shortestSecret) return;
  const forms = known.get(keyOf(form)) ?? new Set();
  known.set(keyOf(form), forms.add(form));
}

/** The characters of base64 that a text gives wherever in the encoded text it stands. */
function listEncoded(bytes: Buffer): string[] {
  const shifted = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return shifted.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** Lone surrogates, which have no code, are replaced first. */
const encodeUri = (text: string): string => encodeURIComponent(Buffer.from(text).toString('utf8'));

/** Parts that a message may show by themselves: lines, and words that no sentence has. */
function listParts(secret: string): string[] {
  const lines = secret
    .split(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/)
    .filter((line) => !line.includes('-----'));
  const words = secret.split(/\s+/).filter((word) => /\d/.test(word) || word.length >= 2 * shortestSecret);
  return [...lines, ...words.filter((word) => !word.includes('-----')), secret.replaceAll(/\s+/g, ' ')];
}

function listForms(secret: string): string[] {
  const uri = encodeUri(secret);
  return [
    secret,
    uri,
    uri.replaceAll('%20', '+'),
    uri.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
    ...listEncoded(Buffer.from(secret)),
  ];
}

/** Remembers a credential, so that it is in no message from now on. */
export function rememberSecret(secret: string | undefined): void {
  const text = secret?.trim() ?? '';
  if (text.length < shortestSecret || known.get(keyOf(text))?.has(text)) return;
  for (const part of new Set([text, ...listParts(text)]))
    if (part.length >= shortestSecret) for (const form of listForms(part)) addForm(form);
}

/** Remembers the credentials of a value by their names: those of a credential file, of a provider's configuration. */
export function rememberSecretsIn(content: unknown, name = ''): void {
  if (typeof content === 'string' && isCredentialName(name)) rememberSecret(content);
  else if (typeof content === 'object' && content !== null)
    for (const [key, inner] of Object.entries(content)) rememberSecretsIn(inner, key);
}

const tryDecode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** A user name this long is a token. */
const shortestUserToken = 20;

/** Remembers the password of a URL, also of what is none because of it. */
export function rememberUrlPassword(url: string | undefined): void {
  const [, user = '', password] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^:@]*)(?::([^]*))?@/i.exec(url ?? '') ?? [];
  if (password === undefined && user.length < shortestUserToken) return;
  for (const text of password === undefined ? [user] : [password, `${user}:${password}`])
    for (const form of [text, tryDecode(text)]) rememberSecret(form);
}

/** Forgets everything: a run knows its own credentials only. */
export const forgetSecrets = (): void => known.clear();

/** Names of flags and variables whose value is a URL, with a scheme or without. */
const urlName = /^(?:s|server|endpoint|.*proxy(?:-url)?)$/i;

function rememberNamed(name: string, value: string): void {
  if (isCredentialName(name)) rememberSecret(value);
  else if (value.includes('@') && (value.includes('://') || urlName.test(name))) rememberUrlPassword(value);
}

/** Remembers what of the environment and the command line is a credential by its name, or has a password in it. */
export function rememberGiven({ env, argv }: Pick<Io, 'env' | 'argv'>): void {
  for (const [name, value = ''] of Object.entries(env)) rememberNamed(name, value);
  for (const { name, text } of splitArgumentWords(argv)) {
    const [, value = text] = /^--?[^=]+=([^]*)$/.exec(text) ?? [];
    if (!/^--?[\w-]+$/.test(text)) rememberNamed(name, value);
  }
}

/** The longest known form that a text has at a place. */
function findKnown(text: string, at: number): string | undefined {
  let found: string | undefined;
  for (const form of known.get(keyOf(text, at)) ?? [])
    if (form.length > (found?.length ?? 0) && text.startsWith(form, at)) found = form;
  return found;
}

/** A text without the credentials that this run knows. */
export function maskKnownSecrets(text: string): string {
  if (known.size === 0 || text.length < shortestSecret) return text;
  let masked = '';
  let kept = 0;
  for (let at = 0; at + shortestSecret <= text.length;) {
    const form = findKnown(text, at);
    if (form === undefined) at++;
    else {
      masked += text.slice(kept, at) + mask;
      at += form.length;
      kept = at;
    }
  }
  return masked + text.slice(kept);
}
