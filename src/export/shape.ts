import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { UserError } from '../errors.ts';
import { isObject } from '../object.ts';

/** Where something else is than should be: the keys that lead there, from the inside out, and what should be. */
interface Flaw {
  keys: (string | number)[];
  wanted: string;
}

/** The first flaw of what is there. Never what it is: it may be a secret. */
type Check = (value: unknown) => Flaw | undefined;

const isText = (value: unknown): boolean => typeof value === 'string';

const fits =
  (wanted: string, test: (value: unknown) => boolean): Check =>
  (value) =>
    test(value) ? undefined : { keys: [], wanted };

/** What is absent is no flaw. */
function within(value: unknown, key: string | number, check: Check): Flaw | undefined {
  if (value === undefined || value === null) return undefined;
  const found = check(value);
  found?.keys.push(key);
  return found;
}

function map(fields: Record<string, Check>): Check {
  const entries = Object.entries(fields).map(([field, check]) => ({ field, check }));
  return (value) => {
    if (!isObject(value)) return { keys: [], wanted: 'a map' };
    for (const { field, check } of entries) {
      const found = within(value[field], field, check);
      if (found) return found;
    }
    return undefined;
  };
}

const list =
  (item: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return { keys: [], wanted: 'a list' };
    for (let index = 0; index < value.length; index++) {
      const found = within(value[index] ?? '', index, item);
      if (found) return found;
    }
    return undefined;
  };

const text = fits('a text', isText);
const flag = fits('true or false', (value) => typeof value === 'boolean');
const texts = fits('a map of texts', (value) => isObject(value) && Object.values(value).every(isText));

const provider = map({
  name: text,
  cluster: map({
    server: text,
    'certificate-authority-data': text,
    'tls-server-name': text,
    'proxy-url': text,
    'insecure-skip-tls-verify': flag,
    'disable-compression': flag,
    extensions: list(map({ name: text })),
  }),
});

/** Nobody has checked what files hold: what exporters count on is checked here, once. */
const checkProfile = map({
  metadata: map({ name: text, namespace: text, labels: texts, annotations: texts, creationTimestamp: text }),
  spec: map({ displayName: text }),
  status: map({
    conditions: list(map({})),
    properties: list(map({ name: text, value: text })),
    accessProviders: list(provider),
    credentialProviders: list(provider),
  }),
});

function flawOf(profile: ClusterProfile): string | undefined {
  const found = checkProfile(profile);
  if (!found) return undefined;
  const path = found.keys.toReversed().map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`));
  return `${path.join('').slice(1)} should be ${found.wanted}`;
}

/** A name of whatever type, to tell profiles apart by. */
function titleIn({ metadata }: ClusterProfile): string {
  const { name, namespace } = (isObject(metadata) ? metadata : {}) as Record<string, unknown>;
  if ((!isText(name) && typeof name !== 'number') || name === '') return 'a ClusterProfile without a name';
  return isText(namespace) ? nameOf({ metadata } as ClusterProfile) : String(name);
}

/** Why exporters cannot read a profile; `undefined` for one that they can. */
export function misshapen(profile: ClusterProfile): UserError | undefined {
  const wrong = flawOf(profile) ?? (profile.metadata?.name ? undefined : 'metadata.name is missing');
  if (wrong === undefined) return undefined;
  return new UserError(`${titleIn(profile)} is not well-formed: ${wrong}`, {
    hint: 'clusterprofile validate says what is wrong with it',
  });
}

export function assertShape(profile: ClusterProfile): void {
  const error = misshapen(profile);
  if (error) throw error;
}
