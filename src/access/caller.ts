import { execVersions } from './provider.ts';
import { formatTime } from '../util/duration.ts';
import { exit, refusal, UserError, isUserError } from '../errors.ts';
import { normaliseServerUrl } from '../profile/endpoint/server-url.ts';
import { text, isObject } from '../object.ts';
import type { ExecCredential } from './exec.ts';

/** What the program that runs us as its credential plugin wants (KEP-541). */
export interface Caller {
  /** The version to answer in. */
  apiVersion: string;
  /** Where it will send the credential; absent where it does not say. */
  server: string | undefined;
}

const rejectExecInfo = (what: string): UserError =>
  new UserError(`KUBERNETES_EXEC_INFO ${what}`, {
    code: exit.input,
    hint: 'unset it to get client.authentication.k8s.io/v1',
  });

function readCaller(info: Record<string, unknown>): Caller {
  const apiVersion = text(info, 'apiVersion') ?? '';
  if (text(info, 'kind') !== 'ExecCredential' || !execVersions.has(apiVersion))
    throw rejectExecInfo(`is no ExecCredential of ${[...execVersions].join(' or ')}`);
  return { apiVersion, server: text(info, 'spec', 'cluster', 'server') };
}

/** Reads KUBERNETES_EXEC_INFO; v1 without it. What it holds is never shown. */
export function parseExecInfo(env: Readonly<Record<string, string | undefined>>): Caller {
  const given = env['KUBERNETES_EXEC_INFO'];
  if (!given) return { apiVersion: 'client.authentication.k8s.io/v1', server: undefined };
  let info: unknown;
  try {
    info = JSON.parse(given);
  } catch {
    throw rejectExecInfo('is not JSON');
  }
  if (!isObject(info)) throw rejectExecInfo('is no map');
  try {
    return readCaller(info);
  } catch (error) {
    // The path alone does not say that it is in KUBERNETES_EXEC_INFO.
    throw isUserError(error) && error.hint === undefined ? rejectExecInfo(`is malformed: ${error.message}`) : error;
  }
}

const normaliseServer = (server: string): string | undefined => {
  const url = normaliseServerUrl(server);
  return url && new URL(url).href;
};

/** A credential for one server must not go to another: the profile may have changed since its kubeconfig was written. */
export function assertSameServer({ server }: Caller, now: string): void {
  if (server === undefined || normaliseServer(server) === normaliseServer(now)) return;
  throw refusal(
    `the caller would send its credential to another server than the profile has now (${new URL(now).host})`,
    'make the kubeconfig again: clusterprofile export kubeconfig',
  );
}

/** An ExecCredential, as a credential plugin prints it. */
export function formatExecCredential(
  { apiVersion }: Caller,
  { token, certificate, key, expires }: ExecCredential,
): string {
  const status = {
    // metav1.Time has whole seconds; one too early is harmless.
    ...(expires !== undefined && { expirationTimestamp: formatTime(expires) }),
    ...(token && { token }),
    ...(certificate && key && { clientCertificateData: certificate, clientKeyData: key }),
  };
  return `${JSON.stringify({ apiVersion, kind: 'ExecCredential', status })}\n`;
}
