import { exit, isUserError } from '../../errors.ts';
import { cleanForeignText } from '../../redact/door.ts';
import { openTransport, type ConnectContext } from '../connect.ts';
import { noCluster, noUser, type Connection } from '../connection.ts';
import { call, type HttpResponse } from '../http.ts';
import type { KubeCluster } from '../kubeconfig-entries.ts';
import type { ClusterAccess } from '../../profile/clusterprofile.ts';

/** Whether the control plane behind a connection is ready, as its own `/readyz` says. */

const probeTimeout = 10_000;
/** Bytes: the names of all checks of a server are a few thousand. */
const longestAnswer = 1024 * 1024;

/** What came of a question: a condition without its type and time. */
export type Verdict = [status: 'True' | 'False' | 'Unknown', reason: string, message?: string];

/** What a kubeconfig knows of a server besides. */
type KnownCluster = Pick<KubeCluster, 'caFile' | 'extensions'>;

/** A connection to the server of an access provider, without a login; a CA that it does not have is taken from a kubeconfig. */
export const buildConnection = (access: ClusterAccess, known: KnownCluster = noCluster): Connection => ({
  server: new URL(access.server),
  cluster: {
    ...noCluster,
    server: access.server,
    caData: access['certificate-authority-data'],
    caFile: access['certificate-authority-data'] ? undefined : known.caFile,
    tlsServerName: access['tls-server-name'],
    insecure: access['insecure-skip-tls-verify'],
    proxyUrl: access['proxy-url'],
    extensions: known.extensions,
  },
  user: noUser,
  namespace: 'default',
});

/** The checks that have failed, of `[-]etcd failed: reason withheld`. */
const listFailed = (text: string): string[] => [...text.matchAll(/^\[-\](\S+)/gm)].map(([, name = '']) => name);

/** What an answer says of a control plane. Only the words of an API server count: a login page answers 200 as well. */
function judgeAnswer({ status, body }: HttpResponse): Verdict {
  const text = typeof body === 'string' ? body : '';
  if (status === 200 && text.trim() === 'ok') return ['True', 'Ready'];
  const failed = listFailed(text);
  if (failed.length > 0) return ['False', 'NotReady', `/readyz: ${failed.join(', ')} failed`];
  if (status === 401 || status === 403) return ['Unknown', 'NotAllowed', `/readyz was answered with ${status}`];
  return ['Unknown', 'NoAnswer', `/readyz was answered with ${status}, not as an API server does`];
}

/** Not reached from here says nothing of how it is. */
function judgeFailure(error: unknown): Verdict {
  if (!isUserError(error) || error.code === exit.interrupted) throw error;
  return ['Unknown', error.code === exit.timeout ? 'NoAnswer' : 'NotReached', cleanForeignText(error.message)];
}

/** What the server of a connection says of its control plane. Never fails because of the server. */
export async function askReadyz(
  connection: Connection,
  { execPolicy, requestTimeout = probeTimeout }: Parameters<typeof openTransport>[1],
  context: ConnectContext,
): Promise<Verdict> {
  try {
    const transport = openTransport(connection, { execPolicy, requestTimeout }, context);
    const request = { method: 'GET', path: '/readyz', accept: 'text/plain, */*', longestAnswer } as const;
    return judgeAnswer(await call(transport, request));
  } catch (error) {
    return judgeFailure(error);
  }
}
