import { askReadyz, buildConnection } from '../kubernetes/client/readyz.ts';
import type { ConnectContext } from '../kubernetes/connect.ts';
import { accessProvidersOf, nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { normaliseServerUrl } from '../profile/endpoint/server-url.ts';
import { pool } from '../util/pool.ts';
import { createChecker, type Check } from './check.ts';

/** Whether the servers of an inventory answer from here, by their name and their CA. */

const atOnce = 16;

async function checkServer(profile: ClusterProfile, context: ConnectContext): Promise<Check> {
  const check = createChecker('DR009', nameOf(profile));
  const access = accessProvidersOf(profile).find(({ cluster }) => cluster?.server)?.cluster;
  const server = normaliseServerUrl(access?.server);
  if (access === undefined || server === undefined) return check('warning', 'it has no server that could be asked');
  const connection = buildConnection({ ...access, server });
  const [status, reason, message = ''] = await askReadyz(connection, {}, context);
  const host = connection.server.origin;
  if (status === 'True') return check('ok', `${host} is ready`);
  // Who may not ask has been answered: the name, the CA and the way to it are right.
  if (reason === 'NotAllowed') return check('ok', `${host} answers, and does not tell strangers whether it is ready`);
  return check(status === 'False' ? 'error' : 'warning', `${host}: ${message}`);
}

/** A check for each profile: an anonymous question to its server, in which no login leaves. */
export const checkServers = async (profiles: readonly ClusterProfile[], context: ConnectContext): Promise<Check[]> =>
  (await pool([...profiles], atOnce, (profile) => checkServer(profile, context))).filter((each) => each !== undefined);
