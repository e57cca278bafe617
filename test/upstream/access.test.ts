import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { keys, type ClusterAccess, type ClusterProfile } from '../../src/profile/clusterprofile.ts';
import { accessPrograms, HubUnavailable } from '../support/hub/programs.ts';
import { describeHub, kubeconfigFor, kubectl, namespace, request, theHub } from '../support/hub/hub.ts';
import type { KubectlResult } from '../support/hub/kubectl.ts';
import { nowhere, run } from '../support/run.ts';
import { programInShell, startProgram } from '../support/program.ts';
import { fixtures, scratch } from '../support/paths.ts';

const v1 = 'client.authentication.k8s.io/v1';

/** cluster-inventory-api v0.1.3; a run without Go goes without it, as it goes without a hub. */
const programs = await accessPrograms().catch((error: unknown) => {
  if (!(error instanceof HubUnavailable) || !['', 'false', undefined].includes(process.env['CI'])) throw error;
  return undefined;
});

type Extensions = Record<string, unknown>;
type Providers = Record<string, Partial<ClusterAccess> & { with?: Extensions }>;

const listOf = (providers: Providers): unknown[] =>
  Object.entries(providers).map(([name, { with: extensions = {}, ...cluster }]) => ({
    name,
    cluster: {
      server: `https://${name}.example.test`,
      ...cluster,
      extensions: Object.entries(extensions).map(([name, extension]) => ({ name, extension })),
    },
  }));

const profile = (accessProviders: Providers, credentialProviders: Providers = {}, name = 'tokyo'): ClusterProfile =>
  ({
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: { name, namespace: 'fleet' },
    spec: { clusterManager: { name: 'shop' } },
    status: { accessProviders: listOf(accessProviders), credentialProviders: listOf(credentialProviders) },
  }) as ClusterProfile;

/** What either makes of a profile: how it is reached, and the plugin that logs in. */
interface Built {
  error?: string;
  host?: string;
  caData?: string;
  serverName?: string;
  proxy?: string;
  apiVersion?: string;
  command?: string;
  args?: string[];
  env?: { name: string; value: string }[];
  interactiveMode?: string;
  provideClusterInfo?: boolean;
  config?: unknown;
}

interface Case {
  title: string;
  /** Entries of the provider file, in their order. */
  file: Record<string, object>;
  profile: ClusterProfile;
}

/** Two entries may share a name: `a` and `a#2`. */
const providerFile = (entries: Case['file']): object => ({
  providers: Object.entries(entries).map(([name, { exec = {}, ...policies }]: [string, { exec?: object }]) => ({
    name: name.replace(/#.*/, ''),
    execConfig: { apiVersion: v1, command: `${name}-plugin`, provideClusterInfo: true, ...exec },
    ...policies,
  })),
});

function written(entries: Case['file']): string {
  const file = join(scratch(), 'providers.json');
  writeFileSync(file, JSON.stringify(providerFile(entries)));
  return file;
}

const upstream = (cases: { providerFile: string; profiles: ClusterProfile[] }[]): Built[][] =>
  JSON.parse(
    execFileSync(programs!.buildConfig, { input: JSON.stringify(cases), stdio: ['pipe', 'pipe', 'ignore'] }).toString(),
  ) as Built[][];

/** Go leaves empty fields out, and its library gives variables in the order of a map. */
const comparable = ({ env = [], ...built }: Built): Built => ({
  ...(Object.fromEntries(
    Object.entries(built).filter(([, value]) => value !== false && !(Array.isArray(value) && value.length === 0)),
  ) as Built),
  env: env.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
});

interface Kubeconfig {
  clusters: { cluster: ClusterAccess }[];
  users: { user: { exec: Built } }[];
}

/** A provider file as it is written. */
function writtenAs(text: string): string {
  const file = join(scratch(), 'providers.json');
  writeFileSync(file, text);
  return file;
}

/** The same of ours: what `export kubeconfig` writes, profile by profile. */
async function ours(providers: string, profiles: ClusterProfile[]): Promise<Built[]> {
  const items = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: profiles });
  const words = ['export', 'kubeconfig', '-f', '-', '--provider-file', providers, '-q', '-o', 'json'];
  const { out, err, code } = await run(words, { stdin: items });
  if (code !== 0) return profiles.map(() => ({ error: err }));
  const { clusters, users } = JSON.parse(out) as Kubeconfig;
  return users.map(({ user: { exec } }, index) => {
    const { cluster } = clusters[index]!;
    return {
      host: cluster.server,
      ...(cluster['certificate-authority-data'] && { caData: cluster['certificate-authority-data'] }),
      ...(cluster['tls-server-name'] && { serverName: cluster['tls-server-name'] }),
      ...(cluster['proxy-url'] && { proxy: cluster['proxy-url'] }),
      ...exec,
      ...(cluster.extensions && { config: cluster.extensions[0]?.extension }),
    };
  });
}

const ca = readFileSync(join(fixtures, 'kubeconfig/export-three-clouds/export-input.yaml'))
  .toString()
  .match(/certificate-authority-data: (\S+)/)![1]!;
const config = { [keys.execExtension]: { clusterName: 'tokyo', nested: { list: [1, 'two', null] } } };
const args = { [keys.argsExtension]: ['--tenant', 'shop', '--tenant'] };
const envs = { [keys.envsExtension]: { ZONE: 'profile', SHOP: 'profile', EMPTY: '' } };
const fileEnv = {
  env: [
    { name: 'ZONE', value: 'file' },
    { name: 'AREA', value: 'file' },
  ],
  args: ['login', '--tenant'],
};
const everything = {
  a: {
    'certificate-authority-data': ca,
    'proxy-url': 'http://proxy.example.test:3128',
    with: { ...config, ...args, ...envs },
  },
};

const argsPolicies = [undefined, 'Ignore', 'Append'];
const envsPolicies = [undefined, 'Ignore', 'AppendIfNotExists', 'Replace'];
const entry = (argsPolicy?: string, envsPolicy?: string, exec: object = fileEnv): object => ({
  exec,
  ...(argsPolicy && { profileSourcedCLIArgsPolicy: argsPolicy }),
  ...(envsPolicy && { profileSourcedEnvVarsPolicy: envsPolicy }),
});

const cases: Case[] = [
  ...argsPolicies.flatMap((argsPolicy) =>
    envsPolicies.map((envsPolicy) => ({
      title: `arguments: ${argsPolicy ?? 'no policy'}, variables: ${envsPolicy ?? 'no policy'}`,
      file: { a: entry(argsPolicy, envsPolicy) },
      profile: profile(everything),
    })),
  ),
  { title: 'nothing but a server', file: { a: {} }, profile: profile({ a: {} }) },
  { title: 'no cluster info', file: { a: { exec: { provideClusterInfo: false } } }, profile: profile(everything) },
  {
    title: 'the older version of the protocol',
    file: {
      a: {
        exec: {
          interactiveMode: 'Never',
          apiVersion: 'client.authentication.k8s.io/v1beta1',
        },
      },
    },
    profile: profile(everything),
  },
  { title: 'the order of the file', file: { b: {}, a: {} }, profile: profile({ a: {}, b: {} }) },
  { title: 'the other order of the file', file: { a: {}, b: {} }, profile: profile({ b: {}, a: {} }) },
  { title: 'providers of others before it', file: { x: {}, b: {} }, profile: profile({ a: {}, b: {} }) },
  { title: 'a name twice in the file', file: { a: {}, 'a#2': {} }, profile: profile({ a: {} }) },
  { title: 'the deprecated list alone', file: { a: {} }, profile: profile({}, everything) },
  {
    title: 'one name in both lists',
    file: { a: entry('Append', 'Replace') },
    profile: profile({ a: { server: 'https://new.example.test', with: config } }, everything),
  },
  {
    title: 'the file prefers one of the deprecated list',
    file: { b: {}, a: {} },
    profile: profile({ a: {} }, { b: { server: 'https://old.example.test' } }),
  },
  {
    title: 'empty extensions',
    file: { a: entry('Append', 'Replace') },
    profile: profile({ a: { with: { [keys.argsExtension]: [], [keys.envsExtension]: {} } } }),
  },
  {
    title: 'scalars that are no texts',
    file: { a: entry('Append', 'Replace') },
    profile: profile({
      a: {
        with: {
          [keys.argsExtension]: ['--retries', 3, null, '--ratio', 1.5, true],
          [keys.envsExtension]: { PORT: 8443, DEBUG: true, RATIO: 0.5, SMALL: 1e-3, NOTHING: null, ZERO: 0 },
        },
      },
    }),
  },
  {
    title: 'another extension',
    file: { a: {} },
    profile: profile({ a: { with: { 'shop.example.test/notes': { a: 1 } } } }),
  },
];

const broken: Case[] = [
  { title: 'no provider of the file', file: { x: {} }, profile: profile(everything) },
  { title: 'no provider at all', file: { a: {} }, profile: profile({}) },
  { title: 'an empty file', file: {}, profile: profile(everything) },
  {
    title: 'arguments that are no list',
    file: { a: entry('Append') },
    profile: profile({ a: { with: { [keys.argsExtension]: { a: 'b' } } } }),
  },
  {
    title: 'variables that are no map',
    file: { a: entry('', 'Replace') },
    profile: profile({ a: { with: { [keys.envsExtension]: ['A=b'] } } }),
  },
  {
    title: 'a variable that is no text',
    file: { a: entry('', 'Replace') },
    profile: profile({ a: { with: { [keys.envsExtension]: { A: { b: 'c' } } } } }),
  },
  { title: 'a policy that there is not', file: { a: entry('Prepend') }, profile: profile(everything) },
];

describe.skipIf(!programs)('the same as pkg/access of cluster-inventory-api', () => {
  it.each(cases)('$title', async ({ file, profile }) => {
    const providers = written(file);
    const [[theirs] = []] = upstream([{ providerFile: providers, profiles: [profile] }]);
    const [own] = await ours(providers, [profile]);
    expect(theirs!.error).toBeUndefined();
    expect(comparable(own!)).toEqual(comparable(theirs!));
  });

  it.each(broken)('neither takes $title', async ({ file, profile }) => {
    const providers = written(file);
    const [[theirs] = []] = upstream([{ providerFile: providers, profiles: [profile] }]);
    expect(theirs).toEqual({ error: expect.any(String) as string });
    expect(await ours(providers, [profile])).toEqual([{ error: expect.stringMatching(/^error: /) as string }]);
  });

  const roles = [undefined, {}, { ROLE: 'reader' }, { ROLE: 'writer' }, { ROLE: 'reader', ZONE: 'profile' }];
  const pairs = roles.flatMap((one, at) => roles.slice(at).map((other) => [one, other] as const));
  const withEnvs = (name: string, envs: object | undefined): ClusterProfile =>
    profile({ a: { with: { ...config, ...(envs && { [keys.envsExtension]: envs }) } } }, {}, name);

  it.each(['AppendIfNotExists', 'Replace'])(
    'refuses a file where one reading of it gives one profile the variables of another: %s',
    async (policy) => {
      const providers = written({ a: entry('', policy) });
      for (const [one, other] of pairs) {
        const both = [withEnvs('tokyo', one), withEnvs('oslo', other)];
        const orders = [both, both.toReversed()];
        const alone = both.map((each) => upstream([{ providerFile: providers, profiles: [each] }])[0]![0]!);
        const shared = upstream(orders.map((profiles) => ({ providerFile: providers, profiles })));
        const own = [...alone, ...alone.toReversed()].map((each) => comparable(each).env);
        const leaks = JSON.stringify(shared.flat().map((each) => comparable(each).env)) !== JSON.stringify(own);
        const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: both });
        const words = ['-f', '-', '--provider-file', providers];
        const { code } = await run(['export', 'multicluster-runtime', ...words], { stdin });
        expect({ one, other, code }).toEqual({ one, other, code: leaks ? 5 : 0 });
        expect(await run(['export', 'headlamp', ...words], { stdin })).toMatchObject({ code: 0 });
      }
    },
    60_000,
  );

  const plain = `"name":"a","execConfig":{"apiVersion":"${v1}","command":"a-plugin","args":["login"]}`;
  const append = '"profileSourcedCLIArgsPolicy":"Append"';

  it.each([
    [
      'keys in another case',
      `{"Providers":[{"NAME":"a","ExecConfig":{"APIVersion":"${v1}","Command":"a","ARGS":["x"]}}]}`,
    ],
    ['a policy in another case', `{"providers":[{${plain},"ProfileSourcedCLIArgsPolicy":"Append"}]}`],
    [
      'variables in another case',
      `{"providers":[{"name":"a","execConfig":{"apiVersion":"${v1}","command":"a","env":[{"Name":"A","VALUE":"b"}]}}]}`,
    ],
    ['the last of two keys', `{"providers":[{${plain},"ProfileSourcedCLIArgsPolicy":"Ignore",${append}}]}`],
    [
      'the last of two keys, the other way',
      `{"providers":[{${plain},${append},"ProfileSourcedCLIArgsPolicy":"Ignore"}]}`,
    ],
    ['null after a text', `{"providers":[{${plain},${append},"ProfileSourcedCLIArgsPolicy":null}]}`],
    [
      'null after a list',
      `{"providers":[{"name":"a","execConfig":{"apiVersion":"${v1}","command":"a","args":["x"],"Args":null}}]}`,
    ],
    [
      'a map in two parts',
      `{"providers":[{"name":"a","execConfig":{"apiVersion":"${v1}"},"ExecConfig":{"command":"a"}}]}`,
    ],
    ['two lists of providers', `{"providers":[{"name":"b"}],"PROVIDERS":[{${plain}}]}`],
    ['letters that fold to others', `{"provider\u017f":[{${plain}}]}`],
    [
      'policies that are null',
      `{"providers":[{${plain},"profileSourcedCLIArgsPolicy":null,"profileSourcedEnvVarsPolicy":null}]}`,
    ],
    [
      'policies that are empty',
      `{"providers":[{${plain},"profileSourcedCLIArgsPolicy":"","profileSourcedEnvVarsPolicy":""}]}`,
    ],
    [
      'null for everything else',
      `{"providers":[{"name":"a","execConfig":{"apiVersion":"${v1}","command":"a","args":null,"env":null,"installHint":null,"interactiveMode":null,"provideClusterInfo":null}}]}`,
    ],
    [
      'null among arguments',
      `{"providers":[{"name":"a","execConfig":{"apiVersion":"${v1}","command":"a","args":["x",null]}}]}`,
    ],
  ])('reads %s', async (_title, content) => {
    const providers = writtenAs(content);
    const [[theirs] = []] = upstream([{ providerFile: providers, profiles: [profile(everything)] }]);
    const [own] = await ours(providers, [profile(everything)]);
    expect(theirs!.error).toBeUndefined();
    expect(comparable(own!)).toEqual(comparable(theirs!));
    const checked = await run(['validate', '--provider-file', providers, '-o', 'json', '-v']);
    expect(checked).toMatchObject({ code: 0 });
    const found = (JSON.parse(checked.out) as { id: string }[]).map(({ id }) => id);
    expect(found.includes('PF010')).toBe(theirs!.args?.includes('--tenant') ?? false);
    expect(found).not.toContain('PF012');
  });

  const execWith = (more: string): string =>
    `{"providers":[{"name":"a","execConfig":{"apiVersion":"${v1}","command":"a",${more}}}]}`;

  it.each([
    ['arguments that are a text', execWith('"args":"LEAKCANARY"')],
    ['an argument that is a number', execWith('"args":["x",1]')],
    ['variables that are a map', execWith('"env":{"A":"LEAKCANARY"}')],
    ['a variable that is a text', execWith('"env":["LEAKCANARY"]')],
    ['a value that is a number', execWith('"env":[{"name":"A","value":1}]')],
    ['a text for true', execWith('"provideClusterInfo":"LEAKCANARY"')],
    ['a number for a mode', execWith('"interactiveMode":1')],
    [
      'a command that is a list, and then one',
      '{"providers":[{"name":"a","execConfig":{"command":["LEAKCANARY"],"Command":"a"}}]}',
    ],
    ['a text for a provider', `{"providers":["LEAKCANARY",{${plain}}]}`],
    ['a text for the plugin', '{"providers":[{"name":"a","execConfig":"LEAKCANARY"}]}'],
    ['a policy that is true', `{"providers":[{${plain},"profileSourcedCLIArgsPolicy":true}]}`],
    ['a map of providers', '{"providers":{"a":"LEAKCANARY"}}'],
  ])('neither loads %s', async (_title, content) => {
    const providers = writtenAs(content);
    const [[theirs] = []] = upstream([{ providerFile: providers, profiles: [profile(everything)] }]);
    expect(theirs!.error).toContain('failed to unmarshal');
    const [own] = await ours(providers, [profile(everything)]);
    expect(own!.error).toMatch(/^error: .*is not a provider file: .*\nhint: clusterprofile validate --provider-file /);
    const { out, err, code } = await run(['validate', '--provider-file', providers, '-o', 'json']);
    expect({ code, ids: (JSON.parse(out) as { id: string }[]).map(({ id }) => id) }).toEqual({
      code: 1,
      ids: expect.arrayContaining(['PF001']) as string[],
    });
    expect(`${out}${err}${own!.error}`).not.toContain('LEAKCANARY');
  });

  it('neither takes an extension twice', async () => {
    const twice = profile(everything);
    const { extensions } = twice.status!.accessProviders![0]!.cluster!;
    extensions!.push(extensions![0]!);
    const providers = written({ a: {} });
    expect(upstream([{ providerFile: providers, profiles: [twice] }])[0]![0]!.error).toContain('duplicate name');
    expect((await ours(providers, [twice]))[0]!.error).toContain('twice');
  });
});

describe.skipIf(!programs)('where pkg/access v0.1.3 does what we do not', () => {
  const both = async (file: Case['file'], profiles: ClusterProfile[]): Promise<[Built[], Built[]]> => {
    const providers = written(file);
    return [upstream([{ providerFile: providers, profiles }])[0]!, await ours(providers, profiles)];
  };

  it('lets arguments of one profile leak into the next', async () => {
    const next = profile({ a: { with: {} } }, {}, 'ueno');
    const [theirs, own] = await both({ a: entry('Append') }, [profile(everything), next]);
    expect(theirs.map((each) => each.args?.length)).toEqual([5, 5]);
    expect(own.map((each) => each.args?.length)).toEqual([5, 2]);
  });

  it('lets variables of one profile win over those of the next', async () => {
    const next = profile({ a: { with: { [keys.envsExtension]: { SHOP: 'next' } } } }, {}, 'ueno');
    const [theirs, own] = await both({ a: entry('', 'AppendIfNotExists') }, [profile(everything), next]);
    const shop = ({ env }: Built): string | undefined => env?.find(({ name }) => name === 'SHOP')?.value;
    expect(theirs.map(shop)).toEqual(['profile', 'profile']);
    expect(own.map(shop)).toEqual(['profile', 'next']);
  });

  it('panics where variables are null', async () => {
    const none = profile({ a: { with: { [keys.envsExtension]: null } } });
    const providers = written({ a: entry('', 'Replace') });
    expect(() => upstream([{ providerFile: providers, profiles: [none] }])).toThrow('Command failed');
    expect((await ours(providers, [none]))[0]).toMatchObject({ env: fileEnv.env.toReversed() });
  });

  it('takes every mode for Never, and writes no kubeconfig that could ask', async () => {
    const interactive = { a: { exec: { interactiveMode: 'Always' } } };
    const [[theirs], [own]] = await both(interactive, [profile({ a: {} })]);
    expect([theirs!.interactiveMode, own!.interactiveMode]).toEqual(['Never', 'Always']);
  });

  it('drops tls-server-name', async () => {
    const [[theirs], [own]] = await both({ a: {} }, [profile({ a: { 'tls-server-name': 'tokyo.example.test' } })]);
    expect([theirs!.serverName, own!.serverName]).toEqual([undefined, 'tokyo.example.test']);
  });

  it('takes variables that steer the plugin', async () => {
    const steering = profile({ a: { with: { [keys.envsExtension]: { LD_PRELOAD: '/tmp/theirs.so' } } } });
    const [[theirs], [own]] = await both({ a: entry('', 'Replace') }, [steering]);
    expect(theirs!.env).toContainEqual({ name: 'LD_PRELOAD', value: '/tmp/theirs.so' });
    expect(own!.error).toContain('"LD_PRELOAD", which may not come from a profile');
  });

  it('gives a variable that the file sets twice its first value under Replace, and its last one otherwise', async () => {
    const twice = { env: ['first', 'last'].map((value) => ({ name: 'AREA', value })) };
    const area = ({ env = [] }: Built): string | undefined => env.findLast(({ name }) => name === 'AREA')?.value;
    for (const [policy, value] of [
      ['Replace', 'first'],
      ['AppendIfNotExists', 'last'],
      ['Ignore', 'last'],
    ] as const) {
      const [[theirs], [own]] = await both({ a: entry('', policy, twice) }, [profile(everything)]);
      expect([area(theirs!), area(own!)], policy).toEqual([value, 'last']);
    }
  });

  it('minds an unknown policy only where a profile has that extension', async () => {
    const [[theirs], [own]] = await both({ a: entry('Prepend') }, [profile({ a: {} })]);
    expect([theirs!.error, own!.error]).toEqual([undefined, expect.stringContaining('Prepend')]);
  });

  it('sends credentials in the clear', async () => {
    const [[theirs], [own]] = await both({ a: {} }, [profile({ a: { server: 'http://tokyo.example.test' } })]);
    expect([theirs!.error, own!.error]).toEqual([undefined, expect.stringContaining('not https')]);
  });
});

(programs ? describeHub : describe.skip)('the secretreader plugin, kubectl and a hub that is its own member', () => {
  let ns: string;
  let hub: string;
  let providers: string;

  const asAdmin = async (...words: string[]): Promise<string> => {
    const { stdout, stderr, code } = await kubectl(words);
    expect(code, stderr).toBe(0);
    return stdout;
  };

  beforeAll(async () => {
    ns = await namespace();
    hub = kubeconfigFor({ namespace: ns });
    providers = join(scratch(), 'providers.json');
    const execConfig = { apiVersion: v1, command: programs!.secretreader, provideClusterInfo: true };
    writeFileSync(providers, JSON.stringify({ providers: [{ name: 'secretreader', execConfig }] }));
    // Who may read namespaces, and nothing else: what is read through the profile is read by this account.
    await asAdmin('create', 'serviceaccount', 'reader', '-n', ns);
    await asAdmin('create', 'clusterrole', ns, '--verb=get,list', '--resource=namespaces');
    await asAdmin('create', 'clusterrolebinding', ns, `--clusterrole=${ns}`, `--serviceaccount=${ns}:reader`);
    const token = (await asAdmin('create', 'token', 'reader', '-n', ns)).trim();
    await asAdmin('create', 'secret', 'generic', 'tokyo', '-n', ns, `--from-literal=token=${token}`);
    const cluster = {
      server: theHub().url,
      'certificate-authority-data': readFileSync(theHub().caFile).toString('base64'),
      with: { [keys.execExtension]: { clusterName: 'tokyo' } },
    };
    const input = join(scratch(), 'profile.json');
    const own = profile({ secretreader: cluster });
    writeFileSync(input, JSON.stringify({ ...own, metadata: { name: 'tokyo', namespace: ns } }));
    const applied = await run(['apply', '-f', input, '--kubeconfig', hub]);
    if (applied.code !== 0) throw new Error(applied.err);
    return async () => {
      await kubectl(['delete', 'clusterrolebinding', ns]);
      await kubectl(['delete', 'clusterrole', ns]);
    };
  });

  const where = (): string[] => ['--kubeconfig', hub, '--provider-file', providers];
  const get = (config: string, resource: string, env: Record<string, string> = {}): Promise<KubectlResult> =>
    kubectl(['--kubeconfig', config, '--context', 'tokyo', 'get', resource, '-o', 'name'], { env });
  const written = (content: string): string => {
    const file = join(scratch(), 'config');
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const whoami = async (config: string, env: Record<string, string> = {}): Promise<string> =>
    (
      await kubectl(
        ['--kubeconfig', config, '--context', 'tokyo', 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'],
        { env },
      )
    ).stdout;

  it('export kubeconfig', async () => {
    const { out, code } = await run(['export', 'kubeconfig', ...where()]);
    expect(code).toBe(0);
    const config = written(out);
    // The plugin finds the hub as every program does.
    const env = { KUBECONFIG: hub };
    expect(await get(config, 'namespaces', env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(ns) as string,
    });
    expect(await get(config, 'secrets', env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Forbidden') as string,
    });
    expect(await whoami(config, env)).toBe(`system:serviceaccount:${ns}:reader`);
  });

  it('export kubeconfig, also where that file is the KUBECONFIG in force and the cluster its current context', async () => {
    const { out, err, code } = await run(['export', 'kubeconfig', '--current-context=tokyo', ...where()]);
    expect(code).toBe(0);
    expect(err).not.toContain('reads a Secret');
    const config = written(out);
    // Without the hub in the entry, the plugin starts itself again and again.
    expect(await whoami(config, { KUBECONFIG: config })).toBe(`system:serviceaccount:${ns}:reader`);
  });

  it('export kubeconfig --exec self of files, also where that file is the KUBECONFIG in force', async () => {
    const file = join(scratch(), 'profile.json');
    writeFileSync(file, await asAdmin('get', 'clusterprofile', 'tokyo', '-n', ns, '-o', 'json'));
    const words = ['-f', file, '--provider-file', providers, '--exec=self', '--current-context=tokyo'];
    const { out, code } = await run(['export', 'kubeconfig', ...words], { env: { KUBECONFIG: hub } });
    expect(code).toBe(0);
    const config = written(out);
    const path = [dirname(installed()), process.env['PATH']].join(delimiter);
    expect(await whoami(config, { KUBECONFIG: config, PATH: path })).toBe(`system:serviceaccount:${ns}:reader`);
  });

  it('export kubeconfig --merge into the kubeconfig of the hub: only with --exec self', async () => {
    const own = join(scratch(), 'config');
    writeFileSync(own, readFileSync(hub), { mode: 0o600 });
    const words = ['export', 'kubeconfig', '--kubeconfig', own, '--provider-file', providers, '--merge', own];
    expect(await run(words)).toMatchObject({ code: 5, err: expect.stringContaining('would start itself') as string });
    expect(await run([...words, '--exec=self'])).toMatchObject({ code: 0 });
  });

  /** The program as installed: on the PATH, under its name. */
  const installed = (): string => {
    const file = join(scratch(), 'clusterprofile');
    writeFileSync(file, `#!/bin/sh\nexec ${programInShell()} "$@"\n`, { mode: 0o755 });
    return file;
  };

  it('export kubeconfig --exec self, also where that file is the KUBECONFIG in force', async () => {
    const program = installed();
    const { out, code } = await run(['export', 'kubeconfig', '--exec=self', ...where()]);
    expect(code).toBe(0);
    const config = written(out);
    const path = [dirname(program), process.env['PATH']].join(delimiter);
    for (const KUBECONFIG of ['', config])
      expect(await whoami(config, { KUBECONFIG, PATH: path })).toBe(`system:serviceaccount:${ns}:reader`);
    expect(await get(config, 'namespaces', { PATH: path })).toMatchObject({ code: 0 });
  });

  it('export kubeconfig --exec self, with the hub of the environment', async () => {
    const exec = async (...files: string[]): Promise<{ args: string[]; env?: object[] }> => {
      const words = ['export', 'kubeconfig', '--exec=self', '--provider-file', providers, '-o', 'json'];
      const { out, code } = await run(words, { env: { KUBECONFIG: files.join(delimiter) } });
      expect(code).toBe(0);
      return (JSON.parse(out) as { users: [{ user: { exec: { args: string[] } } }] }).users[0].user.exec;
    };
    const words = ['access', 'tokyo', '-n', ns, '--provider-file', providers];
    const one = await exec(nowhere, hub);
    expect(one.args).toEqual([...words, '--kubeconfig', hub, '--context', 'hub']);
    expect(one.env).toBeUndefined();
    const two = await exec(hub, theHub().kubeconfig);
    expect(two.args).toEqual([...words, '--context', 'hub']);
    expect(two.env).toEqual([{ name: 'KUBECONFIG', value: [hub, theHub().kubeconfig].join(delimiter) }]);
  });

  it('export kubeconfig --exec self, for a profile that has moved since', async () => {
    const program = installed();
    const { out } = await run(['export', 'kubeconfig', '--exec=self', '--exec-command', program, ...where()]);
    const moved = written(out.replace(theHub().url, theHub().url.replace('127.0.0.1', 'localhost')));
    const refused = await get(moved, 'namespaces');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('error: the caller would send its credential to another server');
  });

  const access = async (words: string[], env: Record<string, string> = {}): Promise<KubectlResult> => {
    const child = startProgram(['access', 'tokyo', ...where(), ...words], {
      env: { PATH: process.env['PATH'], HOME: theHub().dir, KUBECACHEDIR: join(theHub().dir, 'kubectl-cache'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, 'close'),
    ]);
    return { stdout, stderr, code: Number(code) };
  };

  it('access NAME -- kubectl', async () => {
    const kubectl = theHub().kubectl;
    expect(await access(['-q', '--', kubectl, 'get', 'namespaces', '-o', 'name'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(`namespace/${ns}\n`) as string,
    });
    expect(await access(['--', kubectl, 'get', 'secrets'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('Forbidden') as string,
    });
  });

  it('access NAME', async () => {
    const { stdout, stderr, code } = await access([]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const { status } = JSON.parse(stdout) as { status: { token: string } };
    const { body } = await request(`/api/v1/namespaces/${ns}`, { token: status.token });
    expect(JSON.parse(body)).toMatchObject({ metadata: { name: ns } });
  });

  it('says what is wrong with a Secret that is not there', async () => {
    const patched = (clusterName: string): string[] => {
      const path = '/status/accessProviders/0/cluster/extensions/0/extension';
      const patch = JSON.stringify([{ op: 'replace', path, value: { clusterName } }]);
      return ['patch', 'clusterprofile', 'tokyo', '-n', ns, '--subresource=status', '--type=json', '-p', patch];
    };
    onTestFinished(async () => {
      await kubectl(patched('tokyo'));
    });
    await asAdmin(...patched('osaka'));
    const missing = await access([]);
    expect(missing).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringMatching(/^error: credential plugin secretreader-plugin failed .*osaka/) as string,
    });
  });

  it('export istio --credentials embed', async () => {
    const { out, err, code } = await run(['export', 'istio', '--credentials=embed', ...where()]);
    expect(code).toBe(0);
    expect(err).toContain(`${ns}/tokyo: its plugin does not say when its token ends`);
    const secret = written(out);
    const inner = execFileSync(
      theHub().kubectl,
      ['create', '--dry-run=client', '-f', secret, '-o', 'jsonpath={.stringData.tokyo}'],
      {
        env: { KUBECONFIG: theHub().kubeconfig, HOME: theHub().dir },
      },
    ).toString();
    expect(await whoami(written(inner))).toBe(`system:serviceaccount:${ns}:reader`);
  });
});
