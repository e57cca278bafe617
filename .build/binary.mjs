// Compiles `src/` into standalone programs: npm run build:binary [-- --target linux-x64 …] [--target all]
// Without --target, one for this machine. Bun comes from its npm packages, pinned and checked by hash in bun.json, and from
// nowhere else; they are not dependencies, so `npm ci` stays as small as it is.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { commitDefinition } from './commit.mjs';
import { formatOf, targets } from './targets.mjs';

const root = join(import.meta.dirname, '..');
const cache = join(root, 'node_modules', '.cache');
const { version, packages } = JSON.parse(readFileSync(join(import.meta.dirname, 'bun.json'), 'utf8'));

const isMusl = () => process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
const here = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;

/** npm and tar are started as their Windows names where that matters. */
const npm = process.platform === 'win32' ? ['npm.cmd', { shell: true }] : ['npm', {}];

/** The Bun of a target, fetched once and kept as long as the version stays. */
function bunFor(target) {
  const { bun, executable } = targets[target];
  const kept = join(cache, `bun-${version}`, bun);
  const program = join(kept, 'package', 'bin', executable);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bun-'));
  const [command, options] = npm;
  const spec = `@oven/bun-${bun}@${version}`;
  execFileSync(command, ['pack', spec, '--silent', '--pack-destination', folder], {
    cwd: root,
    ...options,
    stdio: 'pipe',
  });
  const [archive] = readdirSync(folder);
  const hash = `sha512-${createHash('sha512')
    .update(readFileSync(join(folder, archive)))
    .digest('base64')}`;
  if (hash !== packages[bun]) throw new Error(`${spec} has the hash ${hash}, not the one in bun.json`);
  execFileSync('tar', ['-xzf', archive], { cwd: folder });
  mkdirSync(join(kept, '..'), { recursive: true });
  rmSync(kept, { recursive: true, force: true });
  renameSync(folder, kept);
  return program;
}

/** Compiles aside and swaps in whole, so that nobody ever runs half of it. A program knows its own name, so that is always the same. */
function build(target) {
  const { bunTarget, suffix } = targets[target];
  const file = join(root, 'dist-binary', `clusterprofile-${target}${suffix}`);
  mkdirSync(join(root, 'dist-binary'), { recursive: true });
  const aside = mkdtempSync(join(root, 'dist-binary', '.unfinished-'));
  const unfinished = join(aside, `clusterprofile${suffix}`);
  const flags = ['--compile', '--minify', '--bytecode', `--target=${bunTarget}`];
  // A `.env` or `bunfig.toml` of the folder somebody stands in is no business of ours.
  const isolation = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'];
  const define = `--define=BUILD_COMMIT=${commitDefinition}`;
  // A module's own address would be the folder that this is built in. One with a drive is a path on Windows too.
  const address = '--define=import.meta.url="file:///C:/clusterprofile"';
  const runtime = `--compile-executable-path=${bunFor(target)}`;
  execFileSync(
    bunFor(here),
    ['build', '.build/standalone.ts', ...flags, ...isolation, define, address, runtime, '--outfile', unfinished],
    {
      cwd: root,
      stdio: 'pipe',
    },
  );
  renameSync(unfinished, file);
  rmSync(aside, { recursive: true });
  return file;
}

/** Throws for a program that has the path of a module of this clone in it: in another folder it would be another program. */
function assertPlaceless(file, bytes) {
  for (const folder of ['node_modules', 'src']) {
    const at = bytes.indexOf(`${join(root, folder)}/`);
    const [path] = /^[\x20-\x7e]*/.exec(at === -1 ? '' : bytes.toString('latin1', at, at + 120));
    if (path) throw new Error(`${file} says where it was built: ${path}`);
  }
}

/** Runs it on a fixture where it can run, and compares with the npm build; else reads what kind of file it is. */
function check(target, file) {
  const bytes = readFileSync(file);
  assertPlaceless(file, bytes);
  const format = formatOf(bytes);
  if (format !== targets[target].format) throw new Error(`${file} is ${format}, not ${targets[target].format}`);
  if (target !== here && target !== `${here}-baseline`) return `${format}; cannot run here`;
  const words = ['import', 'kubeconfig', '-f', 'fixtures/kubeconfig/token-user-and-ca/import.yaml'];
  const options = { cwd: root, encoding: 'utf8' };
  const printed = execFileSync(file, words, options);
  const golden = readFileSync(join(root, 'fixtures/kubeconfig/token-user-and-ca/clusterprofiles.yaml'), 'utf8');
  if (printed !== golden) throw new Error(`${file} prints something else than the fixture has:\n${printed}`);
  return `${format}; runs: ${execFileSync(file, ['version'], options).trim()}`;
}

const { values } = parseArgs({ options: { target: { type: 'string', multiple: true, default: [here] } } });
const wanted = values.target.includes('all') ? Object.keys(targets) : values.target;
for (const target of wanted) {
  if (!Object.hasOwn(targets, target)) {
    console.error(
      `error: no target ${JSON.stringify(target)}\nhint: targets are all, ${Object.keys(targets).join(', ')}`,
    );
    process.exit(2);
  }
  const file = build(target);
  const size = Math.round(statSync(file).size / 1024 / 1024);
  console.log(`${relative(root, file).padEnd(46)} ${String(size).padStart(4)} MiB  ${check(target, file)}`);
}
