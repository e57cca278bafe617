import {
  detectCredential,
  detectCredentialField,
  holdsCredential,
  maskCredentials,
} from '../redact/credential-patterns.ts';
import type { Cluster, Extension, ReportedCondition } from './clusterprofile.ts';

/** Keeps out of a profile whatever looks like a credential: everybody who may list clusters reads it. */

type Say = (message: string) => void;
type Texts = Readonly<Record<string, string | undefined>>;

/** Named texts without those that are a credential, by what they say or by their name. */
function withholdTexts(what: string, texts: Texts | undefined, say: Say): Record<string, string | undefined> {
  const kept: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(texts ?? {})) {
    if (value === undefined || detectCredentialField(name, value) === undefined) kept[name] = value;
    else say(`${what} ${name} looks like a credential, left out`);
  }
  return kept;
}

/** A condition whose message and reason quote no credential. */
function withholdFromCondition(condition: ReportedCondition, say: Say): ReportedCondition {
  const { type, status } = condition;
  const message = maskCredentials(condition.message);
  if (message !== condition.message)
    say(`the message of ${type} quotes ${detectCredential(condition.message)}, left out`);
  if (detectCredential(condition.reason) === undefined) return { ...condition, message };
  say(`the reason of ${type} looks like a credential, left out`);
  return { ...condition, message, reason: `Reported${status}` };
}

/** What the CRD of v1alpha2 takes as the name of an extension. */
const longestName = 253;

/** Extensions that a profile may have. */
const withholdExtensions = (extensions: readonly Extension[], say: Say): Extension[] =>
  extensions.filter(({ name, extension }) => {
    const secret = holdsCredential(extension) || detectCredential(name) !== undefined;
    const legal = name !== '' && name.length <= longestName;
    if (secret) say(`extension ${detectCredential(name) ? '***' : name} looks like it holds a credential, left out`);
    else if (!legal)
      say(`an extension whose name has ${name.length} characters is left out: 1 to ${longestName} are legal`);
    return !secret && legal;
  });

/** The access providers of a cluster, without extensions that hold a credential. */
function withholdFromAccess(access: Cluster['access'], say: Say): Cluster['access'] {
  return access?.map((provider) => {
    const extensions = provider?.cluster?.extensions;
    if (!provider || !extensions) return provider;
    const kept = withholdExtensions(extensions, say);
    if (kept.length === extensions.length) return provider;
    const { extensions: _all, ...cluster } = provider.cluster ?? { server: '' };
    return { ...provider, cluster: kept.length > 0 ? { ...cluster, extensions: kept } : cluster };
  });
}

/** The version, which is free text at some sources. */
function withholdVersion(version: string | undefined, say: Say): string | undefined {
  if (version === undefined || detectCredential(version) === undefined) return version;
  say('its version looks like a credential, left out');
  return undefined;
}

/** A cluster without credentials, and what was left out of it. */
export function withholdCredentials(cluster: Cluster, say: Say): Cluster {
  const { displayName, name } = cluster;
  return {
    ...cluster,
    displayName: displayName !== undefined && detectCredential(displayName) !== undefined ? name : displayName,
    version: withholdVersion(cluster.version, say),
    labels: withholdTexts('label', cluster.labels, say) as Record<string, string>,
    annotations: withholdTexts('annotation', cluster.annotations, say),
    properties: withholdTexts('property', cluster.properties, say),
    conditions: cluster.conditions?.map((condition) => condition && withholdFromCondition(condition, say)),
    access: withholdFromAccess(cluster.access, say),
  };
}
