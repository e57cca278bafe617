import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load } from 'js-yaml';
import { hubPrograms } from '../support/hub/programs.ts';
import { fixtures, root, scratch } from '../support/paths.ts';
import { writeScratch } from '../support/written.ts';
import { buildGoTools, loadReleaseTools, makeRelease } from './made.ts';

const execute = promisify(execFile);

const { checkManifests, formatScoop, packZip, sha256 } = await loadReleaseTools();

/** What `npm run release:dry` makes for this machine, twice, in two clones; addresses of files are on loopback. */
let made: [first: string, second: string];
let server: Server;
let base: string;

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const filesOf = (folder: string): string[] => readdirSync(folder).toSorted();
const read = (name: string): string => readFileSync(join(made[0], name), 'utf8');
const program = (folder: string): string => join(folder, 'clusterprofile');

beforeAll(async () => {
  server = createServer((request, response) => {
    // The address of a release on GitHub ends with the name of the file.
    const file = join(made[0], basename(request.url ?? ''));
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  made = [await makeRelease(base), await makeRelease(base)];
}, 600_000);

afterAll(() => new Promise((done) => server.close(done)));

it('makes the same bytes from the same commit', () => {
  const [first, second] = made;
  expect(filesOf(first)).toEqual(filesOf(second));
  expect(filesOf(first)).toEqual([
    'CHANGELOG.md',
    'SHA256SUMS',
    'THIRD-PARTY-LICENSES.txt',
    `clusterprofile-${version}-image.tar`,
    `clusterprofile-${version}-linux-x64.tar.gz`,
    `clusterprofile-${version}.tgz`,
    'clusterprofile.krew.yaml',
    'clusterprofile.rb',
    'sbom.cdx.json',
  ]);
  const sums = (folder: string): string[] =>
    filesOf(folder).map((name) =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    );
  expect(sums(first)).toEqual(sums(second));
  const checked = execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: first, encoding: 'utf8' });
  expect(checked.trim().split('\n')).toHaveLength(filesOf(first).length - 1);
});

it('packs a program that runs where nothing else is installed, and what belongs beside it', () => {
  const folder = scratch();
  execFileSync('tar', ['-xzf', join(made[0], `clusterprofile-${version}-linux-x64.tar.gz`), '-C', folder]);
  expect(filesOf(folder)).toEqual(['LICENSE', 'README.md', 'THIRD-PARTY-LICENSES.txt', 'clusterprofile', 'man']);
  const env = { PATH: '/nowhere', HOME: folder };
  const input = join(fixtures, 'kubeconfig', 'token-user-and-ca');
  const words = ['import', 'kubeconfig', '-f', join(input, 'import.yaml'), '-q'];
  const printed = execFileSync(program(folder), words, { env, encoding: 'utf8' });
  expect(printed).toBe(readFileSync(join(input, 'clusterprofiles.yaml'), 'utf8'));
  expect(statSync(program(folder)).mode & 0o777).toBe(0o755);
});

it('is fetched by the action from where a release is', async () => {
  const output = join(scratch(), 'output');
  const env = {
    PATH: process.env['PATH'],
    VERSION: version,
    REPOSITORY: 'example/clusterprofile',
    GITHUB_SERVER_URL: base,
    GITHUB_OUTPUT: output,
    RUNNER_TEMP: scratch(),
  };
  const done = await execute('bash', [join(root, '.github', 'action', 'install.sh')], { env });
  expect(done).toEqual({ stdout: '', stderr: '' });
  const [, installed = ''] = /^program=(.+)\n$/.exec(readFileSync(output, 'utf8')) ?? [];
  expect((await execute(installed, ['version'])).stdout).toMatch(new RegExp(`^clusterprofile ${version} `));
});

it('packs an npm package of 1.5 MB at most that installs both commands and goes without a trace', () => {
  const file = join(made[0], `clusterprofile-${version}.tgz`);
  expect(statSync(file).size).toBeLessThan(1_500_000);
  const prefix = scratch();
  const npm = (...words: string[]): string =>
    execFileSync('npm', [...words, '--global', '--prefix', prefix, '--offline'], { encoding: 'utf8', stdio: 'pipe' });
  npm('install', file);
  for (const name of ['clusterprofile', 'kubectl-clusterprofile'])
    expect(execFileSync(join(prefix, 'bin', name), ['version'], { encoding: 'utf8' })).toContain(version);
  npm('uninstall', 'clusterprofile');
  expect(readdirSync(join(prefix, 'bin'))).toEqual([]);
  expect(readdirSync(join(prefix, 'lib', 'node_modules'))).toEqual([]);
});

// .github/decisions/0020-a-release-is-one-tag.md says why.
it('gives its description and no library, to programs and to TypeScript, and installs nothing else', () => {
  const unpacked = scratch();
  execFileSync('tar', ['-xzf', join(made[0], `clusterprofile-${version}.tgz`), '-C', unpacked]);
  const packed = join(unpacked, 'package');
  const user = scratch();
  mkdirSync(join(user, 'node_modules'));
  symlinkSync(packed, join(user, 'node_modules', 'clusterprofile'));
  const load = (words: string): string => {
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', words], { cwd: user, encoding: 'utf8' });
    return `${ran.stdout}${/\[(ERR_\w+)\]/.exec(ran.stderr)?.[1] ?? ''}`;
  };
  for (const name of ['clusterprofile', 'clusterprofile/dist/main.cjs', 'clusterprofile/src/main.ts'])
    expect([name, load(`await import('${name}')`)]).toEqual([name, 'ERR_PACKAGE_PATH_NOT_EXPORTED']);
  const about = `import about from 'clusterprofile/package.json' with { type: 'json' }; console.log(about.version)`;
  expect(load(about)).toBe(`${version}\n`);
  writeFileSync(join(user, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(user, 'use.ts'), `export * as library from 'clusterprofile';\n`);
  for (const [module, resolution] of [
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const flags = ['--module', module ?? '', '--moduleResolution', resolution ?? '', '--noEmit'];
    const typed = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), [...flags, 'use.ts'], {
      cwd: user,
      encoding: 'utf8',
    });
    const said = typed.stdout
      .split('\n')
      .filter((line) => line.startsWith('use.ts'))
      .map((line) => line.replace(/: .*? (TS\d+): .*/, ' $1'));
    expect([resolution, said]).toEqual([resolution, ['use.ts(1,26) TS2307']]);
  }
  const { dependencies, scripts } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string> | undefined
  >;
  expect(dependencies).toBeUndefined();
  for (const hook of ['preinstall', 'install', 'postinstall']) expect(scripts?.[hook]).toBeUndefined();
});

it('lists every package in the bundle, its licence, and none that is not', () => {
  const sbom = JSON.parse(read('sbom.cdx.json')) as {
    bomFormat: string;
    metadata: { component: { name: string; version: string } };
    components: { name: string; version: string; scope: string; licenses?: unknown[] }[];
  };
  expect([sbom.bomFormat, sbom.metadata.component.name, sbom.metadata.component.version]).toEqual([
    'CycloneDX',
    'clusterprofile',
    version,
  ]);
  const names = sbom.components.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['commander', 'js-yaml', '@azure/identity', '@aws-sdk/client-eks', 'bun']),
  );
  for (const tool of ['vitest', 'rolldown', 'typescript', 'tar', 'axe-core']) expect(names).not.toContain(tool);
  const licences = read('THIRD-PARTY-LICENSES.txt');
  for (const each of sbom.components) {
    expect(licences).toContain(each.name);
    expect([each.name, each.licenses?.length]).toEqual([each.name, 1]);
  }
  expect(read('sbom.cdx.json')).not.toMatch(/"(?:timestamp|serialNumber)"|https?:\/\/(?!cyclonedx\.org)[^"]*\.tgz/);
});

it('makes what README installs, under the names that it has there', () => {
  const [, section = ''] =
    /^## Install\n[\s\S]*?```sh\n([\s\S]*?)```/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  const named = [...section.matchAll(/\$release\/([\w.-]+)/g)].map(([, name]) => name);
  // Scoop's is made with the archive for Windows.
  expect(named).toEqual([
    `clusterprofile-${version}-linux-x64.tar.gz`,
    ...['krew.yaml', 'rb', 'scoop.json'].map((end) => `clusterprofile.${end}`),
  ]);
  for (const name of named.filter((each) => !each?.includes('scoop'))) expect(filesOf(made[0])).toContain(name);
  expect(section).toContain(`/releases/download/v${version} `);
  const peek = (archive: string, name: string): unknown =>
    JSON.parse(execFileSync('tar', ['-xOf', join(made[0], archive), name], { encoding: 'utf8' }));
  expect(section).toMatch(/^npm install --global clusterprofile$/m);
  expect(peek(`clusterprofile-${version}.tgz`, 'package/package.json')).toMatchObject({
    name: 'clusterprofile',
    version,
  });
  const [, tag] = /^docker run --rm ghcr\.io\/OWNER\/clusterprofile:(\S+) version/m.exec(section) ?? [];
  expect(peek(`clusterprofile-${version}-image.tar`, 'index.json')).toMatchObject({
    manifests: [{ annotations: { 'org.opencontainers.image.ref.name': tag } }],
  });
  expect(read('clusterprofile.rb')).toMatch(/^class Clusterprofile < Formula$/m);
  expect(section).toContain('/Formula/clusterprofile.rb"\nbrew install local/tools/clusterprofile\n');
  const lines = section.split('\n').filter((line) => /^\w+ /.test(line) && !line.startsWith('brew install'));
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['curl', 'npm', 'kubectl', 'brew', 'scoop', 'docker']);
});

it('writes the changelog of what users see', () => {
  expect(read('CHANGELOG.md')).toMatch(/^# Changelog\n\n## \S+ \(\d{4}-\d\d-\d\d\)\n\n### (?:Breaking|Added)\n\n- /);
  expect(read('CHANGELOG.md')).not.toMatch(/^- (?:refactor|test|merge)/im);
});

// krew is built here once.
describe('package managers', { timeout: 600_000 }, () => {
  it('krew takes the manifest, installs the plugin from an index, and removes it whole', async (context) => {
    const tools = buildGoTools(
      'sigs.k8s.io/krew/cmd/krew@v0.4.3',
      'sigs.k8s.io/krew/cmd/validate-krew-manifest@v0.4.3',
    );
    if (!tools) {
      context.skip('there is no Go to build krew with');
      return;
    }
    const home = scratch();
    const plugins = join(home, 'index', 'default', 'plugins');
    mkdirSync(plugins, { recursive: true });
    const manifest = join(plugins, 'clusterprofile.yaml');
    await execute('cp', [join(made[0], 'clusterprofile.krew.yaml'), manifest]);
    const git = (...words: string[]): unknown =>
      execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...words], {
        cwd: join(home, 'index', 'default'),
        stdio: 'pipe',
      });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'plugin');
    const { kubectl } = await hubPrograms();
    const bin = scratch();
    symlinkSync(realpathSync(kubectl), join(bin, 'kubectl'));
    const env = {
      ...process.env,
      KREW_ROOT: home,
      KREW_NO_UPGRADE_CHECK: '1',
      HOME: scratch(),
      PATH: `${join(home, 'bin')}:${bin}:${process.env['PATH']}`,
    };
    const structural = spawnSync(join(tools, 'validate-krew-manifest'), ['-manifest', manifest, '-skip-install'], {
      env,
      encoding: 'utf8',
    });
    expect(structural.stderr).toContain('structural validation OK');
    expect(structural.status).toBe(0);
    const krew = (...words: string[]): Promise<unknown> => execute(join(tools, 'krew'), words, { env });
    await krew('install', 'clusterprofile', '--no-update-index');
    const { stdout } = await execute('kubectl', ['clusterprofile', 'version'], { env });
    expect(stdout).toMatch(new RegExp(`^clusterprofile ${version} \\((?:commit \\w+, )?Bun `));
    expect(readlinkSync(join(home, 'bin', 'kubectl-clusterprofile'))).toContain('/store/clusterprofile/');
    await krew('uninstall', 'clusterprofile');
    for (const folder of ['bin', 'receipts', 'store']) expect(readdirSync(join(home, folder))).toEqual([]);
  });

  it('the Homebrew formula fetches, installs and tests what it names, and the sum is checked', async (context) => {
    const formula = join(made[0], 'clusterprofile.rb');
    const start = async (file: string, prefix: string): Promise<{ code: number; said: string }> =>
      execute('ruby', [join(root, 'test', 'release', 'formula.rb'), file, prefix]).then(
        ({ stdout, stderr }) => ({ code: 0, said: `${stdout}${stderr}` }),
        ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
          code,
          said: `${stdout}${stderr}`,
        }),
      );
    if (spawnSync('ruby', ['--version']).error) {
      context.skip('there is no Ruby');
      return;
    }
    const prefix = scratch();
    expect(await start(formula, prefix)).toEqual({
      code: 0,
      said: `clusterprofile ${version}: installed and tested\n`,
    });
    const files = readdirSync(prefix, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !statSync(join(prefix, name)).isDirectory(),
    );
    expect(files.filter((name) => !name.startsWith('share/man/')).toSorted()).toEqual([
      'bin/clusterprofile',
      'bin/kubectl-clusterprofile',
      'etc/bash_completion.d/clusterprofile',
      'share/fish/vendor_completions.d/clusterprofile.fish',
      'share/zsh/site-functions/_clusterprofile',
    ]);
    expect(files).toContain('share/man/man1/clusterprofile-list.1');
    expect(readlinkSync(join(prefix, 'bin', 'kubectl-clusterprofile'))).toBe('clusterprofile');
    expect(readFileSync(join(prefix, 'etc/bash_completion.d/clusterprofile'), 'utf8')).toContain('complete ');
    const other = writeScratch('other.rb', readFileSync(formula, 'utf8').replace(/sha256 ".{8}/, 'sha256 "00000000'));
    const refused = await start(other, scratch());
    expect([refused.code, refused.said]).toEqual([1, expect.stringContaining('SHA-256 mismatch')]);
  });

  it('a manifest that names what the release has not is an error of the release', () => {
    const folder = scratch();
    const archive = `clusterprofile-${version}-linux-x64.tar.gz`;
    const place = (change: (manifest: string) => string): void =>
      writeFileSync(join(folder, 'clusterprofile.krew.yaml'), change(read('clusterprofile.krew.yaml')));
    place(String);
    expect(() => checkManifests(folder)).toThrow(`names ${base}/${archive}, which is not in the release`);
    symlinkSync(join(made[0], archive), join(folder, archive));
    expect(checkManifests(folder)).toEqual({ 'clusterprofile.krew.yaml': [archive] });
    place((manifest) => manifest.replace('bin: clusterprofile', 'bin: other'));
    expect(() => checkManifests(folder)).toThrow(`names other, which is not in ${archive}`);
    place((manifest) => manifest.replace(/sha256: \w{8}/, 'sha256: 00000000'));
    expect(() => checkManifests(folder)).toThrow(`has another sum of ${archive} than the file`);
  });

  it("Scoop's manifest is of the form that Scoop's schema asks for, and names what is in the zip", () => {
    const [folder, packed] = [scratch(), scratch()];
    writeFileSync(join(packed, 'clusterprofile.exe'), 'MZ');
    const name = `clusterprofile-${version}-windows-x64.zip`;
    const file = packZip(packed, join(folder, name), 1_700_000_000);
    const about = {
      version,
      homepage: 'https://github.com/example/clusterprofile',
      url: (each: string) => `${base}/${each}`,
    };
    const text = formatScoop(about, [{ target: 'windows-x64', format: 'zip', name, sha256: sha256(file) }]) ?? '';
    writeFileSync(join(folder, 'clusterprofile.scoop.json'), text);
    expect(checkManifests(folder)).toEqual({ 'clusterprofile.scoop.json': [name] });
    const judge = new Ajv({ strict: false, validateFormats: false }).compile(scoopSchema);
    const manifest = JSON.parse(text) as Record<string, unknown>;
    expect([judge(manifest), judge.errors]).toEqual([true, null]);
    for (const wrong of [{ hash: 'abc' }, { version: undefined }, { bin: [] }, { licence: 'MIT' }, { homepage: 1 }])
      expect([wrong, judge(JSON.parse(JSON.stringify({ ...manifest, ...wrong })))]).toEqual([wrong, false]);
  });
});

/** What Scoop's own schema (draft 7, `schema.json` of ScoopInstaller/Scoop) asks of the fields that the manifest has. */
const hash = { type: 'string', pattern: '^([a-fA-F0-9]{64}|(sha1|sha256|sha512|md5):[a-fA-F0-9]{32,128})$' };
const words = { type: 'array', minItems: 1, items: { type: 'string' } };
const scoopSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'homepage', 'license'],
  properties: {
    version: { type: 'string', pattern: String.raw`^[\w.\-+_]+$` },
    description: { type: 'string' },
    homepage: { type: 'string' },
    license: { type: 'string' },
    hash,
    bin: { anyOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { anyOf: [{ type: 'string' }, words] } }] },
    architecture: {
      type: 'object',
      additionalProperties: false,
      properties: {
        '64bit': {
          type: 'object',
          additionalProperties: false,
          properties: { hash, url: { type: 'string', not: { pattern: String.raw`\$` } } },
        },
      },
    },
  },
};

describe('the image', () => {
  const inImage = (): string => {
    const [layout, tree] = [scratch(), scratch()];
    execFileSync('tar', ['-xf', join(made[0], `clusterprofile-${version}-image.tar`), '-C', layout]);
    const blob = (digest: string): string => join(layout, 'blobs', digest.replace(':', '/'));
    const parse = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
    const index = parse(join(layout, 'index.json')) as { manifests: { digest: string }[] };
    const manifest = parse(blob(index.manifests[0]?.digest ?? '')) as {
      config: { digest: string };
      layers: { digest: string }[];
    };
    const { config, rootfs } = parse(blob(manifest.config.digest)) as {
      config: { User: string; Entrypoint: string[] };
      rootfs: { diff_ids: string[] };
    };
    expect([config.User, config.Entrypoint]).toEqual(['65532:65532', ['/usr/bin/clusterprofile']]);
    expect(rootfs.diff_ids).toHaveLength(manifest.layers.length);
    for (const { digest } of manifest.layers) {
      const file = blob(digest);
      expect(`sha256:${createHash('sha256').update(readFileSync(file)).digest('hex')}`).toBe(digest);
      execFileSync('tar', ['-xzf', file, '-C', tree]);
    }
    return tree;
  };

  it('has the program, its libraries, the public roots and no shell', () => {
    const tree = inImage();
    expect(filesOf(join(tree, 'usr', 'bin'))).toEqual(['clusterprofile']);
    expect(existsSync(join(tree, 'bin'))).toBe(false);
    expect(readFileSync(join(tree, 'etc/ssl/certs/ca-certificates.crt'), 'utf8')).toContain('BEGIN CERTIFICATE');
  });

  it('runs as nobody in particular, on a root that cannot be written', (context) => {
    if (process.getuid?.() !== 0) {
      context.skip('a root of its own takes the rights of root');
      return;
    }
    const tree = inImage();
    chmodSync(tree, 0o755);
    for (const name of ['proc', 'dev']) mkdirSync(join(tree, name));
    const script = [
      'set -e',
      `mount --bind ${tree} ${tree}`,
      `mount -o remount,ro,bind ${tree}`,
      `mount -t proc proc ${tree}/proc`,
      `mount --bind /dev ${tree}/dev`,
      `exec chroot --userspec=65532:65532 ${tree} /usr/bin/clusterprofile "$@"`,
    ].join('\n');
    const start = (...words: string[]): { status: number | null; stdout: string; stderr: string } =>
      spawnSync('unshare', ['--mount', '--pid', '--fork', 'sh', '-c', script, 'sh', ...words], { encoding: 'utf8' });
    const told = start('version');
    expect([told.stderr, told.status]).toEqual(['', 0]);
    expect(told.stdout).toMatch(new RegExp(`^clusterprofile ${version} \\((?:commit \\w+, )?Bun `));
    const failed = start('list', '-A', '--server', 'https://127.0.0.1:1');
    expect([failed.status, failed.stderr]).toEqual([7, 'error: cannot reach 127.0.0.1:1: connection refused\n']);
  });
});

it('has workflows that actionlint finds nothing in', { timeout: 600_000 }, (context) => {
  const tools = buildGoTools('github.com/rhysd/actionlint/cmd/actionlint@v1.7.12');
  if (!tools) {
    context.skip('there is no Go to build actionlint with');
    return;
  }
  const folder = join(root, '.github', 'workflows');
  const files = readdirSync(folder).map((name) => join(folder, name));
  const linted = spawnSync(join(tools, 'actionlint'), files, { encoding: 'utf8', cwd: root });
  expect([linted.stdout, linted.status]).toEqual(['', 0]);
});

it('says in the krew manifest what this release is', () => {
  const { metadata, spec } = load(read('clusterprofile.krew.yaml')) as {
    metadata: { name: string };
    spec: { version: string; homepage: string; platforms: { uri: string; sha256: string }[] };
  };
  expect([metadata.name, spec.version, spec.homepage]).toEqual([
    'clusterprofile',
    `v${version}`,
    'https://github.com/example/clusterprofile',
  ]);
  const archive = `clusterprofile-${version}-linux-x64.tar.gz`;
  expect(spec.platforms).toMatchObject([{ uri: `${base}/${archive}` }]);
  expect(read('SHA256SUMS')).toContain(`${spec.platforms[0]?.sha256}  ${archive}\n`);
});
