import type { ExportOptions } from './flags.ts';
import type { ExportContext } from './kit/exporter.ts';
import { resolveHubKubeconfig, requestMemberCredential } from '../access/member.ts';
import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { formatTime } from '../util/duration.ts';
import { exit, isUserError, refusal, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { pool } from '../util/pool.ts';
import { startDeadline, describeEnd } from '../util/limits.ts';
import { parseConcurrency } from '../stores/open.ts';

/** A profile's token, or why it has none. */
type Token = string | UserError;

/** What the header of a request can carry. */
const bearerSyntax = /^[\u0021-\u007e]+$/;

/** Never where a terminal would show them. */
function assertHidden({ outputDir, apply, diff, showSecrets }: ExportOptions, { terminal }: Io): void {
  const printed = diff ? showSecrets : !apply && outputDir === undefined;
  if (terminal.out && printed)
    throw refusal('a credential is not printed on a terminal', '--output-dir DIR, or send the output into a file');
}

async function readToken(
  profile: ClusterProfile,
  context: ExportContext,
  run: { env: Io['env']; signal: AbortSignal },
): Promise<{ token: string; end: string }> {
  const { token, expires } = await requestMemberCredential(context.exec(profile), run);
  if (token === undefined)
    throw refusal(
      'its plugin gives a client certificate and no token',
      '--credentials exec, where the consumer takes it',
    );
  if (!bearerSyntax.test(token)) throw refusal('what its plugin gives as a token is none');
  const end =
    expires === undefined ? 'its plugin does not say when its token ends' : `its token ends at ${formatTime(expires)}`;
  return { token, end };
}

/** A failed plugin ends the export, unless the rest is wanted. */
const explainFailure = (profile: ClusterProfile, error: UserError, { skipRefused }: ExportOptions): UserError =>
  error.code === exit.refused || skipRefused
    ? refusal(error.message, error.hint)
    : new UserError(`${nameOf(profile)}: ${error.message}`, { code: error.code, hint: error.hint, cause: error });

/**
 * Runs the plugin of each profile, once, before anything is translated. Returns what they gave, or why they did not. Only
 * for `--credentials embed`.
 */
export async function readTokens(
  profiles: readonly ClusterProfile[],
  context: ExportContext,
  options: ExportOptions,
  io: Io,
): Promise<Map<ClusterProfile, Token>> {
  assertHidden(options, io);
  const tokens = new Map<ClusterProfile, Token>();
  const ends = new Map<ClusterProfile, string>();
  const signal = startDeadline(options, io);
  const env = { ...io.env, KUBECONFIG: resolveHubKubeconfig(options.kubeconfig, io.env) };
  const read = async (profile: ClusterProfile): Promise<void> => {
    try {
      const { token, end } = await readToken(profile, context, { env, signal });
      tokens.set(profile, token);
      ends.set(profile, end);
    } catch (error) {
      if (!isUserError(error)) throw error;
      tokens.set(profile, explainFailure(profile, error, options));
    }
  };
  await pool(profiles, parseConcurrency(options), read, signal);
  if (signal.aborted) throw describeEnd(options, io);
  for (const profile of profiles.filter((each) => ends.has(each))) context.warn(ends.get(profile) ?? '', profile);
  return tokens;
}
