import type { Define } from '../command.ts';
import { exit, isUserError } from '../../errors.ts';
import { addFlags, keepExitCode, withExamples } from '../flags/flags.ts';
import { findConsumers } from '../flags/validate.ts';
import { readProviderFile } from '../../access/provider-file.ts';
import { createChecker, type Check } from '../../doctor/check.ts';
import { checkHub, type HubQuestions } from '../../doctor/hub.ts';
import { checkProviders, groupByProvider } from '../../doctor/plugins.ts';
import { checkServers } from '../../doctor/reach.ts';
import { checkSecrets } from '../../doctor/secrets.ts';
import { checkSources } from '../../doctor/sources.ts';
import type { Io } from '../../io.ts';
import { connect, type ConnectContext } from '../../kubernetes/connect.ts';
import { option, valuesOf, type ValuesOf } from '../../options.ts';
import { paintFor, paintSeverity } from '../../output/paint.ts';
import { formatColumns } from '../../output/text.ts';
import type { ClusterProfile } from '../../profile/clusterprofile.ts';
import { connectContext, openInventory } from '../../stores/open.ts';
import { targetFlags } from '../../stores/options.ts';
import { buildQuery } from '../../stores/read.ts';
import { describeEnd } from '../../util/limits.ts';
import { makeSafeLine } from '../../util/safe-text.ts';
import { formatAmount } from '../../util/text.ts';

const flags = {
  for: option.texts('--for <consumer>', 'the rights that an export to it needs too; repeatable'),
  reach: option.flag('--reach', 'ask the server of every profile whether it is ready, without a login', {
    settable: 'personal',
  }),
  providerFile: option.text('--provider-file <file>', 'access provider file that the profiles should fit (KEP-4322)', {
    settable: 'personal',
  }),
  output: option.oneOf('-o, --output <format>', 'json or junit instead of lines', ['json', 'junit']),
  allNamespaces: option.flag('-A, --all-namespaces', 'the profiles of all namespaces'),
  ...targetFlags,
};

type DoctorOptions = ValuesOf<typeof flags>;
type Consumers = Awaited<ReturnType<typeof findConsumers>>;

/** What the exports to consumers write, each kind where they write it. */
const listWritten = (consumers: Consumers, namespace: string): HubQuestions['written'] =>
  [...consumers.values()].flatMap(({ exporter }) => {
    const place = exporter.namespace?.(valuesOf(exporter.options ?? {}, {}));
    return (exporter.kinds ?? []).map((kind) => ({ kind, namespace: kind.namespace ?? place ?? namespace }));
  });

async function readProfiles(options: DoctorOptions, io: Io): Promise<ClusterProfile[]> {
  const inventory = await openInventory(options, io);
  const profiles: ClusterProfile[] = [];
  for await (const page of inventory.list(buildQuery(options, inventory))) profiles.push(...page);
  return profiles;
}

/** The checks of the inventory itself: a hub, or a directory, which has no rights and no API. */
async function* checkInventory(
  options: DoctorOptions,
  consumers: Consumers,
  context: ConnectContext,
  io: Io,
): AsyncIterable<Check> {
  if (options.inventory !== undefined) return;
  const config = createChecker('DR001', 'connection');
  try {
    const { client, namespace } = connect(options, context);
    yield config('ok', `the hub is ${client.host}, the namespace ${namespace}`);
    yield* checkHub({ client, namespace, program: io.program, written: listWritten(consumers, namespace) });
  } catch (error) {
    if (!isUserError(error) || error.code === exit.usage) throw error;
    yield config('error', error.message, error.hint);
  }
}

async function* checkProfiles(options: DoctorOptions, context: ConnectContext, io: Io): AsyncIterable<Check> {
  const file = options.providerFile;
  const entries = file === undefined ? [] : readProviderFile(file);
  const profiles = await readProfiles(options, io);
  yield* checkProviders(groupByProvider(profiles), { file, entries }, io);
  if (options.inventory === undefined) yield* checkSecrets(profiles, entries, connect(options, context));
  if (options.reach) yield* await checkServers(profiles, context);
}

/** Everything that can be looked at; without a hub that lists, no profiles. */
async function runChecks(options: DoctorOptions, io: Io): Promise<Check[]> {
  // A consumer that does not exist is said before anything is asked.
  const consumers = await findConsumers(options.for);
  const context = connectContext(options, io);
  const checks: Check[] = [];
  try {
    for await (const check of checkInventory(options, consumers, context, io)) checks.push(check);
    if (checks.every(({ result }) => result !== 'error'))
      for await (const check of checkProfiles(options, context, io)) checks.push(check);
  } catch (error) {
    throw io.signal.aborted ? describeEnd(options, io) : error;
  }
  return [...checks, ...checkSources(io.env)];
}

const describeOutcome = ({ message, hint }: Check): string => (hint === undefined ? message : `${message}; ${hint}`);

/** Lines whose first word, how bad it is, has its colour. */
async function formatLines(checks: readonly Check[], io: Io): Promise<string> {
  const paint = await paintFor(io, {});
  const text = await formatColumns(
    checks.map((check) => [check.result, check.id, check.subject, describeOutcome(check)]),
  );
  return text.replaceAll(/^\w+/gm, (severity) => paintSeverity(severity, paint));
}

async function formatChecks(checks: readonly Check[], { output }: DoctorOptions): Promise<string> {
  if (output === 'json') return `${JSON.stringify(checks, null, 2)}\n`;
  const { formatJunit } = await import('../../output/findings/junit.ts');
  const cases = checks.map((check) => {
    const { id, result, subject, message } = check;
    const line = makeSafeLine(describeOutcome(check));
    const failures = result === 'error' ? [{ id, message: makeSafeLine(message), line }] : [];
    return { name: `${id} ${makeSafeLine(subject)}`, file: 'hub', failures, output: failures.length > 0 ? [] : [line] };
  });
  return formatJunit(cases, 'clusterprofile doctor');
}

async function runDoctor(options: DoctorOptions, io: Io): Promise<number> {
  const checks = await runChecks(options, io);
  if (options.output === undefined) io.out(await formatLines(checks, io), true);
  else io.out(await formatChecks(checks, options));
  const count = (wanted: Check['result']): number => checks.filter(({ result }) => result === wanted).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (!options.quiet) io.err(`${formatAmount(errors, 'error')}, ${formatAmount(warnings, 'warning')}\n`);
  return errors > 0 ? exit.negative : exit.done;
}

export const define: Define = (command, io) => {
  command.description(
    'Say what would not work before it does not: the connection, the API, the rights, plugins, logins, servers. Exit 1 on an error.',
  );
  withExamples(command, io, [
    ['doctor -n fleet', 'the hub of the current context'],
    ['doctor -n fleet --for argocd', 'and what an export to Argo CD needs'],
    ['doctor -A --reach --provider-file providers.json', 'and every cluster behind it'],
  ]);
  addFlags(command, flags);
  command.action(async (given: object) => keepExitCode(command, await runDoctor(valuesOf(flags, given), io)));
};
