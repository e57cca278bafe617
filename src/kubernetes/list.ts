import { apiStatus, isUserError } from '../errors.ts';
import { chooseNamespace, type KubernetesObject, type ResourceKind } from '../object.ts';
import type { Client } from './client.ts';
import type { ListQuery } from './client/pages.ts';

/** Who hears what a list has to say. */
interface Heard {
  warn(message: string): void;
  partial(message: string, hint?: string): void;
}

const formatResource = ({ plural, group }: ResourceKind): string => (group ? `${plural}.${group}` : plural);

/** An item of a list with its kind and version, which a list of built-in kinds, or of metadata alone, leaves out. */
const withKind = <T extends KubernetesObject>(item: T, { group, kind }: ResourceKind, version: string): T => ({
  ...item,
  apiVersion: group ? `${group}/${version}` : version,
  kind,
});

/**
 * Pages of objects of a kind, in the best version that the server has. Throws what the server answers: with status 404
 * where it has none of them.
 */
export async function* listPages<T extends KubernetesObject>(
  client: Client,
  resource: ResourceKind,
  { namespace, ...query }: ListQuery & { namespace?: string | undefined },
  onInconsistent: () => void,
): AsyncIterable<T[]> {
  const { group, versions, plural, kind } = resource;
  let missing: unknown;
  for (const version of versions)
    try {
      for await (const page of client.pages<T>({ group, version, plural, namespace, kind }, query, onInconsistent))
        yield page.map((item) => (item.kind && !query.metadataOnly ? item : withKind(item, resource, version)));
      return;
    } catch (error) {
      if (apiStatus(error) !== 404) throw error;
      missing = error;
    }
  throw missing;
}

/** Objects of one kind, for an import. A server without the kind has none; one that says no is reported. */
export async function* listKind(
  client: Client,
  resource: ResourceKind,
  { namespace, context, quietAbsence }: { namespace: string | undefined; context: Heard; quietAbsence: boolean },
): AsyncIterable<KubernetesObject> {
  const { labelSelector, fieldSelector } = resource;
  const place = chooseNamespace(resource, namespace);
  const query = { namespace: place, labelSelector, fieldSelector };
  try {
    for await (const page of listPages(client, resource, query, () =>
      context.partial(`${formatResource(resource)}: the list was not of one moment`),
    ))
      yield* page;
  } catch (error) {
    const status = apiStatus(error);
    if (status === 404) {
      if (!quietAbsence) context.warn(`${client.host} does not know ${formatResource(resource)}`);
    } else if (status === 403 && isUserError(error)) context.partial(error.message, error.hint);
    else throw error;
  }
}
