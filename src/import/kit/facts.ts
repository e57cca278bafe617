import { byText } from '../../util/text.ts';
import type { ImportContext } from './importer.ts';
import type { Listener } from '../../util/notices.ts';
import { option } from '../../options.ts';
import { keys, type Extension } from '../../profile/clusterprofile.ts';
import { isUserError, UserError } from '../../errors.ts';
import { extractCertificates, warnOfBrokenBlock } from '../../profile/endpoint.ts';
import { pemBlock } from '../../profile/endpoint/certificates.ts';
import { detectCredential } from '../../redact/credential-patterns.ts';
import {
  identityOf,
  isKind,
  map,
  readEach,
  text,
  textMap,
  value,
  type KubernetesObject,
  type ResourceKind,
  readOwn,
} from '../../object.ts';

/** What most systems that keep their clusters as Kubernetes objects have in common. */

/** The value at a path, `undefined` where there is none: to tell what an object is, before anybody checks its shape. */
export const peekAt = (object: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? readOwn(at as Record<string, unknown>, key) : undefined),
    object,
  );

/** The name and identity of an object that nobody checked: one without a name is an error. */
export function readSubject(object: KubernetesObject): { name: string; identity: string } {
  const name = text(object, 'metadata', 'name');
  if (!name) throw new UserError('metadata.name is missing');
  return { name, identity: identityOf(object) };
}

/** A word in another spelling. A text with a credential stays as it is, so that it is still told from a word. */
export const respell = (text: string, spell: (word: string) => string): string =>
  detectCredential(text) === undefined ? spell(text) : text;

export const toSmallLetters = (text: string): string => respell(text, (word) => word.toLowerCase());

/** True for an object that is being deleted, which is said: its cluster gets no profile, as from the systems' own controllers. */
export function isLeaving(object: KubernetesObject, { warn }: ImportContext): boolean {
  const leaving = value(object, 'metadata', 'deletionTimestamp') !== undefined;
  if (leaving) warn('it is being deleted, no profile');
  return leaving;
}

/** The objects of one kind. */
export const filterKind = (objects: KubernetesObject[], kind: ResourceKind): KubernetesObject[] =>
  objects.filter((object) => isKind(object, kind));

/** What can be read of the objects. The others are reported by `translate`, whose errors say where an object stands. */
export function filterReadable<T>(objects: KubernetesObject[], read: (object: KubernetesObject) => T): T[] {
  return objects.flatMap((object) => {
    try {
      return [read(object)];
    } catch (error) {
      if (isUserError(error)) return [];
      throw error;
    }
  });
}

/** What is read of an object before it is translated; `undefined`, and said under its name, where that cannot be. */
export function readOrReport<T>(name: string, read: () => T, { partial }: Pick<Listener, 'partial'>): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isUserError(error)) throw error;
    partial(`${name}: ${error.message}`, error.hint);
    return undefined;
  }
}

/** `--copy-labels`, of every system whose objects have labels of their users. */
export const copyLabels = option.flag(
  '--copy-labels',
  "copy the users' own labels; those of Kubernetes and of the system itself never are",
);

const ofKubernetes = /(^|[.-])(kubernetes|k8s)\.io$/;

/** The labels that users set: without those of Kubernetes, and those whose prefix is one of the system's own. */
export function filterUserLabels(object: KubernetesObject, ofSystem: RegExp): Record<string, string> {
  const own = Object.entries(textMap(object, 'metadata', 'labels')).filter(([key]) => {
    const prefix = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
    return !ofKubernetes.test(prefix) && !ofSystem.test(prefix);
  });
  return Object.fromEntries(own);
}

/** Taints as kubectl writes them, `key=value:effect`, sorted and joined by commas; `undefined` without any. */
export function formatTaints(object: unknown, ...path: string[]): string | undefined {
  const taints = readEach(object, path, (taint) => {
    const [key, content, effect] = [text(taint, 'key'), text(taint, 'value'), text(taint, 'effect')];
    return `${key ?? ''}${content ? `=${content}` : ''}:${effect ?? ''}`;
  });
  return taints.toSorted(byText).join(',') || undefined;
}

/** Quantities by resource, each under a prefix. Hand-written YAML has bare numbers where an API server has strings. */
export function readQuantities(object: unknown, prefix: string, ...path: string[]): Record<string, string> {
  const known: Record<string, string> = {};
  for (const [resource, amount] of Object.entries(map(object, ...path))) {
    if (typeof amount !== 'string' && typeof amount !== 'number')
      throw new UserError(`${[...path, resource].join('.')} should be a quantity`);
    known[`${prefix}${resource}`] = String(amount);
  }
  return known;
}

/** Tells a consumer's credential plugin which cluster is meant (KEP-541), under the key that OCM's own plugin reads. */
export const buildClusterNameExtension = (clusterName: string): Extension[] => [
  { name: keys.execExtension, extension: { clusterName } },
];

/**
 * A CA as its source's own controller publishes it, in base64, for `--compat`: whatever its bytes are, since that does not
 * look at them either, except that nothing but the certificates is left where what stands beside them may be a key.
 */
export function checkPublishedCa(bytes: Buffer, { warn, partial }: Listener): string | undefined {
  const content = bytes.toString('utf8');
  const rest = content.replace(pemBlock, '');
  // Whatever a broken encoding has made of a key is not printable.
  const secret = /BEGIN|PRIVATE|KEY|[^\t\n\r -~]/i.test(rest) || detectCredential(rest) !== undefined;
  if (rest === content && secret) partial('its CA is not a PEM certificate, not read');
  else if (rest === content) warn('its CA is not a PEM certificate');
  else if (secret) warn('a private key stands beside its CA certificate, left out');
  if (rest !== content) warnOfBrokenBlock(content, warn);
  return secret ? extractCertificates(content) : bytes.toString('base64');
}
