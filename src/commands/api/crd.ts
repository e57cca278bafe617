import type { Define } from '../command.ts';
import { hubFlags, parseDryRun } from '../../stores/options.ts';
import { option, valuesOf, type ValuesOf } from '../../options.ts';
import { group, plural } from '../../profile/clusterprofile.ts';
import { isKnownVersion, knownVersions } from '../../profile/versions.ts';
import { makeList } from '../../util/text.ts';
import { exit, UserError, usageError, isUserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { Client } from '../../kubernetes/client.ts';
import { toYaml } from '../../documents/yaml-out.ts';
import { startDeadline } from '../../util/limits.ts';
import { addFlags, keepExitCode, withExamples } from '../flags/flags.ts';
import { connectContext } from '../../stores/open.ts';

const name = `${plural}.${group}`;
const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;

interface Crd {
  metadata?: { resourceVersion?: string };
  spec?: { versions?: { name: string; served: boolean }[] };
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}

function parseVersions(given: string): string[] {
  const names = given.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !isKnownVersion(name));
  if (unknown === undefined) return names;
  throw usageError(`--versions takes ${makeList(knownVersions.toReversed())}, not ${JSON.stringify(unknown)}`);
}

const versionsFlag = option.parsed(
  '--versions <list>',
  'v1alpha1, v1alpha2 or v1alpha1,v1alpha2 (default: v1alpha1)',
  parseVersions,
  { values: ['v1alpha1', 'v1alpha2', 'v1alpha1,v1alpha2'] },
);

const printFlags = {
  versions: versionsFlag,
  output: option.oneOf('-o, --output <format>', 'yaml or json', ['yaml', 'json'], { default: 'yaml' }),
};

const installFlags = {
  versions: versionsFlag,
  dryRun: option.parsed('--dry-run <mode>', 'server: let the hub check, keep nothing', parseDryRun, {
    settable: 'personal',
    values: ['server'],
  }),
  force: option.flag('--force', 'replace a newer CRD, and take fields over from other field managers', {
    settable: 'never',
  }),
  ...hubFlags,
};

async function printCrd({ output, versions }: ValuesOf<typeof printFlags>, io: Io): Promise<number> {
  const { buildVersionedCrd } = await import('../../profile/crd/versions.ts');
  const { formatGoJson } = await import('../../output/json.ts');
  const crd = buildVersionedCrd(versions ?? ['v1alpha1']);
  io.out(output === 'json' ? `${formatGoJson(crd)}\n` : toYaml(crd));
  return exit.done;
}

async function readCrd(client: Client): Promise<Crd | undefined> {
  try {
    return (await client.send('cannot read the CRD', { method: 'GET', path })).body as Crd;
  } catch (error) {
    if (isUserError(error) && error.code === exit.notFound) return undefined;
    throw error;
  }
}

/** The API serves the kind only some moments after the CRD is there. */
async function waitUntilEstablished(client: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const conditions = (await readCrd(client))?.status?.conditions ?? [];
    const refused = conditions.find(({ type, status }) => type === 'NamesAccepted' && status === 'False');
    if (refused)
      throw new UserError(`the hub does not accept the names of the CRD: ${refused.message ?? ''}`, {
        code: exit.refused,
      });
    if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new UserError('the CRD is installed, but the hub does not serve it yet', { code: exit.timeout });
}

const listServedVersions = (crd: Crd): string[] =>
  (crd.spec?.versions ?? []).filter((version) => version.served).map((version) => version.name);

async function installCrd(options: ValuesOf<typeof installFlags>, io: Io): Promise<number> {
  const { buildVersionedCrd } = await import('../../profile/crd/versions.ts');
  const { connect } = await import('../../kubernetes/connect.ts');
  const signal = startDeadline(options, io);
  const { client } = connect(options, connectContext(options, io));
  const there = await readCrd(client);
  // A hub with a later CRD must not lose the versions it serves.
  const wanted = options.versions ?? ['v1alpha1'];
  const later = there && listServedVersions(there).filter((version) => !wanted.includes(version));
  if (later?.length && !options.force) {
    io.out(`customresourcedefinition.apiextensions.k8s.io/${name} unchanged\n`);
    io.err(`note: the hub serves ${later.join(', ')} too, so its CRD is newer than ours and was left alone\n`);
    return exit.done;
  }
  const query = {
    fieldManager: 'clusterprofile',
    force: String(options.force),
    dryRun: options.dryRun === 'server' ? 'All' : undefined,
  };
  const { status, body } = await client
    .send('cannot install the CRD', {
      method: 'PATCH',
      path,
      query,
      body: buildVersionedCrd(wanted),
      contentType: 'application/apply-patch+yaml',
    })
    .catch((error: unknown) => {
      if (isUserError(error) && error.code === exit.refused)
        throw new UserError(error.message, { code: exit.refused, hint: '--force takes the fields over', cause: error });
      throw error;
    });
  const same = there?.metadata?.resourceVersion === (body as Crd).metadata?.resourceVersion;
  io.out(
    `customresourcedefinition.apiextensions.k8s.io/${name} ${status === 201 ? 'created' : same ? 'unchanged' : 'configured'}\n`,
  );
  if (!options.dryRun) await waitUntilEstablished(client, signal);
  return exit.done;
}

export const define: Define = (command, io) => {
  command.description('The ClusterProfile CRD (multicluster.x-k8s.io).');
  withExamples(command, io, [
    ['crd print | kubectl apply --server-side -f -', 'with kubectl'],
    ['crd install', 'onto the hub of the current context'],
    ['crd install --versions v1alpha1,v1alpha2', 'as of cluster-inventory-api v0.2.0'],
  ]);
  const printing = command.command('print').description('Print the CRD.');
  addFlags(printing, printFlags);
  printing.action(async (given: object) => keepExitCode(printing, await printCrd(valuesOf(printFlags, given), io)));
  const installing = command
    .command('install')
    .description('Create or update the CRD on the hub; one that serves later versions is left alone.');
  addFlags(installing, installFlags);
  installing.action(async (given: object) =>
    keepExitCode(installing, await installCrd(valuesOf(installFlags, given), io)),
  );
};
