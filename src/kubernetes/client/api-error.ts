import { exit, isUserError, UserError, type ExitCode } from '../../errors.ts';
import { cleanForeignText } from '../../redact/door.ts';
import { quoteForShell } from '../../util/shell.ts';
import { describeForeignServer, isOwnNotFound, readStatus, type Status } from '../answers.ts';
import type { HttpResponse } from '../http.ts';

/** An answer of the API server that is not a success, with what it says. */
export class ApiError extends UserError {
  readonly status: number;
  readonly body: Status;

  constructor(message: string, status: number, body: Status, code: ExitCode, hint?: string) {
    super(message, { code, hint });
    this.status = status;
    this.body = body;
  }
}

/** Tells an ApiError from any other error. */
export const isApiError = (error: unknown): error is ApiError =>
  isUserError(error) && 'status' in error && 'body' in error;

const codes: Record<number, ExitCode> = {
  401: exit.auth,
  403: exit.auth,
  404: exit.notFound,
  408: exit.timeout,
  409: exit.refused,
  422: exit.input,
  400: exit.input,
  // Throttled until no try was left: the server's answer did not come in time.
  429: exit.timeout,
};

/** Statuses that mean the same from whoever is in between. */
const anyServer = new Set([429, 502, 503, 504]);

/** As long as what a server says of an object with many faults. */
const longestStatusMessage = 4000;

const cleanMessage = <T extends { message?: string | undefined }>(of: T): T =>
  of.message === undefined ? of : { ...of, message: cleanForeignText(of.message, longestStatusMessage) };

/** A Status whose texts can be shown: an admission webhook or a proxy may quote whatever it was sent. */
function cleanStatus(status: Status | undefined): Status | undefined {
  if (!status) return undefined;
  const { details } = status;
  return { ...cleanMessage(status), details: { ...details, causes: details?.causes?.map(cleanMessage) ?? [] } };
}

/**
 * The answer as an error: what the server says, the exit code it stands for, a hint where there is one. What no API server
 * says of itself (an HTML page with 404) does not count as its word.
 */
export function describeApiError(response: HttpResponse, host: string, what: string): UserError {
  const { status } = response;
  const own = cleanStatus(readStatus(response));
  if (!own && !anyServer.has(status) && !(status === 404 && isOwnNotFound(response)))
    return describeForeignServer(response, host, what);
  const message = own?.message ?? `the server answered ${status}`;
  const code = codes[status] ?? exit.unreachable;
  return new ApiError(`${what}: ${message}`, status, own ?? {}, code, hintApiError(status, message));
}

function hintApiError(status: number, message: string): string | undefined {
  if (status === 401) return 'kubectl auth whoami shows who you are to the hub; log in again or name another --context';
  const [, verb, resource, rest] = /cannot (\S+) resource "([^"]+)"(.*)$/.exec(message) ?? [];
  if (status === 403 && verb) {
    const [, group] = /in API group "([^"]*)"/.exec(rest ?? '') ?? [];
    const [, namespace] = /in the namespace "([^"]+)"/.exec(rest ?? '') ?? [];
    const right = `${quoteForShell(verb)} ${quoteForShell(`${resource}${group ? `.${group}` : ''}`)}`;
    const place = namespace ? `-n ${quoteForShell(namespace)}` : '-A';
    return `kubectl auth can-i ${right} ${place} shows it; ask for that right`;
  }
  return undefined;
}
