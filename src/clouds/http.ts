import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudContext } from './context.ts';
import { isObject, readOwn } from '../object.ts';
import { createTimeout } from '../util/duration.ts';
import { cleanForeignText } from '../redact/door.ts';
import { waitUntil } from '../util/limits.ts';
import { computeRetryWait } from '../util/retry-after.ts';
import { codeOf, exit, messageOf, UserError, type ExitCode } from '../errors.ts';

/** An answer of a cloud's API, whatever its status. */
export interface Reply {
  status: number;
  header(name: string): string | undefined;
  body: unknown;
}

const retries = 4;
/** A service that asks for more patience than this is reported instead: nobody waits an hour for a list. */
const longestCloudWait = 30_000;
const retried = new Set([408, 429, 500, 502, 503, 504]);
const transient = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ERR_STREAM_PREMATURE_CLOSE']);

/** How long an answer asks to wait: by the standard header, or by Azure's in milliseconds, and never shorter than the backoff. */
function readRetryWait({ header }: Reply, backoff: number): number {
  const precise = Number(header('retry-after-ms') ?? header('x-ms-retry-after-ms') ?? 0);
  return computeRetryWait(header('retry-after'), precise > backoff ? precise : backoff);
}

const computeCloudBackoff = (attempt: number): number => 250 * 2 ** attempt * (0.5 + Math.random() / 2);

/** How long to wait before the next try, `undefined` when the outcome is final. */
function waitToRetry(outcome: Reply | { error: unknown }, attempt: number): number | undefined {
  if (attempt >= retries) return undefined;
  if ('error' in outcome) return transient.has(codeOf(outcome.error) ?? '') ? computeCloudBackoff(attempt) : undefined;
  if (!retried.has(outcome.status)) return undefined;
  const wait = readRetryWait(outcome, computeCloudBackoff(attempt));
  return wait > longestCloudWait ? undefined : wait;
}

/**
 * Sends a read until it has an answer that is final, each try within `--request-timeout`: throttling, server errors and lost connections are tried again.
 * The SDKs' own retries are switched off for it: one ignores Retry-After, the other waits as long as it says.
 */
export async function sendWithRetries(
  send: (signal: AbortSignal) => Promise<Reply>,
  { signal, common }: Pick<CloudContext, 'signal' | 'common'>,
): Promise<Reply> {
  const limit = common.requestTimeout ?? 30_000;
  for (let attempt = 0; ; attempt++) {
    const ended = limit > 0 ? AbortSignal.any([signal, createTimeout(limit)]) : signal;
    const outcome = await waitUntil(ended, send(ended)).catch((error: unknown) => ({ error }));
    if ('error' in outcome && ended.aborted && !signal.aborted)
      throw new UserError('no answer in time', {
        code: exit.timeout,
        hint: 'give it more time with --request-timeout',
        cause: outcome.error,
      });
    const wait = signal.aborted ? undefined : waitToRetry(outcome, attempt);
    if (wait !== undefined) await sleep(wait, undefined, { signal }).catch(() => undefined);
    else if ('error' in outcome) throw outcome.error;
    else return outcome;
  }
}

const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/** The base of an API without a closing slash. A token goes to it, so it is https, or this machine. */
export function parseApiBase(text: string, source: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw new UserError(`${source} takes a URL such as https://api.example.com`, { code: exit.usage, cause: error });
  }
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (!safe) throw new UserError(`${source} must be an https URL, since a token is sent to it`, { code: exit.usage });
  if (url.username || url.password || url.search || url.hash)
    throw new UserError(`${source} takes a URL without user, query and fragment`, { code: exit.usage });
  return url.href.replace(/\/$/, '');
}

/** What a service says, without Bun's advice to programmers. */
export const cleanServiceText = (text: string): string =>
  cleanForeignText(text.replace(/\.? ?For more information, pass `verbose: true`.*/s, ''));

/** The exit code that a status of an API stands for. */
export const mapStatusToExitCode = (status: number): ExitCode => {
  if (status === 401 || status === 403) return exit.auth;
  if (status === 404) return exit.notFound;
  if (status === 429) return exit.timeout;
  return status >= 400 && status < 500 && status !== 408 ? exit.input : exit.unreachable;
};

/** The error for a failure that is none of the API: it would say more. */
export const describeForeignFailure = (host: string, status: number): UserError =>
  new UserError(`${host} answered ${status}, and not as its API does`, {
    code: exit.unreachable,
    hint: 'is there a proxy in between that does not let it through?',
  });

/** The error for a success that is none of the API: a login page, a proxy, or another service. */
export const describeForeignAnswer = (host: string, contentType = 'no content type'): UserError =>
  new UserError(`${host} answered with ${contentType.split(';')[0]}, not with its API`, {
    code: exit.unreachable,
    hint: 'is this the address of the API, and is nothing in between that wants a login?',
  });

/**
 * The object in a success. An empty one is an empty answer; one that has none of the fields that the API answers with is
 * not its own, so that it never counts as an empty list.
 */
export function readObjectBody(
  { body, header }: Reply,
  host: string,
  fields: readonly string[],
): Record<string, unknown> {
  if (!isObject(body) || (Object.keys(body).length > 0 && !fields.some((field) => Object.hasOwn(body, field))))
    throw describeForeignAnswer(host, header('content-type'));
  return body;
}

const reasons: Record<string, string> = {
  ECONNRESET: 'the connection was lost',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection was lost',
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'its name cannot be resolved now',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'no route to host',
};

/** The error of an API that gave no answer at all. */
export function describeUnreachableApi(base: string, error: unknown): UserError {
  const { host } = new URL(base);
  // Bun's own words for what Node.js shows as the answer itself.
  const [, status] = /^Proxy refused to open a tunnel: (\d+)/.exec(messageOf(error)) ?? [];
  if (status !== undefined) return describeForeignFailure(host, Number(status));
  const code = codeOf(error) ?? '';
  const tls = /CERT|SELF_SIGNED|UNABLE_TO_/.test(code);
  return new UserError(`cannot reach ${host}: ${readOwn(reasons, code) ?? cleanServiceText(messageOf(error))}`, {
    code: exit.unreachable,
    hint: tls ? 'NODE_EXTRA_CA_CERTS names a file with the CA that signed its certificate' : undefined,
    cause: error,
  });
}

let muted = false;

/**
 * Keeps the process warnings of SDKs away from standard error (deprecations in their dependencies, look-ups that fail
 * by design): a user can do nothing about them.
 */
export function muteSdkWarnings(): void {
  if (muted) return;
  muted = true;
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  const unwanted = new Set(['DeprecationWarning', 'MetadataLookupWarning']);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    const [type] = rest;
    const given = typeof type === 'object' && type !== null && 'type' in type ? type.type : type;
    const name = warning instanceof Error ? warning.name : given;
    if (typeof name !== 'string' || !unwanted.has(name)) emit(warning, ...rest);
  };
}
