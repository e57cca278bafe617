import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGoTools, makeRelease } from '../release/made.ts';
import { kubeconfig } from '../support/hub/kubeconfig.ts';
import { runKubectl } from '../support/hub/kubectl.ts';
import { startHub, type Hub } from '../support/hub/server.ts';
import { fixtures, root, scratch } from '../support/paths.ts';
import { written } from '../support/written.ts';
import { compareRoots, copyBookworm, listRoot, missesForRoots, runInside, type Typed } from './bare.ts';

const missing = missesForRoots();
if (missing !== undefined) console.log(`installing into bare roots is skipped: ${missing}`);

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** The lines of README's section on installing, without their remarks. */
const [, section = ''] = /^## Install\n([\s\S]*?)^## /m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
const lines = section.split('\n').map((line) => line.replace(/\s+# .*$/, ''));

/** The line of README that has this in it. */
function lineWith(part: string): string {
  const found = lines.filter((line) => line.includes(part));
  expect([part, found.length]).toEqual([part, 1]);
  return found[0] ?? '';
}

/** A root that somebody works in, as root. */
interface Bare {
  folder: string;
  type(line: string): Promise<Typed>;
  /** Lays a file of this machine into it. */
  lay(from: string, to: string): void;
}

// The first run makes the roots.
describe.skipIf(missing !== undefined)('in a bare root', { timeout: 600_000 }, () => {
  let hub: Hub;
  let stop: () => Promise<void>;
  let release: string;
  let server: Server;
  let base: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const file = join(release, basename(request.url ?? ''));
      if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    release = await makeRelease(base);
    ({ hub, stop } = await startHub());
    await runKubectl(hub, ['create', 'namespace', 'fleet']);
    const input = JSON.stringify(written('oslo', 'fleet'));
    const applied = await runKubectl(hub, ['apply', '-f', '-'], { input });
    if (applied.code !== 0) throw new Error(applied.stderr);
  }, 600_000);

  afterAll(async () => {
    server.close();
    await stop?.();
  });

  /** The kubeconfig of the hub's admin, with the certificate in it. */
  function embedKubeconfig(): string {
    const data = readFileSync(hub.caFile).toString('base64');
    const cluster = { 'certificate-authority': undefined, 'certificate-authority-data': data };
    return kubeconfig(hub, { cluster, namespace: 'fleet' });
  }

  /** A root with kubectl, the kubeconfig of the hub, these packages, and what a test lays into it. */
  function makeBare(...packages: string[]): Bare {
    const folder = copyBookworm(...packages);
    const lay = (from: string, to: string): void => {
      mkdirSync(dirname(join(folder, to)), { recursive: true });
      cpSync(realpathSync(from), join(folder, to), { recursive: true, verbatimSymlinks: true });
    };
    lay(hub.kubectl, 'usr/local/bin/kubectl');
    lay(join(fixtures, 'kubeconfig', 'token-user-and-ca', 'import.yaml'), 'root/import.yaml');
    mkdirSync(join(folder, 'root', '.kube'));
    writeFileSync(join(folder, 'root', '.kube', 'config'), embedKubeconfig());
    const env = { HOME: '/root', PATH: '/root/.krew/bin:/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8' };
    const type = (line: string): Promise<Typed> => runInside(folder, ['/bin/bash', '-c', `cd && ${line}`], env);
    return { folder, lay, type };
  }

  /** What has to work once it is installed. */
  async function tryProgram({ type }: Bare, program: string, runtime: string): Promise<void> {
    expect(await type(`${program} version`)).toMatchObject({
      code: 0,
      out: expect.stringMatching(new RegExp(`^clusterprofile ${version} \\((?:commit \\w+, )?${runtime} `)),
    });
    const printed = await type(`${program} import kubeconfig -f import.yaml -q`);
    const wanted = readFileSync(join(fixtures, 'kubeconfig', 'token-user-and-ca', 'clusterprofiles.yaml'), 'utf8');
    expect(printed).toEqual({ code: 0, out: wanted, err: '' });
    expect(await type('kubectl clusterprofile list -o name')).toEqual({
      code: 0,
      out: 'clusterprofile.multicluster.x-k8s.io/oslo\n',
      err: '',
    });
  }

  /** `kubectl clusterprofile <TAB>`, once the file for it is there. */
  async function tryCompletion({ type }: Bare): Promise<void> {
    expect((await type("kubectl __complete clusterprofile ''")).out).toMatch(/^import\t[\s\S]*\nlist\t[\s\S]*:4\n$/);
    await expect
      .poll(async () => (await type("kubectl __complete clusterprofile describe ''")).out, { timeout: 30_000 })
      .toBe('oslo\tshop-fleet\n:4\n');
  }

  it('the archive installs, works and goes without a trace', async () => {
    const bare = makeBare();
    const before = listRoot(bare.folder);
    const archive = `clusterprofile-${version}-linux-x64.tar.gz`;
    bare.lay(join(release, archive), `root/${archive}`);
    const unpack = lineWith('.tar.gz')
      .replace(/curl -fL \S+\/(\S+)/, 'cat $1')
      .replaceAll('sudo ', '');
    expect(await bare.type(unpack)).toEqual({ code: 0, out: '', err: '' });
    expect(await bare.type(lineWith('ln -s').replace('sudo ', ''))).toEqual({ code: 0, out: '', err: '' });
    await tryProgram(bare, 'clusterprofile', 'Bun');
    expect(await bare.type(lineWith('completion install'))).toMatchObject({
      code: 0,
      out: '/usr/local/bin/kubectl_complete-clusterprofile created\n',
    });
    await tryCompletion(bare);
    expect(await bare.type(lineWith('docs --man'))).toMatchObject({ code: 0 });
    await bare.type(
      `rm -r ${archive} /usr/local/bin/*clusterprofile .local/share/man && rmdir -p --ignore-fail-on-non-empty .local/share`,
    );
    expect(compareRoots(before, listRoot(bare.folder))).toEqual([]);
  });

  it('the npm package installs where there is Node.js alone, works and goes without a trace', async () => {
    const bare = makeBare();
    const npm = join(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())), '..');
    bare.lay(process.execPath, 'usr/local/bin/node');
    bare.lay(npm, 'usr/local/lib/node_modules/npm');
    await bare.type('ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm');
    const file = `clusterprofile-${version}.tgz`;
    bare.lay(join(release, file), `root/${file}`);
    const before = listRoot(bare.folder);
    // The file instead of the registry.
    const install = lineWith('npm install').replace(/ clusterprofile$/, ` ./${file}`);
    expect(await bare.type(`${install} --offline`)).toMatchObject({ code: 0 });
    await tryProgram(bare, 'clusterprofile', 'Node\\.js');
    await tryCompletion(bare);
    expect(await bare.type('npm uninstall --global clusterprofile')).toMatchObject({ code: 0 });
    expect(compareRoots(before, listRoot(bare.folder))).toEqual([]);
  });

  it('krew installs the plugin, which works and goes without a trace', async (context) => {
    const tools = buildGoTools('sigs.k8s.io/krew/cmd/krew@v0.4.3');
    if (!tools) {
      context.skip('there is no Go to build krew with');
      return;
    }
    // krew starts with git and an index.
    const bare = makeBare('git');
    bare.lay(join(tools, 'krew'), 'usr/local/bin/kubectl-krew');
    for (const each of ['bin', 'store', 'receipts', 'index'])
      mkdirSync(join(bare.folder, 'root', '.krew', each), { recursive: true });
    const index = [
      'git init --quiet --bare --initial-branch=main /srv/index.git',
      'git clone --quiet /srv/index.git .krew/index/default',
      'cd .krew/index/default',
      'git -c user.name=test -c user.email=test@example.com commit --quiet --allow-empty --message=index',
      'git push --quiet --set-upstream origin HEAD:main',
    ];
    expect(await bare.type(index.join(' && '))).toMatchObject({ code: 0 });
    const before = listRoot(bare.folder);
    const install = lineWith('krew install').replace('$release', base);
    const installed = await bare.type(install);
    expect([installed.code, installed.err]).toEqual([0, expect.stringContaining('Installed plugin: clusterprofile')]);
    await tryProgram(bare, 'kubectl clusterprofile', 'Bun');
    expect(await bare.type(lineWith('completion install'))).toMatchObject({
      code: 0,
      out: '/root/.krew/bin/kubectl_complete-clusterprofile created\n',
    });
    await tryCompletion(bare);
    expect(await bare.type('kubectl krew uninstall clusterprofile')).toMatchObject({ code: 0 });
    await bare.type('rm .krew/bin/kubectl_complete-clusterprofile');
    expect(compareRoots(before, listRoot(bare.folder))).toEqual([]);
  });

  it('the image runs as nobody in particular, and changes nothing of its tree', async () => {
    const [layout, tree] = [scratch(), scratch()];
    execFileSync('tar', ['-xf', join(release, `clusterprofile-${version}-image.tar`), '-C', layout]);
    const blob = (digest: string): string => join(layout, 'blobs', digest.replace(':', '/'));
    const parse = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
    const index = parse(join(layout, 'index.json')) as { manifests: { digest: string }[] };
    const { layers } = parse(blob(index.manifests[0]?.digest ?? '')) as { layers: { digest: string }[] };
    for (const { digest } of layers) execFileSync('tar', ['-xzf', blob(digest), '-C', tree]);
    execFileSync('chmod', ['755', tree]);
    // What a container runtime mounts.
    for (const name of ['proc', 'dev']) mkdirSync(join(tree, name));
    writeFileSync(join(tree, 'kubeconfig'), embedKubeconfig());
    cpSync(join(fixtures, 'kubeconfig', 'token-user-and-ca', 'import.yaml'), join(tree, 'import.yaml'));
    const before = listRoot(tree);
    const start = (...words: string[]): Promise<Typed> =>
      runInside(
        tree,
        ['/usr/bin/clusterprofile', ...words],
        { KUBECONFIG: '/kubeconfig', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
        '65532:65532',
      );
    expect(await start('version')).toMatchObject({ code: 0, err: '' });
    expect(await start('import', 'kubeconfig', '-f', '/import.yaml', '-q')).toMatchObject({ code: 0, err: '' });
    expect(await start('list', '-o', 'name')).toEqual({
      code: 0,
      out: 'clusterprofile.multicluster.x-k8s.io/oslo\n',
      err: '',
    });
    await expect.poll(async () => (await start('__complete', '--', 'describe', '')).out).toBe('oslo\tshop-fleet\n:4\n');
    expect(compareRoots(before, listRoot(tree))).toEqual([]);
  });
});
