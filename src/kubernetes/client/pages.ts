import { exit, UserError } from '../../errors.ts';
import type { KubernetesObject } from '../../object.ts';
import { listIn, readStatus } from '../answers.ts';
import { call, type HttpResponse, type Transport } from '../http.ts';
import { describeApiError } from './api-error.ts';

export interface ResourcePath {
  group: string;
  version: string;
  plural: string;
  namespace?: string | undefined;
}

/** Objects of a kind. */
export interface ListPath extends ResourcePath {
  kind: string;
}

export interface ListQuery {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  limit?: number;
  /** Names, labels and annotations only: what else is in an object is not sent. */
  metadataOnly?: boolean;
}

const listPageSize = 500;

export function formatPath({ group, version, plural, namespace }: ResourcePath, ...rest: string[]): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespace ? ['namespaces', namespace] : [];
  return [root, ...[...scope, plural, ...rest].map(encodeURIComponent)].join('/');
}

export const formatApiVersion = ({ group, version }: ResourcePath): string =>
  group === '' ? version : `${group}/${version}`;

/** The selectors of a query, as a list and a watch send them. */
export const formatSelectors = ({ labelSelector, fieldSelector }: ListQuery): Record<string, string | undefined> => ({
  labelSelector: labelSelector || undefined,
  fieldSelector: fieldSelector || undefined,
});

const readUid = ({ metadata }: KubernetesObject): string => metadata.uid ?? `${metadata.namespace}/${metadata.name}`;

function readPage(response: HttpResponse, resource: ListPath, { host }: URL): ReturnType<typeof listIn> {
  const what = `cannot list ${resource.plural}`;
  if (response.status !== 200) throw describeApiError(response, host, what);
  return listIn(response, { apiVersion: formatApiVersion(resource), kind: resource.kind }, host, what);
}

const restartsAllowed = 3;

/** A page of a list, and the moment that the list is of. */
export interface RawPage<T> {
  items: T[];
  resourceVersion: string | undefined;
}

export async function* listRawPages<T extends KubernetesObject>(
  transport: Transport,
  resource: ListPath,
  query: ListQuery,
  onInconsistent: () => void,
): AsyncIterable<RawPage<T>> {
  const { limit = listPageSize, metadataOnly } = query;
  const selectors = formatSelectors(query);
  const request = (token?: string): Promise<HttpResponse> => {
    const response = call(transport, {
      method: 'GET',
      path: formatPath(resource),
      accept: metadataOnly ? 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' : undefined,
      query: { limit: String(limit), ...selectors, continue: token },
    });
    // Nobody may be waiting for it any more; whoever is hears of its failure.
    response.catch(() => {});
    return response;
  };
  const seen = new Set<string>();
  const tokens = new Set<string>();
  let restarts = 0;
  let token: string | undefined;
  let coming: Promise<HttpResponse> | undefined = request();
  while (coming) {
    const response: HttpResponse = await coming;
    if (response.status === 410 && token && restarts++ < restartsAllowed) {
      onInconsistent();
      token = readStatus(response)?.metadata?.continue || undefined;
      coming = request(token);
      continue;
    }
    const { items, continueToken, resourceVersion } = readPage(response, resource, transport.base);
    token = continueToken;
    if (token !== undefined && tokens.has(token))
      throw new UserError(`cannot list ${resource.plural}: ${transport.base.host} answers the same page again`, {
        code: exit.unreachable,
      });
    if (token !== undefined) tokens.add(token);
    coming = token === undefined ? undefined : request(token);
    // The hub makes the next page while this one is handled, once the request for it is out.
    if (coming) await new Promise((resolve) => setImmediate(resolve));
    // After a restart the same object may come again.
    const news = (items as T[]).filter((item) => !seen.has(readUid(item)));
    for (const item of news) seen.add(readUid(item));
    yield { items: news, resourceVersion };
  }
}
