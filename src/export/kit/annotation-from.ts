import { option } from '../../options.ts';
import { domain, propertyOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { refusal, usageError } from '../../errors.ts';
import { isLabelKey } from '../../profile/names.ts';
import { detectCredentialWord } from '../../redact/plugin-words.ts';
import type { CommonDrop, Drop } from './exporter.ts';
import { readOwn } from '../../object.ts';

/** One `--annotation-from`: an annotation, all that begin alike, or a property. */
interface Source {
  given: string;
  kind: 'annotation' | 'property';
  /** The key or name; the beginning of keys where `all` is set. */
  from: string;
  all: boolean;
  /** The annotation that is set; that of the same key where it is absent. */
  to: string | undefined;
}

/** Those of Kubernetes, kubectl and this tool are about the profile as an object. */
const isReserved = (key: string): boolean => {
  const prefix = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  return [domain, 'kubernetes.io', 'k8s.io'].some((each) => prefix === each || prefix.endsWith(`.${each}`));
};

function parseSource(given: string): Source {
  const [, kind = 'annotation', from = '', star, to] =
    /^(?:(annotation|property):)?([^=*]*)(\*)?(?:=([^=]+))?$/.exec(given) ?? [];
  const wrong =
    (from === '' && !star) || (kind === 'property' && (star !== undefined || to === undefined)) || (star && to);
  if (wrong)
    throw usageError(
      `--annotation-from takes KEY, PREFIX*, KEY=NEW or property:NAME=KEY, not ${JSON.stringify(given)}`,
    );
  const key = to ?? from;
  if (star === undefined && (!isLabelKey(key) || isReserved(key)))
    throw usageError(`--annotation-from: ${JSON.stringify(key)} is no annotation that could be set`);
  return { given, kind: kind as Source['kind'], from, all: star !== undefined, to };
}

const nothing = /$^/;

/** For consumers whose templates read annotations of a cluster: values that no label can have. */
export const annotationFromOption = option.parsedTexts(
  '--annotation-from <key>',
  'an annotation of the profiles to copy: KEY, PREFIX* or KEY=NEW; a property: property:NAME=KEY; repeatable',
  (given) => given.map(parseSource),
);

const isChosen = (key: string, sources: readonly Source[], foreign: RegExp): boolean =>
  sources.some(({ kind, from, all }) =>
    // What the consumer itself acts on is copied by its whole name only.
    all ? key.startsWith(from) && !isReserved(key) && !foreign.test(key) : kind === 'annotation' && key === from,
  );

/** The annotations that `--annotation-from` asks for. A value that looks like a credential is refused, never copied. */
export function copyAnnotationsFrom(
  profile: ClusterProfile,
  sources: readonly Source[],
  foreign = nothing,
): Record<string, string> {
  const annotations = profile.metadata.annotations ?? {};
  const copied: Record<string, string> = {};
  for (const [key, value] of Object.entries(annotations)) if (isChosen(key, sources, foreign)) copied[key] = value;
  for (const { kind, from, to } of sources) {
    const value = kind === 'property' ? propertyOf(profile, from) : readOwn(annotations, from);
    if (to === undefined || value === undefined) continue;
    if (kind === 'annotation') delete copied[from];
    copied[to] = value;
  }
  const secret = Object.entries(copied).find(([name, text]) => detectCredentialWord({ name, text }) !== undefined);
  if (secret)
    throw refusal(
      `annotation ${secret[0]} looks like a credential, which is not copied`,
      'leave it out of --annotation-from',
    );
  return copied;
}

/** What is not copied, of what somebody has written down. */
export const dropOfAnnotations = (sources: readonly Source[] = [], foreign = nothing): Drop => ({
  name: 'annotations',
  has: ({ metadata: { annotations } }) =>
    Object.keys(annotations ?? {}).some((key) => !isReserved(key) && !isChosen(key, sources, foreign)),
  at: () => ['metadata', 'annotations'],
});

/** The drops of a consumer that takes the annotations that are asked for. */
export const dropUncopied = (
  drops: readonly (CommonDrop | Drop)[],
  sources: readonly Source[],
  foreign?: RegExp,
): (CommonDrop | Drop)[] => drops.map((drop) => (drop === 'annotations' ? dropOfAnnotations(sources, foreign) : drop));
