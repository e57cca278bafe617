import { nameOf, type ClusterProfile } from '../clusterprofile.ts';
import { UserError } from '../errors.ts';
import { isObject } from '../kubernetes/objects.ts';

interface Fields {
  [field: string]: Shape;
}

/** What may stand at a place, where there is something at all. */
type Shape = 'a text' | 'true or false' | 'a map of texts' | Fields | readonly [Fields];

const provider: Fields = {
  name: 'a text',
  cluster: {
    server: 'a text',
    'certificate-authority-data': 'a text',
    'tls-server-name': 'a text',
    'proxy-url': 'a text',
    'insecure-skip-tls-verify': 'true or false',
    'disable-compression': 'true or false',
    extensions: [{ name: 'a text' }],
  },
};

/** Nobody has checked what files hold: what exporters count on is checked here, once. */
const profileShape: Fields = {
  metadata: {
    name: 'a text',
    namespace: 'a text',
    labels: 'a map of texts',
    annotations: 'a map of texts',
    creationTimestamp: 'a text',
  },
  spec: { displayName: 'a text' },
  status: {
    conditions: [{}],
    properties: [{ name: 'a text', value: 'a text' }],
    accessProviders: [provider],
    credentialProviders: [provider],
  },
};

const isText = (value: unknown): boolean => typeof value === 'string';

/** Whether a value is what it should be, but for what is inside of it. */
function fits(value: unknown, shape: Shape): boolean {
  if (shape === 'a text') return isText(value);
  if (shape === 'true or false') return typeof value === 'boolean';
  if (shape === 'a map of texts') return isObject(value) && Object.values(value).every(isText);
  return Array.isArray(shape) ? Array.isArray(value) : isObject(value);
}

const nameOfShape = (shape: Shape): string =>
  typeof shape === 'string' ? shape : Array.isArray(shape) ? 'a list' : 'a map';

type Key = string | number;

/** Where something else is than should be: the keys that lead there, from the inside out, and what should be. */
interface Flaw {
  keys: Key[];
  wanted: string;
}

/** Without a path for what is sound, as nearly everything is. */
function within(value: unknown, shape: Shape, key: Key): Flaw | undefined {
  const found = flawIn(value, shape);
  found?.keys.push(key);
  return found;
}

/** The first flaw. Never what is there: it may be a secret. */
function flawIn(value: unknown, shape: Shape): Flaw | undefined {
  if (value === undefined || value === null) return undefined;
  if (!fits(value, shape)) return { keys: [], wanted: nameOfShape(shape) };
  if (typeof shape === 'string') return undefined;
  if (Array.isArray(shape)) {
    const items = value as unknown[];
    for (let index = 0; index < items.length; index++) {
      const found = within(items[index] ?? '', shape[0] as Fields, index);
      if (found) return found;
    }
    return undefined;
  }
  for (const field in shape as Fields) {
    const found = within((value as Record<string, unknown>)[field], (shape as Fields)[field] as Shape, field);
    if (found) return found;
  }
  return undefined;
}

function flaw(value: unknown, shape: Shape): string | undefined {
  const found = flawIn(value, shape);
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
  const wrong = flaw(profile, profileShape) ?? (profile.metadata?.name ? undefined : 'metadata.name is missing');
  if (wrong === undefined) return undefined;
  return new UserError(`${titleIn(profile)} is not well-formed: ${wrong}`, {
    hint: 'clusterprofile validate says what is wrong with it',
  });
}

export function assertShape(profile: ClusterProfile): void {
  const error = misshapen(profile);
  if (error) throw error;
}
