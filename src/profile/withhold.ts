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

const withholdExtensions = (extensions: readonly Extension[], say: Say): Extension[] =>
  extensions.filter(({ name, extension }) => {
    const secret = holdsCredential(extension);
    if (secret) say(`extension ${name} looks like it holds a credential, left out`);
    return !secret;
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

/** A cluster without credentials, and what was left out of it. */
export function withholdCredentials(cluster: Cluster, say: Say): Cluster {
  const { displayName, name } = cluster;
  return {
    ...cluster,
    displayName: displayName !== undefined && detectCredential(displayName) !== undefined ? name : displayName,
    labels: withholdTexts('label', cluster.labels, say) as Record<string, string>,
    annotations: withholdTexts('annotation', cluster.annotations, say),
    properties: withholdTexts('property', cluster.properties, say),
    conditions: cluster.conditions?.map((condition) => condition && withholdFromCondition(condition, say)),
    access: withholdFromAccess(cluster.access, say),
  };
}
