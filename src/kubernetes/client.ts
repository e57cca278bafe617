import type { KubernetesObject } from '../object.ts';
import { assertObject } from './answers.ts';
import { describeApiError } from './client/api-error.ts';
import { listRawPages, type ListPath, type ListQuery } from './client/pages.ts';
import type { ObjectEvent } from './client/known.ts';
import { watchObjects, type Heard } from './client/watch.ts';
import { call, type HttpRequest, type HttpResponse, type Transport } from './http.ts';

/** One API server. Fixed paths, so no discovery is needed. */
export interface Client {
  /** Its origin, for messages. */
  readonly host: string;
  /** Sends one request; anything but a success is an ApiError that begins with `what`. */
  send(what: string, request: HttpRequest): Promise<HttpResponse>;
  /**
   * Pages of a list. When a continue token has expired (410) the list goes on from the token in the error, or starts
   * again where there is none; `onInconsistent` hears of both, since the pages are then not of one moment.
   */
  pages<T extends KubernetesObject>(
    resource: ListPath,
    query: ListQuery,
    onInconsistent: () => void,
  ): AsyncIterable<T[]>;
  /** What there is, and from then on what becomes of it: see `watchObjects`. */
  watch<T extends KubernetesObject>(
    resource: ListPath,
    query: ListQuery,
    heard: Heard,
  ): AsyncIterable<ObjectEvent<T>[]>;
}

async function* listItems<T extends KubernetesObject>(...list: Parameters<typeof listRawPages>): AsyncIterable<T[]> {
  for await (const { items } of listRawPages<T>(...list)) yield items;
}

export const createClient = (transport: Transport): Client => ({
  host: transport.base.origin,
  async send(what, request) {
    const response = await call(transport, request);
    const { host } = transport.base;
    if (response.status < 200 || response.status >= 300) throw describeApiError(response, host, what);
    assertObject(response, request.body, host, what);
    return response;
  },
  pages: (resource, query, onInconsistent) => listItems(transport, resource, query, onInconsistent),
  watch: (resource, query, heard) => watchObjects(transport, resource, query, heard),
});
