import type { Warn } from '../util/notices.ts';
import {
  detectCredential,
  detectCredentialField,
  holdsCredential,
  maskCredentials,
} from '../redact/credential-patterns.ts';
import { findInexact } from '../object.ts';
import type { AccessProvider, Cluster, Extension, ReportedCondition } from './clusterprofile.ts';

/** Keeps out of a profile whatever looks like a credential: everybody who may list clusters reads it. */

type Say = (message: string) => void;
/** A text with its credentials masked; empty where what stays still looks like one. */
function withoutCredential(text: string): string {
  const masked = maskCredentials(text);
  return masked === text || detectCredential(masked) === undefined ? masked : '';
}

type Texts = Readonly<Record<string, string | undefined>>;

/** Named texts without those that are a credential, by what they say or by their name. */
function withholdTexts(what: string, texts: Texts | undefined, say: Say): Record<string, string | undefined> {
  const kept: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(texts ?? {})) {
    const kind = detectCredential(name) ?? (value === undefined ? undefined : detectCredentialField(name, value));
    if (kind === undefined) kept[name] = value;
    else say(`${what} ${maskCredentials(name)} looks like ${kind}, left out`);
  }
  return kept;
}

/** A condition whose message and reason quote no credential; the rest of the message stays. */
function withholdFromCondition({ rawReason, ...condition }: ReportedCondition, say: Say): ReportedCondition {
  const { type, status } = condition;
  const message = withoutCredential(condition.message);
  if (message !== condition.message)
    say(`the message of ${type} quotes ${detectCredential(condition.message)}, left out`);
  const inReason = detectCredential(rawReason ?? '') ?? detectCredential(condition.reason);
  if (inReason === undefined) return { ...condition, message };
  say(`the reason of ${type} looks like ${inReason}, left out`);
  return { ...condition, message, reason: `Reported${status}` };
}

/** What the CRD of v1alpha2 takes as the name of an extension. */
const longestName = 253;

/** Extensions that a profile may have. */
export const withholdExtensions = (extensions: readonly Extension[], say: Say): Extension[] =>
  extensions.filter(({ name, extension }) => {
    const secret = holdsCredential(extension) || detectCredential(name) !== undefined;
    const legal = name !== '' && name.length <= longestName;
    const inexact = findInexact(extension);
    if (secret) say(`extension ${maskCredentials(name)} looks like it holds a credential, left out`);
    else if (!legal)
      say(`an extension whose name has ${name.length} characters is left out: 1 to ${longestName} are legal`);
    else if (inexact)
      say(`extension ${name} is left out: its ${inexact.join('.')} is an integer beyond 2^53, which cannot be kept`);
    return !secret && legal && !inexact;
  });

/** The fields of an access provider's cluster that are free text. URLs were cleaned when they were read. */
const accessTexts = ['tls-server-name', 'server', 'proxy-url'] as const;

/** What of an access provider holds no credential; without a server there is nothing to reach. */
function withholdFromProvider(provider: AccessProvider, say: Say): AccessProvider {
  const { cluster } = provider;
  if (!cluster) return provider;
  const secret = accessTexts.filter((field) => detectCredential(cluster[field] ?? '') !== undefined);
  for (const field of secret)
    say(`${field} of its access provider looks like ${detectCredential(cluster[field] ?? '')}, left out`);
  if (secret.includes('server')) return { name: provider.name };
  const extensions = cluster.extensions && withholdExtensions(cluster.extensions, say);
  if (secret.length === 0 && extensions?.length === cluster.extensions?.length) return provider;
  const kept = Object.entries(cluster).filter(
    ([key]) => key !== 'extensions' && !secret.some((field) => field === key),
  );
  return {
    ...provider,
    cluster: { ...(Object.fromEntries(kept) as typeof cluster), ...(extensions?.length && { extensions }) },
  };
}

const detectIn = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : detectCredential(text);

/** One of its texts that is free at some sources: its version, where it belongs. */
function withholdText(what: string, value: string | undefined, say: Say): string | undefined {
  // Importers write a `v` before a version; what begins with none has been looked at.
  const bare = value?.startsWith('v') ? value.slice(1) : undefined;
  const kind = detectIn(value) ?? detectIn(bare);
  if (kind === undefined) return value;
  say(`its ${what} looks like ${kind}, left out`);
  return undefined;
}

/** Its name, which it needs: a name with a credential in it is another one without. */
function withholdFromName(name: string, say: Say): string {
  const kind = detectCredential(name);
  if (kind === undefined) return name;
  say(`its name looks like it holds ${kind}, which is left out of it`);
  return withoutCredential(name);
}

/** A cluster without credentials, and what was left out of it. */
export function withholdCredentials(found: Cluster, warn: Warn<Cluster>): Cluster {
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const cluster = {
    ...found,
    name: withholdFromName(found.name, say),
    displayName: withholdText('display name', found.displayName, say),
    namespace: withholdText('namespace', found.namespace, say),
    clusterSet: withholdText('ClusterSet', found.clusterSet, say),
    memberId: withholdText('member id', found.memberId, say),
    version: withholdText('version', found.version, say),
    labels: withholdTexts('label', found.labels, say) as Record<string, string>,
    annotations: withholdTexts('annotation', found.annotations, say),
    properties: withholdTexts('property', found.properties, say),
    conditions: found.conditions?.map((condition) => condition && withholdFromCondition(condition, say)),
    access: found.access?.map((provider) => provider && withholdFromProvider(provider, say)),
  };
  for (const message of said) warn(message, cluster);
  return cluster;
}
