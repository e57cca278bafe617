import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { run, type Ran, type RunOptions } from '../support/run.ts';
import { programInShell, startProgram } from '../support/program.ts';
import { endOf, lines } from '../support/text.ts';
import { scratch } from '../support/paths.ts';

const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);
const v1 = 'client.authentication.k8s.io/v1';
const execExtension = { name: 'client.authentication.k8s.io/exec', extension: { clusterName: 'tokyo' } };

interface Member {
  cluster?: object;
  metadata?: object;
}

const profile = ({ cluster, metadata }: Member = {}): object => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name: 'tokyo', namespace: 'fleet', ...metadata },
  spec: { clusterManager: { name: 'shop' } },
  status: {
    accessProviders: [
      { name: 'shop', cluster: { server: 'https://tokyo.example.test', extensions: [execExtension], ...cluster } },
    ],
  },
});

/** A folder with a profile, a plugin that writes down what it was told, and a provider file that names it. */
class Place {
  readonly at = scratch();
  readonly profiles = join(this.at, 'profiles.json');
  readonly providers = join(this.at, 'providers.json');
  readonly words = ['access', 'tokyo', '-f', this.profiles, '--provider-file', this.providers];

  constructor() {
    this.member({});
    this.plugin({ token: 'LEAKCANARY' });
  }

  file = (name: string): string => join(this.at, name);
  read = (name: string): string => readFileSync(this.file(name), 'utf8');

  member(...members: Member[]): void {
    writeFileSync(this.profiles, JSON.stringify({ kind: 'List', apiVersion: 'v1', items: members.map(profile) }));
  }

  /** What the plugin answers, or a script of its own. */
  plugin(answer: object | string, entry: object = {}): void {
    const command = this.file('plugin');
    const said = JSON.stringify({ apiVersion: v1, kind: 'ExecCredential', status: answer });
    const script = typeof answer === 'string' ? answer : `cat <<'JSON'\n${said}\nJSON`;
    writeFileSync(
      command,
      `#!/bin/sh\necho run >> "${this.file('runs')}"\necho "$KUBECONFIG" > "${this.file('hub')}"\nprintf %s "$KUBERNETES_EXEC_INFO" > "${this.file('told')}"\n${script}\n`,
    );
    chmodSync(command, 0o755);
    const execConfig = { apiVersion: v1, command, provideClusterInfo: true, ...entry };
    writeFileSync(this.providers, JSON.stringify({ providers: [{ name: 'shop', execConfig }] }));
  }

  runs = (): number => (existsSync(this.file('runs')) ? this.read('runs').trim().split('\n').length : 0);
}

let place: Place;
beforeEach(() => {
  place = new Place();
});

const noCredential = 'did not print an ExecCredential with a status';

const noProvider = (name: string): string =>
  lines(
    `error: ${name}: the provider file has none of its access providers (shop)`,
    'hint: add one to the provider file, or --provider-alias NAME=KNOWN where it has another name there',
  );

const noProviderFile = (who: string): string[] => [
  `error: ${who}: no provider file says which command logs in`,
  'hint: clusterprofile export provider-file writes one from the same profiles; then --provider-file FILE',
];

const notOnTerminal = lines(
  'error: a credential is not printed on a terminal',
  'hint: --output-dir DIR, or send the output into a file',
);

/** A script that prints an ExecCredential with any status. */
const credential = (status: unknown): string =>
  `echo '${JSON.stringify({ apiVersion: v1, kind: 'ExecCredential', status })}'`;

describe('access NAME, as a credential plugin', () => {
  const ask = (info?: unknown, options: RunOptions = {}): Promise<Ran> =>
    run(place.words, {
      ...options,
      env: {
        ...options.env,
        ...(info !== undefined && {
          KUBERNETES_EXEC_INFO: typeof info === 'string' ? info : JSON.stringify(info),
        }),
      },
    });
  const asks = (apiVersion: string, server?: string): object => ({
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(server !== undefined && { cluster: { server } }) },
  });

  it('gives the plugin the cluster of the profile, and answers in v1', async () => {
    place.plugin({ token: 'LEAKCANARY', expirationTimestamp: '2026-11-22T10:00:00+02:00' });
    const { out, err, code } = await ask();
    expect({ err, code }).toEqual({ err: '', code: 0 });
    const status = { token: 'LEAKCANARY', expirationTimestamp: '2026-11-22T08:00:00Z' };
    expect(JSON.parse(out)).toEqual({ apiVersion: v1, kind: 'ExecCredential', status });
    expect(JSON.parse(place.read('told'))).toEqual({
      apiVersion: v1,
      kind: 'ExecCredential',
      spec: { cluster: { server: 'https://tokyo.example.test', config: { clusterName: 'tokyo' } }, interactive: false },
    });
    expect(place.runs()).toBe(1);
  });

  it('tells a plugin nothing of the cluster that does not ask', async () => {
    place.plugin({ token: 'LEAKCANARY' }, { provideClusterInfo: false });
    expect((await ask()).code).toBe(0);
    expect(JSON.parse(place.read('told'))).toMatchObject({ spec: { interactive: false } });
    expect(place.read('told')).not.toContain('tokyo');
  });

  it.each(['Always', 'IfAvailable'])('asks nobody, whatever the file has: %s', async (interactiveMode) => {
    place.plugin({ token: 'LEAKCANARY' }, { interactiveMode });
    expect(await ask()).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(place.read('told'))).toMatchObject({ spec: { interactive: false } });
    await run([...place.words, '--', 'sh', '-c', `cat "$KUBECONFIG" > "${place.file('config')}"`]);
    expect(place.read('config')).toContain('interactiveMode: Never');
  });

  it.each([
    ['without a name', [{ value: 'b' }]],
    ['with a sign in its name', [{ name: 'A=B', value: 'c' }]],
  ])('refuses a variable of the file %s', async (_title, env) => {
    place.plugin({ token: 'LEAKCANARY' }, { env });
    expect(await ask()).toEqual({
      code: 3,
      out: '',
      err: `error: ${place.providers}: shop: execConfig.env has a variable without a name, or with = in it\n`,
    });
    expect(place.runs()).toBe(0);
  });

  it('finds a plugin by the name that the operator has for it', async () => {
    writeFileSync(place.providers, place.read('providers.json').replace('"name":"shop"', '"name":"corp"'));
    expect(await ask()).toEqual({ code: 5, out: '', err: noProvider('fleet/tokyo') });
    expect(await run([...place.words, '--provider-alias', 'shop=corp'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('LEAKCANARY') as string,
    });
    expect(await run([...place.words, '--provider-alias', 'shop'])).toEqual({
      code: 2,
      out: '',
      err: 'error: --provider-alias takes an access provider, = and a value, not "shop"\n',
    });
  });

  it('passes client certificates on', async () => {
    const status = { clientCertificateData: 'LEAKCANARY-cert', clientKeyData: 'LEAKCANARY-key' };
    place.plugin(status);
    expect(JSON.parse((await ask()).out)).toMatchObject({ status });
  });

  it('answers in the version that its caller speaks, whatever the plugin speaks', async () => {
    const v1beta1 = 'client.authentication.k8s.io/v1beta1';
    for (const server of [undefined, 'https://tokyo.example.test', 'https://TOKYO.example.test:443/']) {
      const { out, code } = await ask(asks(v1beta1, server));
      expect(code, server).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ apiVersion: v1beta1, status: { token: 'LEAKCANARY' } });
    }
  });

  it('gives nothing for another server than the profile has now', async () => {
    for (const server of ['https://osaka.example.test', 'http://tokyo.example.test', 'no url']) {
      expect(await ask(asks(v1, server))).toEqual({
        code: 5,
        out: '',
        err: lines(
          'error: the caller would send its credential to another server than the profile has now (tokyo.example.test)',
          'hint: make the kubeconfig again: clusterprofile export kubeconfig',
        ),
      });
    }
    expect(place.runs()).toBe(0);
  });

  it('gives nothing to a terminal', async () => {
    expect(await ask(undefined, { terminal: true })).toEqual({
      code: 5,
      out: '',
      err: lines(
        'error: a credential is not printed on a terminal',
        'hint: clusterprofile access tokyo … -- COMMAND runs a command with it',
      ),
    });
    expect(place.runs()).toBe(0);
  });

  it.each([
    ['not JSON', 'LEAKCANARY', 'is not JSON'],
    ['a list', '[]', 'is no map'],
    ['a text', '"LEAKCANARY"', 'is no map'],
    [
      'without a map in it',
      { kind: 'ExecCredential', apiVersion: v1, spec: ['LEAKCANARY'] },
      'is malformed: spec should be a map, it is a list',
    ],
    ['another kind', { kind: 'LEAKCANARY', apiVersion: v1 }, `is no ExecCredential of ${v1} or ${v1}beta1`],
    [
      'another version',
      { kind: 'ExecCredential', apiVersion: 'LEAKCANARY' },
      `is no ExecCredential of ${v1} or ${v1}beta1`,
    ],
  ])('KUBERNETES_EXEC_INFO that is %s', async (_title, info, message) => {
    expect(await ask(info)).toEqual({
      code: 3,
      out: '',
      err: lines(`error: KUBERNETES_EXEC_INFO ${message}`, `hint: unset it to get ${v1}`),
    });
  });

  it.each([
    ['fails', 'echo no rights: token=LEAKCANARY >&2; exit 3', 'failed (exit 3): no rights: token=…'],
    [
      'names a Secret',
      `echo 'failed to get secret fleet/tokyo-7: secrets "tokyo-7" not found' >&2; exit 1`,
      'failed (exit 1): failed to get secret fleet/tokyo-7: secrets "tokyo-7" not found',
    ],
    [
      'says its token',
      'echo token LEAKCANARY, key: LEAKCANARY, Secret "0123456789abcdef01234567" >&2; exit 1',
      'failed (exit 1): token … key: … Secret …',
    ],
    ['prints something else', 'echo LEAKCANARY', noCredential],
    ['prints null', 'echo null', noCredential],
    ['has no status', credential(null), noCredential],
    ['has a list for a status', credential(['LEAKCANARY']), noCredential],
    [
      'has a certificate alone',
      credential({ clientCertificateData: 'LEAKCANARY' }),
      'gave only one of a certificate and its key',
    ],
    [
      'has a key alone',
      credential({ token: 'LEAKCANARY', clientKeyData: 'LEAKCANARY' }),
      'gave only one of a certificate and its key',
    ],
  ])('a plugin that %s is exit 6', async (_title, script, message) => {
    place.plugin(script);
    expect(await ask()).toEqual({ code: 6, out: '', err: `error: credential plugin plugin ${message}\n` });
  });

  it('ends a plugin that does not end', async () => {
    place.plugin('exec sleep 60');
    expect(await run([...place.words, '--timeout', '300ms'])).toEqual({
      code: 8,
      out: '',
      err: lines('error: not done within 300ms', 'hint: give it more time with --timeout'),
    });
  });

  it('hands a plugin the hub that the flags name', async () => {
    const inventory = ['--inventory', place.at, '--kubeconfig', 'hub.yaml'];
    expect(await run([...place.words.slice(0, 2), ...inventory, '--provider-file', place.providers])).toEqual({
      code: 2,
      out: '',
      err: 'error: --inventory and the flags of a hub exclude each other\n',
    });
    await run([...place.words, '--kubeconfig', 'hub.yaml']);
    expect(place.read('hub')).toBe(`${join(process.cwd(), 'hub.yaml')}\n`);
    await run(place.words, { env: { KUBECONFIG: '/hub.yaml:more.yaml' } });
    expect(place.read('hub')).toBe(`/hub.yaml:${join(process.cwd(), 'more.yaml')}\n`);
  });

  it('does not run inside its own run', async () => {
    place.plugin(`exec ${programInShell()} ${place.words.join(' ')}`);
    expect(await run(place.words)).toEqual({
      code: 6,
      out: '',
      err:
        'error: credential plugin plugin failed (exit 5): error: access to tokyo is asked for while it is being given: ' +
        "the hub's kubeconfig reaches the hub through tokyo / hint: name the hub with --kubeconfig and --context\n",
    });
    expect(place.runs()).toBe(1);
  });
});

describe('which profile', () => {
  const needsFile = "error: required option '--provider-file <file>' not specified";
  const comesLast = 'error: a command to run comes last, after --';
  const usage = 'hint: access NAME --provider-file FILE -- COMMAND ARGS…';

  it.each<[string, string[], Member[], number, string[]]>([
    [
      'that is not there',
      ['osaka'],
      [{}],
      9,
      ['error: not found: osaka (in /place/profiles.json)', 'hint: clusterprofile list -A shows all there are'],
    ],
    [
      'of two namespaces',
      ['tokyo'],
      [{}, { metadata: { namespace: 'lab' } }],
      2,
      ['error: fleet/tokyo and lab/tokyo have that name', 'hint: say which with -n NAMESPACE'],
    ],
    [
      'without a provider',
      ['tokyo'],
      [{ cluster: { server: '' } }],
      5,
      [
        'error: fleet/tokyo: status.accessProviders[shop].cluster.server is not an absolute URL',
        'hint: write it like https://203.0.113.7:6443',
      ],
    ],
    [
      'without TLS',
      ['tokyo'],
      [{ cluster: { server: 'http://tokyo' } }],
      5,
      [
        'error: fleet/tokyo: status.accessProviders[shop].cluster.server is not https: a credential would be sent in the clear',
        'hint: --allow-insecure, where that is what you want',
      ],
    ],
  ])('%s', async (_title, [name = ''], members, code, said) => {
    place.member(...members);
    const words = ['access', name, ...place.words.slice(2)];
    for (const rest of [[], ['--', 'touch', place.file('ran')]]) {
      const { out, err, code: ended } = await run([...words, ...rest]);
      expect({ code: ended, out, err: err.replaceAll(place.at, '/place') }).toEqual({
        code,
        out: '',
        err: lines(...said),
      });
    }
    expect([place.runs(), existsSync(place.file('ran'))]).toEqual([0, false]);
  });

  it('takes one of two by -n, and nothing that a profile names for a command', async () => {
    place.member({}, { metadata: { namespace: 'lab' }, cluster: { server: 'https://lab.example.test' } });
    expect((await run([...place.words, '-n', 'lab'])).code).toBe(0);
    expect(place.read('told')).toContain('https://lab.example.test');
    writeFileSync(place.providers, JSON.stringify({ providers: [] }));
    expect(await run(place.words)).toEqual({
      code: 2,
      out: '',
      err: lines('error: fleet/tokyo and lab/tokyo have that name', 'hint: say which with -n NAMESPACE'),
    });
    expect(await run([...place.words, '-n', 'lab'])).toEqual({ code: 5, out: '', err: noProvider('lab/tokyo') });
  });

  it.each([
    [[], [needsFile]],
    [['tokyo'], [needsFile]],
    [
      ['tokyo', '--provider-file', 'p', 'kubectl', 'get', 'nodes'],
      [comesLast, usage],
    ],
    [
      ['tokyo', 'osaka', '--provider-file', 'p', '--', 'kubectl'],
      [comesLast, usage],
    ],
    [
      ['--provider-file', 'p', '--', 'tokyo', 'kubectl'],
      [comesLast, usage],
    ],
    [
      ['tokyo', '--provider-file', 'p', '--'],
      ['error: which command?', usage],
    ],
  ])('%j is a usage error', async (words, said) => {
    expect(await run(['access', ...words])).toEqual({ code: 2, out: '', err: lines(...said) });
  });
});

describe('access NAME -- COMMAND', () => {
  const sh = (script: string, options: RunOptions = {}): Promise<Ran> =>
    run([...place.words, '--', 'sh', '-c', script, 'sh', 'one', '--flag'], options);

  it('gives the command a kubeconfig of its own, for as long as it runs, and its exit code back', async () => {
    const script = `cp -p "$KUBECONFIG" "${place.file('config')}"; echo "$KUBECONFIG $* $SHOP" > "${place.file('said')}"; ls -ld "$(dirname "$KUBECONFIG")" | cut -c1-10 > "${place.file('mode')}"; exit 42`;
    expect(await sh(script, { env: { SHOP: 'tokyo' } })).toEqual({ out: '', err: '', code: 42 });
    const [kubeconfig = '', ...more] = place.read('said').trim().split(' ');
    expect(more).toEqual(['one', '--flag', 'tokyo']);
    expect([mode(place.file('config')), place.read('mode')]).toEqual(['600', 'drwx------\n']);
    expect(existsSync(dirname(kubeconfig))).toBe(false);
    expect(place.runs()).toBe(0);
    expect(parse(place.read('config'))).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      preferences: {},
      'current-context': 'tokyo',
      clusters: [{ name: 'tokyo', cluster: { server: 'https://tokyo.example.test', extensions: [execExtension] } }],
      users: [
        {
          name: 'tokyo',
          user: {
            exec: {
              apiVersion: v1,
              command: place.file('plugin'),
              env: [{ name: 'KUBECONFIG', value: '' }],
              interactiveMode: 'Never',
              provideClusterInfo: true,
            },
          },
        },
      ],
      contexts: [{ name: 'tokyo', context: { cluster: 'tokyo', user: 'tokyo' } }],
    });
  });

  it('says of a profile that is being deleted that it is', async () => {
    place.member({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['shop.test/keep'] } });
    expect(await sh('true')).toEqual({ out: '', err: 'warning: fleet/tokyo is being deleted\n', code: 0 });
  });

  it('names the plugin and the hub by paths that hold in another folder, and leaves what the operator says', async () => {
    const config = async (options: RunOptions = {}): Promise<unknown> => {
      await sh(`cat "$KUBECONFIG" > "${place.file('config')}"`, options);
      return (parse(place.read('config')) as { users: [{ user: { exec: unknown } }] }).users[0].user.exec;
    };
    place.plugin({}, { command: './bin/plugin' });
    expect(await config({ env: { KUBECONFIG: 'hub.yaml' } })).toMatchObject({
      command: join(process.cwd(), 'bin', 'plugin'),
      env: [{ name: 'KUBECONFIG', value: join(process.cwd(), 'hub.yaml') }],
    });
    const env = [{ name: 'KUBECONFIG', value: '/operator.yaml' }];
    place.plugin({}, { command: 'kubelogin', env });
    expect(await config({ env: { KUBECONFIG: 'hub.yaml' } })).toMatchObject({ command: 'kubelogin', env });
  });

  it.each([
    ['is not there', 'no-such-program', 9, 'error: no-such-program: command not found\n'],
    ['may not run', '/etc/passwd', 3, 'error: /etc/passwd could not run: permission denied\n'],
  ])('a command that %s', async (_title, command, code, err) => {
    const TMPDIR = scratch();
    expect(await run([...place.words, '--', command], { env: { TMPDIR } })).toEqual({ code, out: '', err });
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  const started = async (script: string): Promise<ChildProcess> => {
    const body = `echo "$KUBECONFIG" > "${place.file('path')}"; ${script}; echo > "${place.file('ready')}"; while :; do sleep 0.05; done`;
    const child = startProgram([...place.words, '--', 'sh', '-c', body], { stdio: 'pipe' });
    const deadline = Date.now() + 20_000;
    while (!existsSync(place.file('ready')) && Date.now() < deadline) await sleep(20);
    return child;
  };

  it.each([
    ['SIGTERM', 'trap "exit 7" TERM', 7],
    ['SIGINT', 'trap "exit 8" INT', 8],
    ['SIGHUP', 'trap "exit 9" HUP', 9],
    ['SIGTERM', ':', 143],
  ] as const)('hands %s on (%s) and cleans up', async (signal, script, code) => {
    const child = await started(script);
    const folder = dirname(place.read('path').trim());
    expect(existsSync(folder)).toBe(true);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([code, null]);
    expect(existsSync(folder)).toBe(false);
  });

  it('stays with a command that does not end at the first signals', async () => {
    const child = await started(
      `n=0; trap 'n=$((n+1)); echo $n > "${place.file('signals')}"; [ $n -lt 3 ] || exit 5' INT`,
    );
    for (const count of ['1', '2', '3']) {
      child.kill('SIGINT');
      const deadline = Date.now() + 10_000;
      while (!(existsSync(place.file('signals')) && place.read('signals').trim() === count) && Date.now() < deadline)
        await sleep(20);
    }
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(5);
    expect(existsSync(dirname(place.read('path').trim()))).toBe(false);
  });

  it('shares its streams with the command', async () => {
    const child = startProgram([...place.words, '--', 'sh', '-c', 'cat; echo talk >&2']);
    child.stdin!.end('data');
    const [out, err, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
    expect({ out, err, code }).toEqual({ out: 'data', err: 'talk\n', code: 0 });
  });
});

describe('export --credentials embed', () => {
  const words = (...flags: string[]): string[] => [
    'export',
    'istio',
    '-f',
    place.profiles,
    '--provider-file',
    place.providers,
    '--credentials=embed',
    ...flags,
  ];

  it('writes tokens where only their owner reads them, also over a file that others could read', async () => {
    const file = place.file('out/istio-system/secret-istio-remote-secret-tokyo.yaml');
    const flags = words('--output-dir', place.file('out'));
    expect(await run(flags, { terminal: true })).toMatchObject({
      code: 0,
      out: 'secret/istio-remote-secret-tokyo created\n',
    });
    expect([mode(file), place.runs()]).toEqual(['600', 1]);
    expect(readFileSync(file, 'utf8')).toContain('token: LEAKCANARY');
    chmodSync(file, 0o644);
    place.plugin({ token: 'LEAKCANARY-2' });
    const { out, err, code } = await run(flags);
    expect({ out, code, mode: mode(file) }).toEqual({
      out: 'secret/istio-remote-secret-tokyo configured\n',
      code: 0,
      mode: '600',
    });
    expect(err).not.toContain('LEAKCANARY');
    place.plugin({ token: 'LEAKCANARY-3' });
    const diff = await run([...flags, '--diff'], { terminal: true });
    expect(diff).toMatchObject({ code: 1, out: expect.stringContaining('*** (after)') as string });
    expect(`${diff.out}${diff.err}`).not.toContain('LEAKCANARY');
    expect(await run([...flags, '--diff', '--show-secrets'], { terminal: true })).toEqual({
      code: 5,
      out: '',
      err: notOnTerminal,
    });
    const pedia = ['export', 'clusterpedia', ...words().slice(2), '--output-dir', place.file('pedia')];
    // The profile has no CA, and Clusterpedia would send the token to whoever answers.
    expect(await run(pedia)).toMatchObject({
      code: 5,
      err: expect.stringContaining('trusts whoever answers') as string,
    });
    expect((await run([...pedia, '--allow-insecure'])).code).toBe(0);
    expect(mode(place.file('pedia/pediacluster-tokyo.yaml'))).toBe('600');
  });

  it('runs no plugin for a terminal, without the flag, or without a provider file', async () => {
    expect(await run(words(), { terminal: true })).toEqual({ code: 5, out: '', err: notOnTerminal });
    const bare = words().filter((word) => word !== '--credentials=embed');
    expect(await run([...bare, '--credentials=exec'])).toMatchObject({ code: 0 });
    const without = words().filter((word) => word !== '--provider-file' && word !== place.providers);
    const { out, err, code } = await run(without);
    expect({ code, out, err: endOf(err) }).toEqual({
      code: 5,
      out: '',
      err: lines(...noProviderFile('istio: fleet/tokyo')),
    });
    expect(place.runs()).toBe(0);
  });

  it('runs each plugin once, and says whose failed', async () => {
    place.member({}, { metadata: { namespace: 'lab', name: 'osaka' } }, { metadata: { name: 'nara' } });
    expect((await run(words())).code).toBe(0);
    expect(place.runs()).toBe(3);
    place.plugin('echo token=LEAKCANARY >&2; exit 1');
    expect(await run(words())).toEqual({
      code: 6,
      out: '',
      err: 'error: fleet/nara: credential plugin plugin failed (exit 1): token=…\n',
    });
    place.plugin({ token: 'two\nlines LEAKCANARY' });
    expect(await run(words('--skip-refused'))).toEqual({
      code: 4,
      out: '',
      err: lines(
        ...['fleet/nara', 'lab/osaka', 'fleet/tokyo'].map(
          (name) => `error: istio: ${name}: what its plugin gives as a token is none`,
        ),
        'note: no ClusterProfile to export',
      ),
    });
  });

  it('takes a failed plugin for a refusal where the rest is wanted, and ends with the time', async () => {
    place.plugin('exit 1');
    expect(await run(words('--skip-refused'))).toEqual({
      code: 4,
      out: '',
      err: lines(
        'error: istio: fleet/tokyo: credential plugin plugin failed (exit 1)',
        'note: no ClusterProfile to export',
      ),
    });
    place.plugin('exec sleep 60');
    expect(await run(words('--timeout=300ms'))).toEqual({
      code: 8,
      out: '',
      err: lines('error: not done within 300ms', 'hint: give it more time with --timeout'),
    });
  });
});

describe('export kubeconfig --exec self', () => {
  const exec = async (words: string[], env: Record<string, string> = {}): Promise<{ [key: string]: unknown }> => {
    const flags = ['export', 'kubeconfig', '--exec=self', '--provider-file', place.providers, '-q', '-o', 'json'];
    const { out, err, code } = await run([...flags, ...words], { env });
    expect({ err, code }).toEqual({ err: '', code: 0 });
    return (JSON.parse(out) as { users: [{ user: { exec: { [key: string]: unknown } } }] }).users[0].user.exec;
  };
  const base = ['access', 'tokyo', '-n', 'fleet', '--provider-file'];

  it('says where the profile is read again, by absolute paths', async () => {
    const at = process.cwd();
    const relative = (file: string): string => join('..', ...Array.from({ length: 20 }, () => '..'), file);
    expect(await exec(['-f', relative(place.profiles), '-R', '--allow-insecure'])).toEqual({
      apiVersion: v1,
      command: 'clusterprofile',
      args: [...base, place.providers, '-f', place.profiles, '-R', '--allow-insecure'],
      installHint: expect.stringContaining('--exec-command') as string,
      interactiveMode: 'IfAvailable',
      provideClusterInfo: true,
    });
    expect(at).toBe(process.cwd());
    const inventory = place.file('fleet');
    expect(await run(['apply', '-f', place.profiles, '--inventory', inventory])).toMatchObject({ code: 0 });
    expect(await exec(['--inventory', relative(inventory), '--exec-command', './cp'])).toMatchObject({
      command: join(at, 'cp'),
      args: [...base, place.providers, '--inventory', inventory],
    });
  });

  it('works as the plugin that it names', async () => {
    const { args } = await exec(['-f', place.profiles]);
    const { out, code } = await run(args as string[]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ status: { token: 'LEAKCANARY' } });
  });

  it.each([
    [
      'profiles from standard input',
      ['-f', '-', '--provider-file', 'providers.json'],
      2,
      ['error: --exec self reads the profiles again at each login, which standard input cannot be', 'hint: -f FILE'],
    ],
    ['no provider file', ['-f', 'profiles.json'], 5, noProviderFile('kubeconfig: fleet/tokyo')],
  ])('refuses %s', async (_title, flags, code, said) => {
    const words = flags.map((word) => (word.endsWith('.json') ? place.file(word) : word));
    const ran = await run(['export', 'kubeconfig', '--exec=self', ...words], { stdin: JSON.stringify(profile()) });
    expect(ran).toEqual({ code, out: '', err: lines(...said) });
  });
});
