import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lines } from '../../support/text.ts';
import { defaultsOf, makeWorld, profileOf, type World } from './world.ts';

const near = 'repository/clusterprofile.yaml';
const own = 'home/.config/clusterprofile/config.yaml';
const fleet = { 'repository/fleet/fleet_tokyo.yaml': profileOf('tokyo') };
const list = ['list', '-f', 'fleet', '-o', 'name'];
const listed = 'clusterprofile.multicluster.x-k8s.io/tokyo\n';

/** A world with a repository that somebody else made. */
const makeHostile = (body: string): World => makeWorld({ ...fleet, [near]: defaultsOf(body) });

/** A kubeconfig whose plugin leaves a file behind. */
const trap = (mark: string): string => `apiVersion: v1
kind: Config
current-context: trap
contexts: [{name: trap, context: {cluster: trap, user: trap}}]
clusters: [{name: trap, cluster: {server: "https://127.0.0.1:1"}}]
users:
- name: trap
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: touch, args: ["${mark}"]}
`;

describe('the file of a directory', () => {
  it.each([
    ['kubeconfig: trap', 'kubeconfig'],
    ['server: https://evil.example.com', 'server'],
    ['insecure-skip-tls-verify: true', 'insecure-skip-tls-verify'],
    ['proxy-url: http://evil.example.com', 'proxy-url'],
    ['token-file: /etc/passwd', 'token-file'],
    ['context: prod', 'context'],
    ['exec-policy: allow', 'exec-policy'],
    ['source-kubeconfig: trap', 'source-kubeconfig'],
    ['provider-file: trap.json', 'provider-file'],
    ['probe: true', 'probe'],
    ['quiet: true', 'quiet'],
    ['max-delete: 100%', 'max-delete'],
    ['endpoint: https://evil.example.com', 'endpoint'],
  ])('does not set what is of a person: %s', async (entry, flag) => {
    const { run, home } = makeHostile(`defaults:\n  ${entry}\n`);
    const file = join(home, '.config/clusterprofile/config.yaml');
    expect(await run(list)).toEqual({
      out: '',
      err: lines(
        `error: clusterprofile.yaml:4: --${flag} is not taken from a file of the working directory, which may be anybody's`,
        `hint: export CLUSTERPROFILE_${flag.replaceAll('-', '_').toUpperCase()}=…, or write it into ${file}`,
      ),
      code: 2,
    });
  });

  it('runs no plugin of its own, whoever asks', async () => {
    const { run, write, repository } = makeHostile('commands:\n  import kubeconfig: {filename: trap, probe: true}\n');
    const mark = join(repository, 'mark');
    write('repository/trap', trap(mark));
    expect((await run(['import', 'kubeconfig'])).code).toBe(2);
    write(near, defaultsOf('defaults: {kubeconfig: trap}\n'));
    for (const words of [['list'], ['doctor'], ['import', 'kubefleet'], ['diff', '-f', 'fleet']])
      expect((await run(words)).code).toBe(2);
    // The same trap, sprung: otherwise the test proves nothing.
    expect(existsSync(mark)).toBe(false);
    write(near, defaultsOf(''));
    await run(['list', '--kubeconfig', 'trap']);
    expect(existsSync(mark)).toBe(true);
  });

  it.each(['allow-empty', 'apply', 'force-conflicts', 'prune', 'yes', 'show-secrets'])(
    'does not set %s, which is typed; nor does any other place',
    async (flag) => {
      const message = (place: string): string =>
        `error: ${place}: --${flag} has to be typed, a default for it is not taken\n`;
      const { run, home } = makeHostile(`defaults: {${flag}: true}\n`);
      expect(await run(list)).toEqual({ out: '', err: message('clusterprofile.yaml:3'), code: 2 });
      const personal = makeWorld({ ...fleet, [own]: defaultsOf(`commands: {export argocd: {${flag}: true}}\n`) });
      const file = join(personal.home, '.config/clusterprofile/config.yaml');
      expect(home).not.toBe(personal.home);
      expect(await personal.run(['export', 'argocd'])).toEqual({ out: '', err: message(`${file}:3`), code: 2 });
      const variable = `CLUSTERPROFILE_${flag.replaceAll('-', '_').toUpperCase()}`;
      const words = ['export', 'argocd', '-f', 'fleet'];
      expect(await makeWorld(fleet).run(words, { env: { [variable]: 'true' } })).toEqual({
        out: '',
        err: message(variable),
        code: 2,
      });
    },
  );

  it('does not choose what is deleted', async () => {
    const world = makeHostile('defaults: {inventory: fleet, manager: kubeconfig, all-namespaces: true}\n');
    expect(await world.run(['delete'])).toEqual({
      out: '',
      err: 'error: say which: names, a filter such as -l or --manager, or --all\n',
      code: 2,
    });
    world.write(near, defaultsOf('commands: {delete: {manager: kubeconfig}}\n'));
    expect(await world.run(['delete'])).toEqual({
      out: '',
      err: 'error: clusterprofile.yaml:3: --manager has to be typed, a default for it is not taken\n',
      code: 2,
    });
    expect(readFileSync(join(world.repository, 'fleet/fleet_tokyo.yaml'), 'utf8')).toBe(profileOf('tokyo'));
  });

  it('names no path that leads out of its directory', async () => {
    for (const path of ['../home', '/etc', 'fleet/../../home']) {
      const { run } = makeHostile(`defaults: {inventory: ${path}}\n`);
      expect(await run(['list'])).toEqual({
        out: '',
        err: 'error: clusterprofile.yaml:3: --inventory must not lead out of the directory of the file\n',
        code: 2,
      });
    }
  });

  it('is not looked at by access, which kubectl runs as a plugin wherever it is', async () => {
    const world = makeWorld({ ...fleet, [near]: 'kind: Defaults\n  broken: [\n' });
    const words = ['access', 'tokyo', '--inventory', 'fleet', '--provider-file', 'none.json', '--', 'true'];
    const { err } = await world.run(words);
    expect(err).not.toContain('clusterprofile.yaml');
    world.write(near, defaultsOf('commands: {access: {namespace: fleet}}\n'));
    expect((await world.run(list)).err).toBe(
      'error: clusterprofile.yaml:3: access takes no defaults from a file of the working directory\n',
    );
  });

  it('does not keep from help, version and completion when it is broken', async () => {
    const { run } = makeWorld({ [near]: 'kind: Defaults\n  broken: [\n' });
    for (const words of [['list', '--help'], ['import', 'gke', '-h'], ['version'], ['completion', 'bash'], ['options']])
      expect((await run(words)).code, words.join(' ')).toBe(0);
    expect(await run(['list'])).toEqual({
      out: '',
      err: expect.stringMatching(/^error: clusterprofile\.yaml:\d+:\d+: not valid YAML: /),
      code: 3,
    });
  });
});

describe('a person', () => {
  it('may set in a file and in variables what a directory may not', async () => {
    const { run, write, home } = makeWorld(fleet);
    write('home/trap', trap(join(home, 'mark')));
    write(own, defaultsOf('defaults: {kubeconfig: ~/trap, request-timeout: 1s}\n'));
    expect((await run(['list'])).code).not.toBe(2);
    expect(existsSync(join(home, 'mark'))).toBe(true);
    write(own, defaultsOf('commands: {access: {provider-file: ~/providers.json, inventory: /nowhere}}\n'));
    expect((await run(['access', 'tokyo', '--', 'true'])).err).toContain('/nowhere');
    const env = { CLUSTERPROFILE_PROVIDER_FILE: 'providers.json', CLUSTERPROFILE_INVENTORY: 'elsewhere' };
    expect((await run(['access', 'tokyo', '--', 'true'], { env })).err).toContain('cannot read elsewhere');
  });
});

describe('a credential', () => {
  const secret = 'LEAKCANARY-d1f0a9';
  it.each([
    `defaults: {token: ${secret}}`,
    `defaults: {password: ${secret}}`,
    `defaults: {server: "https://admin:${secret}@hub.example.com"}`,
    `commands: {list: {client-key-data: ${secret}}}`,
    `commands: {import gke: {project: "https://hub.example.com/?token=${secret}"}}`,
    `defaults: {include: [a, "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJMRUFLQ0FOQVJZIn0.TEVBS0NBTkFSWS1z"]}`,
  ])('cannot stand in a file, and is not shown: %s', async (body) => {
    for (const place of [near, own]) {
      const { run } = makeWorld({ ...fleet, [place]: defaultsOf(`${body}\n`) });
      for (const words of [list, ['config', 'view'], ['config', 'view', 'list', '-v']]) {
        const { out, err, code } = await run(words);
        expect({ out, code }).toEqual({ out: '', code: 2 });
        expect(err).toMatch(
          /^error: \S*(?:clusterprofile|config)\.yaml:3: the value of [\w-]+ is a credential, which cannot stand there\n$/,
        );
        expect(err).not.toMatch(/LEAKCANARY|TEVBS0NBTkFSW/);
      }
    }
  });

  it('cannot stand in a variable', async () => {
    const { run } = makeWorld(fleet);
    const env = { CLUSTERPROFILE_SERVER: `https://admin:${secret}@hub.example.com` };
    expect(await run(['list'], { env })).toEqual({
      out: '',
      err: 'error: CLUSTERPROFILE_SERVER: the value of server is a credential, which cannot stand there\n',
      code: 2,
    });
    // Of no flag, so nobody reads it.
    expect(await run([...list, '-v'], { env: { CLUSTERPROFILE_TOKEN: secret } })).toEqual({
      out: listed,
      err: '',
      code: 0,
    });
  });
});
