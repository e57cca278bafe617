import { recursiveFlag, targetFlags } from '../stores/options.ts';
import { option, valuesOf, type ValuesOf } from '../options.ts';
import type { Define } from './command.ts';
import { isBeingDeleted } from '../object.ts';
import { sayOnce } from '../util/notices.ts';
import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import type { Member } from '../access/member.ts';
import { exit, isUserError, refusal, UserError, usageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { providerAliasOption } from '../access/provider-alias.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { startDeadline, describeEnd } from '../util/limits.ts';
import { allowHostOption } from '../export/kit/cloud-hosts.ts';
import { createExportContext } from '../export/context.ts';
import { assertShape } from '../profile/shape/well-formed.ts';
import { addFlags, keepExitCode, keepRules, withExamples } from './flags/flags.ts';
import { assertPerson, hasPerson, pickProfile } from './flags/pick.ts';
import { assertTogether, rulesOf } from './flags/rules.ts';
import { describeMissing, openToRead, buildQuery } from '../stores/read.ts';
import { quoteForShell } from '../util/shell.ts';

const flags = {
  providerFile: option.text(
    '--provider-file <file>',
    'JSON that names the command for each access provider (KEP-4322)',
    { required: true, settable: 'personal' },
  ),
  providerAlias: providerAliasOption,
  filename: option.texts('-f, --filename <file>', 'files or a directory with ClusterProfiles instead; repeatable'),
  recursive: recursiveFlag,
  allowInsecure: option.flag('--allow-insecure', 'take a profile that skips TLS verification or has no https server', {
    settable: 'personal',
  }),
  allowHost: allowHostOption,
  ...targetFlags,
};

type AccessOptions = ValuesOf<typeof flags>;

/** The one profile of a name: two namespaces of files or a directory may have the same. Without a name, the one chosen. */
async function findProfile(name: string | undefined, options: AccessOptions, io: Io): Promise<ClusterProfile> {
  const { inventory } = await openToRead(options, io);
  if (name === undefined) {
    const picked = await pickProfile(inventory, options, io);
    assertShape(picked);
    return picked;
  }
  const found: ClusterProfile[] = [];
  try {
    for await (const page of inventory.list(buildQuery(options, inventory, name))) found.push(...page);
  } catch (error) {
    throw io.signal.aborted ? describeEnd(options, io) : error;
  }
  const [profile, other] = found;
  if (!profile) throw await describeMissing([name], 'access', { inventory, options }, io);
  if (other) throw usageError(`${nameOf(profile)} and ${nameOf(other)} have that name`, 'say which with -n NAMESPACE');
  assertShape(profile);
  return profile;
}

/** The profile's cluster and the operator's plugin for it, by the same rules as for `export`. */
async function resolveMember(
  profile: ClusterProfile,
  options: AccessOptions,
  warn: (message: string) => void,
): Promise<Member> {
  const { readProviderFile } = await import('../access/provider-file.ts');
  const providers = readProviderFile(options.providerFile);
  const own = (message: string): void => warn(`${nameOf(profile)}: ${message}`);
  try {
    const { allowHost } = options;
    return createExportContext({
      profiles: [profile],
      options,
      own: { allowHost },
      providers,
      warn: own,
      note: warn,
    }).exec(profile);
  } catch (error) {
    if (!isUserError(error)) throw error;
    throw new UserError(`${nameOf(profile)}: ${error.message}`, { code: error.code, hint: error.hint, cause: error });
  }
}

/** Runs a command that reaches the profile's cluster by its KUBECONFIG. Returns its exit code. */
async function runCommand(
  name: string | undefined,
  words: readonly string[],
  options: AccessOptions,
  io: Io,
): Promise<number> {
  const profile = await findProfile(name, options, io);
  const note = sayOnce(io, options);
  if (isBeingDeleted(profile)) note(`warning: ${makeSafeLine(nameOf(profile))} is being deleted`);
  const member = await resolveMember(profile, options, (message) => note(`warning: ${makeSafeLine(message)}`));
  const { resolveHubKubeconfig } = await import('../access/member.ts');
  const { runWithAccess } = await import('../access/run-command.ts');
  const hub = resolveHubKubeconfig(options.kubeconfig, io.env);
  return runWithAccess({ ...member, name: profile.metadata.name, hub }, words, io);
}

/** By this a run that is asked for by a run for the same profile is known: a hub that is reached by its own member. */
const running = 'CLUSTERPROFILE_ACCESS';

/** The same process for everything that runs for this profile. */
function markRunning(name: string, { namespace = '' }: AccessOptions, io: Io): Io {
  const own = `${namespace}/${name}`;
  const outer = (io.env[running] ?? '').split(' ').filter(Boolean);
  if (outer.includes(own))
    throw refusal(
      `access to ${name} is asked for while it is being given: the hub's kubeconfig reaches the hub through ${name}`,
      'name the hub with --kubeconfig and --context',
    );
  return Object.assign(Object.create(io) as Io, { env: { ...io.env, [running]: [...outer, own].join(' ') } });
}

/** Prints a credential for the profile's cluster, as a credential plugin does. Returns the exit code. */
async function printCredential(name: string | undefined, options: AccessOptions, io: Io): Promise<number> {
  if (io.terminal.out)
    throw refusal(
      'a credential is not printed on a terminal',
      `${io.program} access ${name === undefined ? 'NAME' : quoteForShell(name)} … -- COMMAND runs a command with it`,
    );
  const { formatExecCredential, assertSameServer, parseExecInfo } = await import('../access/caller.ts');
  const { resolveHubKubeconfig, requestMemberCredential } = await import('../access/member.ts');
  const caller = parseExecInfo(io.env);
  // A kubeconfig that runs this as its plugin has a name in it, so only such a run can lead back to itself.
  const inner = name === undefined ? io : markRunning(name, options, io);
  // Nobody reads warnings at each login, and who made the kubeconfig has seen them.
  const member = await resolveMember(await findProfile(name, options, inner), options, () => {});
  assertSameServer(caller, member.cluster.server);
  const signal = startDeadline(options, io);
  const env = { ...inner.env, KUBECONFIG: resolveHubKubeconfig(options.kubeconfig, io.env) };
  const credential = await requestMemberCredential(member, { env, signal }).catch((error: unknown) => {
    throw signal.aborted ? describeEnd(options, io) : error;
  });
  io.out(formatExecCredential(caller, credential));
  return exit.done;
}

const refuseOrder = (): UserError =>
  usageError('a command to run comes last, after --', 'access NAME --provider-file FILE -- COMMAND ARGS…');

/** The name, and the words after `--`; `undefined` for what is not there. */
function splitOperands(
  words: readonly string[],
  operands: readonly string[],
): { name: string | undefined; command: string[] | undefined } {
  const at = words.indexOf('--');
  const command = at < 0 ? undefined : words.slice(at + 1);
  const names = operands.slice(0, operands.length - (command?.length ?? 0));
  if (names.length > 1) throw refuseOrder();
  if (command?.length === 0) throw usageError('which command?', 'access NAME --provider-file FILE -- COMMAND ARGS…');
  return { name: names[0], command };
}

export const define: Define = (command, io, words) => {
  command
    .description(
      "Run a command with access to a ClusterProfile's cluster, by the operator's provider file (KEP-4322); " +
        'without a command, print an ExecCredential as a credential plugin does (KEP-541).',
    )
    .argument('[name]', 'profile of the cluster; at a terminal, without one, all are offered')
    .argument('[command...]', 'what to run, after --; its KUBECONFIG has that cluster only')
    .usage('[name] [flags] [-- <command> [args...]]');
  withExamples(command, io, [
    ['access prod-us -n fleet --provider-file providers.json -- kubectl get nodes', 'one command'],
    ['access prod-us --inventory fleet/ --provider-file providers.json -- bash', 'a shell'],
    ['access prod-us -n fleet --provider-file providers.json', 'as a plugin: export kubeconfig --exec self'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('access'));
  command.action(async (first: string | undefined, rest: string[], given: object) => {
    const options = valuesOf(flags, given);
    assertTogether('access', options);
    const { name, command: toRun } = splitOperands(words, first === undefined ? [] : [first, ...rest]);
    // Whoever has forgotten that the name stands before the -- has given one.
    if (name === undefined && toRun && !hasPerson(io)) throw refuseOrder();
    if (name === undefined) assertPerson(command, io);
    const code = toRun ? runCommand(name, toRun, options, io) : printCredential(name, options, io);
    keepExitCode(command, await code);
  });
};
