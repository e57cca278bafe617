import { exit, isUserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { openTransport, type ConnectContext } from '../kubernetes/connect.ts';
import { noCluster, noUser, type Connection } from '../kubernetes/connection.ts';
import type { KubeUser } from '../kubernetes/kubeconfig-entries.ts';
import { call, type HttpResponse } from '../kubernetes/http.ts';
import { startProgress } from '../output/progress.ts';
import type { Cluster, ClusterAccess, ReportedCondition } from '../profile/clusterprofile.ts';
import { cleanForeignText } from '../redact/door.ts';
import { formatTime } from '../util/duration.ts';
import { describeEnd, startDeadline } from '../util/limits.ts';
import { pool } from '../util/pool.ts';
import { formatAmount } from '../util/text.ts';
import type { ImportOptions } from './flags.ts';
import { buildCondition } from './kit/conditions.ts';
import type { Login } from './kit/importer.ts';

const type = 'ControlPlaneHealthy';
const probeTimeout = 10_000;
const atOnce = 16;
/** Bytes: the names of all checks of a server are a few thousand. */
const longestAnswer = 1024 * 1024;

/** What came of a probe: a condition without its type and time. */
type Verdict = [status: 'True' | 'False' | 'Unknown', reason: string, message?: string];

/** Sources that know say so; `Unknown` leaves the question open. */
const isTold = ({ conditions = [] }: Cluster): boolean =>
  conditions.some((each) => each?.type === type && each.status !== 'Unknown');

const findServer = ({ access = [] }: Cluster): ClusterAccess | undefined =>
  access.find((provider) => provider?.cluster?.server)?.cluster;

/** The connection that the profile itself will offer; a CA that it has no room for is taken from the kubeconfig. */
const buildConnection = (access: ClusterAccess, login: Login | undefined, user: KubeUser): Connection => ({
  server: new URL(access.server ?? ''),
  cluster: {
    ...noCluster,
    server: access.server,
    caData: access['certificate-authority-data'],
    caFile: access['certificate-authority-data'] ? undefined : login?.cluster.caFile,
    tlsServerName: access['tls-server-name'],
    insecure: access['insecure-skip-tls-verify'],
    proxyUrl: access['proxy-url'],
    extensions: login?.cluster.extensions ?? [],
  },
  user,
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

/** Who answers where no certificate is checked is not known, so neither is how the cluster is. */
const isVerified = ({ server, cluster }: Connection): boolean => server.protocol === 'https:' && !cluster.insecure;

async function ask(connection: Connection, options: ImportOptions, context: ConnectContext): Promise<Verdict> {
  const { execPolicy, requestTimeout = probeTimeout } = { ...options, ...options.source };
  try {
    const transport = openTransport(connection, { execPolicy, requestTimeout }, context);
    const request = { method: 'GET', path: '/readyz', accept: 'text/plain, */*', longestAnswer } as const;
    return judgeAnswer(await call(transport, request));
  } catch (error) {
    return judgeFailure(error);
  }
}

/** Asks anonymously, and with the login of a kubeconfig where that is not answered and the server is the right one. */
async function probe(
  access: ClusterAccess,
  login: Login | undefined,
  options: ImportOptions,
  context: ConnectContext,
): Promise<Verdict> {
  const connection = buildConnection(access, login, noUser);
  const verdict = await ask(connection, options, context);
  if (!isVerified(connection))
    return verdict[0] === 'Unknown' ? verdict : ['Unknown', 'NotVerified', 'the server certificate is not checked'];
  const user = verdict[1] === 'NotAllowed' ? login?.user : undefined;
  return user ? ask(buildConnection(access, login, user), options, context) : verdict;
}

const withHealth = (cluster: Cluster, health: ReportedCondition): Cluster => ({
  ...cluster,
  conditions: [...(cluster.conditions ?? []).filter((each) => each?.type !== type), health],
});

/**
 * The clusters, those whose health the source does not tell with what their servers say of it (`--probe`). A cluster
 * without a server stays as it is, which is said once. Never fails because of a server.
 */
export async function probeClusters(
  { clusters, logins }: { clusters: readonly Cluster[]; logins: ReadonlyMap<Cluster, Login> },
  options: ImportOptions,
  io: Io,
): Promise<Cluster[]> {
  const signal = startDeadline(options, io);
  const context = { env: io.env, signal, interrupt: io.signal, concurrency: 1, warn() {}, warnFromServer() {} };
  const time = options.asOf ?? formatTime(Date.now());
  const open = clusters.filter((cluster) => !isTold(cluster) && !cluster.compat);
  const asked = new Set(open.filter((cluster) => findServer(cluster)));
  const bar = startProgress(io, 'asking for /readyz', asked.size);
  try {
    const done = await pool(clusters, atOnce, async (cluster) => {
      const access = findServer(cluster);
      if (!access || !asked.has(cluster)) return cluster;
      const [status, reason, message] = await probe(access, logins.get(cluster), options, context);
      bar.step();
      return withHealth(cluster, buildCondition(type, status, reason, { message, time }));
    });
    if (signal.aborted || io.signal.aborted) throw describeEnd(options, io);
    if (asked.size < open.length && !options.quiet)
      io.err(`note: ${formatAmount(open.length - asked.size, 'cluster')} without a server not asked for /readyz\n`);
    return done.filter((cluster) => cluster !== undefined);
  } finally {
    bar.end();
  }
}
