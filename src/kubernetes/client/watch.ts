import { setTimeout as sleep } from 'node:timers/promises';
import { apiStatus, exit, isUserError, messageOf } from '../../errors.ts';
import { isObject, type KubernetesObject } from '../../object.ts';
import { describeForeignServer, isWatched, readStatus } from '../answers.ts';
import { describeUnreachable, type HttpResponse, type Transport } from '../http.ts';
import { describeApiError } from './api-error.ts';
import { createKnownObjects, type KnownObjects, type ObjectEvent } from './known.ts';
import { formatApiVersion, formatPath, formatSelectors, listRawPages, type ListPath, type ListQuery } from './pages.ts';
import { readStream } from './stream.ts';

/** Who hears what a watch has to say besides its events. */
export interface Heard {
  /** The server is out of reach for a while; the watch goes on when it is back. */
  warn(message: string): void;
}

interface Watch<T extends KubernetesObject> {
  transport: Transport;
  resource: ListPath;
  query: ListQuery;
  known: KnownObjects<T>;
  heard: Heard;
}

/** Versions are numbers that grow; of those that are none, every other one is newer. */
function isNewerVersion(
  { metadata: { resourceVersion: now = '' } }: KubernetesObject,
  known: KubernetesObject,
): boolean {
  const { resourceVersion: before = '' } = known.metadata;
  const areNumbers = /^\d+$/.test(now) && /^\d+$/.test(before);
  return areNumbers ? BigInt(now) > BigInt(before) : now !== before;
}

/** All objects there are, and the version from which a watch misses nothing: that of the first page. */
async function listAll<T extends KubernetesObject>({
  transport,
  resource,
  query,
}: Watch<T>): Promise<{ objects: T[]; from: string | undefined }> {
  const objects: T[] = [];
  let from: string | undefined;
  // A list that is not of one moment is made whole by the events behind its first page.
  for await (const { items, resourceVersion } of listRawPages<T>(transport, resource, query, () => {})) {
    objects.push(...items);
    from ??= resourceVersion;
  }
  return { objects, from };
}

/** Seconds after which the server ends a watch; not the same for all, so that they do not all come back at once. */
const chooseDuration = (): string => String(300 + Math.floor(Math.random() * 300));

/** What a server sends on a line of a watch. */
interface Told {
  type: string;
  object: KubernetesObject;
}

const toAnswer = (body: unknown, status = 200): HttpResponse => ({ status, headers: {}, body });

/** An event, checked. Throws what the server says where it says that the watch has failed. */
function readTold(line: string, { transport, resource }: Watch<KubernetesObject>): Told {
  const what = `cannot watch ${resource.plural}`;
  const { host } = transport.base;
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    throw describeForeignServer(toAnswer(line), host, what);
  }
  const { type, object } = isObject(told) ? told : {};
  if (type === 'ERROR') {
    const code = isObject(object) && typeof object['code'] === 'number' ? object['code'] : 500;
    throw readStatus(toAnswer(object))
      ? describeApiError(toAnswer(object, code), host, what)
      : describeForeignServer(toAnswer(object), host, what);
  }
  const listed = { apiVersion: formatApiVersion(resource), kind: resource.kind };
  const isBookmark = type === 'BOOKMARK' && isObject(object) && isObject(object['metadata']);
  if (typeof type !== 'string' || !(isBookmark || isWatched(object, listed)))
    throw describeForeignServer(toAnswer(told), host, what);
  return { type, object: object as unknown as KubernetesObject };
}

async function* openWatch<T extends KubernetesObject>(watch: Watch<T>, from: string): AsyncIterable<Told> {
  const { transport, resource, query } = watch;
  const request = {
    method: 'GET' as const,
    path: formatPath(resource),
    query: {
      ...formatSelectors(query),
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: from,
      timeoutSeconds: chooseDuration(),
    },
  };
  const refuse = (response: HttpResponse): Error =>
    describeApiError(response, transport.base.host, `cannot watch ${resource.plural}`);
  for await (const line of readStream(transport, request, refuse)) yield readTold(line, watch);
}

/** Whether it helps to ask again: the server is away, or has too much to do. */
const isPassing = (error: unknown, { signal, interrupt }: Transport): boolean =>
  !signal.aborted &&
  !interrupt.aborted &&
  isUserError(error) &&
  (error.code === exit.unreachable || error.code === exit.timeout);

/** Attempts that follow each other at once where they succeed, and at growing distances where they do not. */
function createPatience({ transport, heard }: Pick<Watch<KubernetesObject>, 'transport' | 'heard'>): {
  succeed(): void;
  /** Waits before the next attempt. Throws what no waiting helps against. */
  wait(error?: unknown): Promise<void>;
} {
  let failures = 0;
  let isSaid = false;
  return {
    succeed() {
      failures = 0;
      isSaid = false;
    },
    async wait(error) {
      if (error !== undefined && !isPassing(error, transport)) throw error;
      if (error !== undefined && !isSaid) heard.warn(`${messageOf(error)}; the watch goes on when it answers again`);
      isSaid ||= error !== undefined;
      const pause = failures === 0 ? 0 : Math.min(100 * 2 ** failures, 30_000) * (0.5 + Math.random() / 2);
      failures++;
      const signal = AbortSignal.any([transport.signal, transport.interrupt]);
      await sleep(pause, undefined, { signal }).catch(() => {
        throw describeUnreachable(transport.base, error, transport);
      });
    },
  };
}

type Patience = ReturnType<typeof createPatience>;

/** What becomes of the objects from a version on, over as many connections as it takes, until the server has forgotten it. */
async function* follow<T extends KubernetesObject>(
  watch: Watch<T>,
  start: string,
  patience: Patience,
): AsyncIterable<ObjectEvent<T>[]> {
  let from = start;
  for (;;) {
    let failure: unknown;
    try {
      for await (const { type, object } of openWatch(watch, from)) {
        patience.succeed();
        from = object.metadata.resourceVersion ?? from;
        if (type === 'BOOKMARK') continue;
        const news = watch.known.takeEvent({ type, object } as ObjectEvent<T>);
        if (news.length > 0) yield news;
      }
    } catch (error) {
      if (apiStatus(error) === 410) return;
      failure = error;
    }
    await patience.wait(failure);
  }
}

/**
 * The objects there are, as ADDED and in one piece, which may be empty; then what becomes of them. It goes on after a
 * connection has ended, and where the server has forgotten what was between it lists again and tells the difference: what
 * vanished is DELETED. Nothing is told twice. It ends with an error only.
 */
export async function* watchObjects<T extends KubernetesObject>(
  transport: Transport,
  resource: ListPath,
  query: ListQuery,
  heard: Heard,
): AsyncIterable<ObjectEvent<T>[]> {
  const watch: Watch<T> = { transport, resource, query, heard, known: createKnownObjects<T>(isNewerVersion) };
  const patience = createPatience(watch);
  for (let isFirst = true; ;) {
    let listed: Awaited<ReturnType<typeof listAll<T>>>;
    try {
      listed = await listAll(watch);
    } catch (error) {
      if (isFirst) throw error;
      await patience.wait(error);
      continue;
    }
    const news = watch.known.takeList(listed.objects);
    if (isFirst || news.length > 0) yield news;
    isFirst = false;
    if (listed.from !== undefined) yield* follow(watch, listed.from, patience);
    await patience.wait();
  }
}
