import type { Io } from '../io.ts';
import type { ConnectContext } from '../kubernetes/connect.ts';
import { askReadyz, buildConnection, type Verdict } from '../kubernetes/client/readyz.ts';
import type { Connection } from '../kubernetes/connection.ts';
import { startProgress } from '../output/progress.ts';
import type { Cluster, ClusterAccess, ReportedCondition } from '../profile/clusterprofile.ts';
import { formatTime } from '../util/duration.ts';
import { describeEnd, startDeadline } from '../util/limits.ts';
import { pool } from '../util/pool.ts';
import { formatAmount } from '../util/text.ts';
import type { ImportOptions } from './flags.ts';
import { buildCondition } from './kit/conditions.ts';
import type { Login } from './kit/importer.ts';

const type = 'ControlPlaneHealthy';
const atOnce = 16;

/** Sources that know say so; `Unknown` leaves the question open. */
const isTold = ({ conditions = [] }: Cluster): boolean =>
  conditions.some((each) => each?.type === type && each.status !== 'Unknown');

const findServer = ({ access = [] }: Cluster): ClusterAccess | undefined =>
  access.find((provider) => provider?.cluster?.server)?.cluster;

/** Who answers where no certificate is checked is not known, so neither is how the cluster is. */
const isVerified = ({ server, cluster }: Connection): boolean => server.protocol === 'https:' && !cluster.insecure;

const ask = (connection: Connection, options: ImportOptions, context: ConnectContext): Promise<Verdict> =>
  askReadyz(connection, { ...options, ...options.source }, context);

/** Asks anonymously, and with the login of a kubeconfig where that is not answered and the server is the right one. */
async function probe(
  access: ClusterAccess,
  login: Login | undefined,
  options: ImportOptions,
  context: ConnectContext,
): Promise<Verdict> {
  // As the profile itself will offer it; a CA that it has no room for is taken from the kubeconfig.
  const connection = buildConnection(access, login?.cluster);
  const verdict = await ask(connection, options, context);
  if (!isVerified(connection))
    return verdict[0] === 'Unknown' ? verdict : ['Unknown', 'NotVerified', 'the server certificate is not checked'];
  const user = verdict[1] === 'NotAllowed' ? login?.user : undefined;
  return user ? ask({ ...connection, user }, options, context) : verdict;
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
