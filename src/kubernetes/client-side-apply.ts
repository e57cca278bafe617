// As kubectl apply --server-side since 1.26: client-go, util/csaupgrade.
import { readResourceVersion } from './apply.ts';
import { isApiError } from './client/api-error.ts';
import type { Client } from './client.ts';
import { getChild, listManagedFields, mergeFields, type FieldSet } from './field-set.ts';
import type { KubernetesObject, ManagedFieldsEntry } from '../object.ts';
import { titleOf } from '../profile/clusterprofile.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Client-side apply is an update that also writes what was applied last. */
const isClientSide = ({ operation, subresource, fieldsV1 }: ManagedFieldsEntry): boolean => {
  const annotations = getChild(getChild(fieldsV1, 'f:metadata'), 'f:annotations');
  return operation === 'Update' && !subresource && getChild(annotations, `f:${lastApplied}`) !== undefined;
};

/** Who wrote an object by client-side apply, the latest first. */
export const listClientSideAppliers = (live: KubernetesObject): string[] =>
  listManagedFields(live)
    .filter(isClientSide)
    .map(({ manager = '' }) => manager);

/** The entries of managedFields with what client-side apply owns in the hands of `manager`, as if it had applied it. */
function moveOwnership(live: KubernetesObject, manager: string): ManagedFieldsEntry[] {
  const entries = listManagedFields(live);
  const moved = entries.filter(isClientSide);
  const isOwn = (entry: ManagedFieldsEntry): boolean =>
    entry.operation === 'Apply' && entry.manager === manager && !entry.subresource;
  const own = entries.find(isOwn) ?? { ...moved[0], manager, operation: 'Apply' };
  const fields = [own, ...moved].map(({ fieldsV1 }) => fieldsV1 ?? {}).reduce<FieldSet>(mergeFields, {});
  return [{ ...own, fieldsV1: fields }, ...entries.filter((entry) => !isOwn(entry) && !isClientSide(entry))];
}

/**
 * The object as it would be if `manager` had applied what client-side apply did. Without the annotation of that, which
 * goes with it: nobody keeps it up to date any more.
 */
export function withoutClientSideApply<T extends KubernetesObject>(live: T, manager: string): T {
  const { [lastApplied]: _gone, ...annotations } = live.metadata.annotations ?? {};
  const metadata = { ...live.metadata, annotations, managedFields: moveOwnership(live, manager) };
  return { ...live, metadata };
}

const tries = 3;

/** Takes over what client-side apply owns of an object. Somebody may write in between, so it looks again. */
export async function takeOverClientSideApply(
  client: Client,
  path: string,
  live: KubernetesObject,
  manager: string,
): Promise<void> {
  const what = `cannot take over ${titleOf(live)} from client-side apply`;
  let object = live;
  for (let left = tries; listClientSideAppliers(object).length > 0; left--) {
    const body = [
      { op: 'replace', path: '/metadata/managedFields', value: moveOwnership(object, manager) },
      { op: 'replace', path: '/metadata/resourceVersion', value: readResourceVersion(object) },
    ];
    const query = { fieldManager: manager };
    try {
      await client.send(what, { method: 'PATCH', path, query, body, contentType: 'application/json-patch+json' });
      return;
    } catch (error) {
      if (!isApiError(error) || error.status !== 409 || left <= 1) throw error;
      object = (await client.send(what, { method: 'GET', path })).body as KubernetesObject;
    }
  }
}
