import { apiStatus, exit, UserError } from '../../errors.ts';
import { describeForeignServer } from '../../kubernetes/answers.ts';
import type { Client } from '../../kubernetes/client.ts';
import type { ListQuery } from '../../kubernetes/client/pages.ts';
import type { ObjectEvent } from '../../kubernetes/client/known.ts';
import { listPages } from '../../kubernetes/list.ts';
import type { KubernetesObject, ResourceKind } from '../../object.ts';
import { group } from '../../profile/clusterprofile.ts';
import { isKnownVersion, knownVersions } from '../../profile/versions.ts';
import { makeList } from '../../util/text.ts';

/** What the API server says of an API group (metav1.APIGroup). */
interface ApiGroup {
  kind?: string;
  versions?: { version: string }[];
  preferredVersion?: { version: string };
}

/** The versions of the group, the server's preferred one first. `undefined` where it does not say. */
async function askVersions(client: Client, what: string): Promise<string[] | undefined> {
  const path = `/apis/${group}`;
  try {
    const response = await client.send(what, { method: 'GET', path });
    const { kind, versions, preferredVersion } = response.body as ApiGroup;
    if (kind !== 'APIGroup' || !Array.isArray(versions))
      throw describeForeignServer(response, new URL(client.host).host, what);
    const names = versions.map(({ version }) => version);
    const preferred = preferredVersion?.version;
    return preferred === undefined ? names : [preferred, ...names.filter((name) => name !== preferred)];
  } catch (error) {
    // Without the group there is no kind of it either, and discovery may be forbidden where lists are not.
    if (apiStatus(error) === 404 || apiStatus(error) === 403) return undefined;
    throw error;
  }
}

/** The versions that the hub serves and this tool knows, in the hub's order. */
async function readVersions(client: Client, what: string): Promise<readonly string[]> {
  const served = await askVersions(client, what);
  if (served === undefined) return knownVersions.toReversed();
  const known = served.filter(isKnownVersion);
  if (known.length > 0) return known;
  throw new UserError(
    `${client.host} serves ${group} as ${makeList(served)}, and this program knows ${makeList(knownVersions)}`,
    { code: exit.unreachable, hint: 'a later release of clusterprofile may know it' },
  );
}

/** The versions of this API that a hub serves, asked for once, when one is needed first. */
export interface ServedVersions {
  /** Pages of a kind of this API, in the best version that has it. Throws 404 where none has. */
  pages<T extends KubernetesObject>(
    kind: ResourceKind,
    query: ListQuery & { namespace?: string | undefined },
    onInconsistent: () => void,
  ): AsyncIterable<T[]>;
  /** What there is of a kind of this API and becomes of it, in such a version; `warn` hears of a hub that is away. */
  events<T extends KubernetesObject>(
    kind: ResourceKind,
    query: ListQuery & { namespace?: string | undefined },
    warn: (message: string) => void,
  ): AsyncIterable<ObjectEvent<T>[]>;
  /** The version in which a kind was listed. */
  versionOfKind(kind: string): string | undefined;
  has(version: string): boolean;
}

export function createServedVersions(client: Client): ServedVersions {
  let asked: Promise<readonly string[]> | undefined;
  let known: readonly string[] = [];
  const found = new Map<string, string>();
  /** What the best version gives that has the kind. */
  async function* inBestVersion<T>(kind: ResourceKind, read: (version: string) => AsyncIterable<T>): AsyncIterable<T> {
    asked ??= readVersions(client, `cannot list ${kind.plural}`);
    known = await asked;
    const first = found.get(kind.kind);
    let missing: unknown;
    for (const version of first === undefined ? known : [first])
      try {
        for await (const part of read(version)) {
          found.set(kind.kind, version);
          yield part;
        }
        return;
      } catch (error) {
        if (apiStatus(error) !== 404) throw error;
        missing = error;
      }
    throw missing;
  }
  return {
    versionOfKind: (kind) => found.get(kind),
    // The group may have a version that one of its kinds does not have.
    has: (version) => known.includes(version),
    pages: <T extends KubernetesObject>(
      kind: ResourceKind,
      query: ListQuery & { namespace?: string | undefined },
      onInconsistent: () => void,
    ) =>
      inBestVersion(kind, (version) => listPages<T>(client, { ...kind, versions: [version] }, query, onInconsistent)),
    events: <T extends KubernetesObject>(
      { group: of, plural, kind, versions }: ResourceKind,
      { namespace, ...query }: ListQuery & { namespace?: string | undefined },
      warn: (message: string) => void,
    ) =>
      inBestVersion({ group: of, plural, kind, versions }, (version) =>
        client.watch<T>({ group: of, version, plural, namespace, kind }, query, { warn }),
      ),
  };
}
