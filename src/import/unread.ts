import type { Cluster, ReportedProvider, UnknownFacts, UnreadKey } from '../profile/clusterprofile.ts';
import { isKubernetesVersion } from '../profile/kubernetes-version.ts';
import type { Listener } from '../util/notices.ts';

/** How messages name what of an access provider was there and could not be read. */
const partNames: Record<UnreadKey, string> = {
  server: 'server',
  'certificate-authority-data': 'CA',
  'tls-server-name': 'tls-server-name',
  'proxy-url': 'proxy URL',
};

const unknownOfProvider = ({ unread = [] }: ReportedProvider): UnknownFacts[] =>
  unread.map((key) => ({ part: partNames[key], failed: true, access: key === 'server' ? true : [key] }));

/**
 * A cluster whose facts are all what they should be: what is there and is none is unknown, and said. Only what a
 * source's own controller writes stays as it is.
 */
export function separateUnread(cluster: Cluster, { warn, partial }: Listener): Cluster {
  const { version, access = [], unknown = [], compat } = cluster;
  const ofAccess = access.flatMap((provider) => (provider ? unknownOfProvider(provider) : []));
  const known = ofAccess.length === 0 ? cluster : { ...cluster, unknown: [...unknown, ...ofAccess] };
  if (!version || isKubernetesVersion(version)) return known;
  const found = `its version ${JSON.stringify(version)} is no Kubernetes version`;
  if (compat) {
    warn(found);
    return known;
  }
  partial(`${found}, not read`);
  const unread: UnknownFacts = { part: 'version', failed: true, version: true };
  return { ...known, version: undefined, unknown: [...(known.unknown ?? []), unread] };
}
