import { apiStatus } from '../errors.ts';
import type { KubernetesObject, ResourceKind } from '../object.ts';
import type { Client } from './client.ts';

/** Who hears what a list has to say. */
interface Heard {
  warn(message: string): void;
  partial(message: string, hint?: string): void;
}

const full = ({ plural, group }: ResourceKind): string => (group ? `${plural}.${group}` : plural);

/** An item of a list with its kind and version, which a list of built-in kinds, or of metadata alone, leaves out. */
export const withKind = (
  item: KubernetesObject,
  { group, kind }: Pick<ResourceKind, 'group' | 'kind'>,
  version: string,
): KubernetesObject => ({ ...item, apiVersion: group ? `${group}/${version}` : version, kind });

/** Objects of one kind in the best version the server has. A server without the kind has none; one that says no is reported. */
export async function* listKind(
  client: Client,
  resource: ResourceKind,
  { namespace, context, quietAbsence }: { namespace: string | undefined; context: Heard; quietAbsence: boolean },
): AsyncIterable<KubernetesObject> {
  const { group, plural, labelSelector, fieldSelector } = resource;
  for (const version of resource.versions) {
    try {
      const place = resource.clusterScoped ? undefined : (namespace ?? resource.namespace);
      const path = { group, version, plural, namespace: place };
      for await (const page of client.pages(path, { labelSelector, fieldSelector }, () =>
        context.partial(`${full(resource)}: the list was not of one moment`),
      ))
        for (const item of page) yield item.kind ? item : withKind(item, resource, version);
      return;
    } catch (error) {
      const status = apiStatus(error);
      if (status === 404) continue;
      if (status !== 403) throw error;
      context.partial(
        error instanceof Error ? error.message : String(error),
        error instanceof Error && 'hint' in error ? String(error.hint) : undefined,
      );
      return;
    }
  }
  if (!quietAbsence) context.warn(`${client.host} does not know ${full(resource)}`);
}
