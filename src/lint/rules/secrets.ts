import type { ProblemPath, Problem } from '../problem.ts';
import { isObject } from '../../object.ts';
import { isCredentialField } from '../../redact/credential-names.ts';
import { detectCredential, holdsCredential, passwordInUrl, tokenInUrl } from '../../redact/credential-patterns.ts';
import { memoise, memoiseText } from '../../util/collections.ts';
import { type Profile } from '../input.ts';
import { show } from '../paths.ts';
import { noProblem, type ProfileCheck, type Rule } from '../rule.ts';

/** A credential, or what looks like one, with the rule that reports it. */
interface Suspect extends Problem {
  id: 'CP110' | 'CP111' | 'CP112' | 'CP113';
}

/** Fields of a kubeconfig user; a cluster entry has none of them. */
const userFields = new Set([
  'client-key-data',
  'client-key',
  'client-certificate-data',
  'token',
  'password',
  'auth-provider',
]);

const urlFields = new Set(['server', 'proxy-url']);

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

const isInProvider = (at: ProblemPath): boolean =>
  at[0] === 'status' && (at[1] === 'accessProviders' || at[1] === 'credentialProviders');

/** Server-side bookkeeping (names of fields only), and the CA data of providers, which CP088 and CP089 look into. */
const isSkipped = (key: string, at: ProblemPath): boolean =>
  (key === 'managedFields' && at.length === 1 && at[0] === 'metadata') ||
  (key === 'certificate-authority-data' && at.length === 4 && at[3] === 'cluster' && isInProvider(at));

const isFilled = (value: unknown): boolean =>
  typeof value === 'string' ? value !== '' : isObject(value) && Object.keys(value).length > 0;

/** Extensions are free in their keys: there, as in an import, the value decides too. */
const isUserField = (key: string, value: unknown, at: ProblemPath): boolean =>
  userFields.has(key) && isFilled(value) && (at[4] !== 'extensions' || holdsCredential(value, key));

/** The key that names a value: that of the map, or the name beside it in a list of names and values. */
function readNamingKey(key: string, siblings: Record<string, unknown>): string {
  const { name } = siblings;
  return key === 'value' && typeof name === 'string' ? name : key;
}

function judgeText(key: string, value: unknown, at: ProblemPath): Suspect | undefined {
  if (isInProvider(at) && isUserField(key, value, at))
    return {
      id: 'CP112',
      at,
      message: `${key} is the credential of a user, a cluster entry has none`,
      hint: 'credentials come from the plugin of the consumer',
    };
  if (typeof value !== 'string' || value === '') return undefined;
  const what = detectCredential(value);
  // CP086 is about the URLs of an access provider.
  if ((what === passwordInUrl || what === tokenInUrl) && isInProvider(at) && urlFields.has(key)) return undefined;
  if (what)
    return {
      id: 'CP110',
      at,
      message: `this looks like ${what}`,
      hint: 'take it out, and replace it: whoever reads profiles knows it now',
    };
  return isCredentialField(key, value)
    ? { id: 'CP111', at, message: `by its name ${show(key)} this is a credential` }
    : undefined;
}

const deepestSearch = 100;

/** What one word can be: a key has no room for `token: …` or a whole document. */
const shortestToken = 20;

/** Looks through a value and all below it; `at` is its path, the same array for the whole walk. */
function searchSecrets(value: unknown, at: (string | number)[], found: Suspect[]): void {
  if (at.length > deepestSearch) return;
  if (Array.isArray(value)) for (const [index, item] of value.entries()) searchItem(index, item, { at, found });
  else if (isObject(value))
    for (const key of Object.keys(value)) if (!isSkipped(key, at)) searchField(key, value, { at, found });
}

interface Search {
  at: (string | number)[];
  found: Suspect[];
}

function searchItem(index: number, item: unknown, { at, found }: Search): void {
  at.push(index);
  const what = typeof item === 'string' ? detectCredential(item) : undefined;
  if (what) found.push({ id: 'CP110', at: [...at], message: `this looks like ${what}` });
  else if (typeof item === 'object') searchSecrets(item, at, found);
  at.pop();
}

const detectInKey = memoiseText(detectCredential);

function searchField(key: string, siblings: Record<string, unknown>, { at, found }: Search): void {
  const value = siblings[key];
  at.push(key);
  const inKey = key.length < shortestToken ? undefined : detectInKey(key);
  if (inKey) found.push({ id: 'CP110', at: [...at], message: `the key looks like ${inKey}` });
  if (key === lastApplied && typeof value === 'string') found.push(...listRepeated(value, [...at]));
  else {
    const suspect = judgeText(readNamingKey(key, siblings), value, at);
    if (suspect) found.push({ ...suspect, at: [...at] });
    else if (typeof value === 'object') searchSecrets(value, at, found);
  }
  at.pop();
}

function listSuspects(value: unknown): Suspect[] {
  const found: Suspect[] = [];
  searchSecrets(value, [], found);
  return found;
}

const tryParse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
};

function listRepeated(text: string, at: ProblemPath): Suspect[] {
  if (listSuspects(tryParse(text)).length === 0) return [];
  const hint = 'replace the credential, and write the object with kubectl apply --server-side';
  return [{ id: 'CP113', at, message: 'the copy that kubectl apply keeps holds a credential', hint }];
}

const suspectsOf = memoise(({ object }: Profile) => listSuspects(object));

const suspects =
  (id: Suspect['id']): ProfileCheck =>
  (profile) => {
    const found = suspectsOf(profile);
    return found.length === 0 ? noProblem : found.filter((suspect) => suspect.id === id);
  };

/** Credentials, which a ClusterProfile never holds: whoever may list clusters would have them. */
export const secretRules: readonly Rule[] = [
  { id: 'CP110', severity: 'error', title: 'Nothing looks like a credential', check: suspects('CP110') },
  { id: 'CP111', severity: 'warning', title: 'No name says that its value is a credential', check: suspects('CP111') },
  { id: 'CP112', severity: 'error', title: 'Access providers hold no user of a kubeconfig', check: suspects('CP112') },
  {
    id: 'CP113',
    severity: 'warning',
    title: 'The last applied configuration holds no credential',
    check: suspects('CP113'),
  },
];
