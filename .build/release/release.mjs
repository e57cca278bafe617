// npm run release:dry [-- --target linux-x64] [--output DIR] [--no-xz] [--url BASE]: everything that a release publishes, in one directory, made
// from this clone alone. The same commit gives the same bytes. The release workflow uploads that directory.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { targets } from '../targets.mjs';
import { packTar, packXz, packZip, place, sha256 } from './archives.mjs';
import { buildSbom, formatLicences, listBundled } from './bundled.mjs';
import { buildChangelog } from './changelog.mjs';
import { checkManifests } from './check.mjs';
import { buildImage } from './image.mjs';
import { formatHomebrew, formatKrew, formatScoop } from './manifests.mjs';

const root = join(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const run = (command, words) =>
  execFileSync(command, words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();

/** What all artefacts of a release say of it. `url` gives the address that a file will have. */
function describeRelease({ repository, url }) {
  const homepage = `https://github.com/${repository}`;
  return {
    version,
    homepage,
    revision: run('git', ['rev-parse', 'HEAD']),
    /** Seconds since the epoch: the time of the commit is the one of everything that is made of it. */
    time: Number(process.env.SOURCE_DATE_EPOCH ?? run('git', ['log', '-1', '--format=%ct'])),
    url: (name) => `${url ?? `${homepage}/releases/download/v${version}`}/${name}`,
  };
}

/** The files of an archive beside the program: what people look for next to it. */
function layDocuments(folder, licences) {
  run(process.execPath, ['bin/clusterprofile.js', 'docs', '--man', join(folder, 'man')]);
  for (const name of ['LICENSE', 'README.md']) place(folder, name, readFileSync(join(root, name)));
  place(folder, 'THIRD-PARTY-LICENSES.txt', licences);
}

/** Packs the binary of a target: .zip for Windows, else .tar.gz, and .tar.xz for who wants the smaller one. */
function packTarget(target, { output, xz }, { time }, licences) {
  run(process.execPath, ['.build/binary.mjs', '--target', target]);
  const { suffix } = targets[target];
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    const program = readFileSync(join(root, 'dist-binary', `clusterprofile-${target}${suffix}`));
    place(folder, `clusterprofile${suffix}`, program, true);
    layDocuments(folder, licences);
    const name = join(output, `clusterprofile-${version}-${target}`);
    if (suffix === '.exe') return [{ target, format: 'zip', file: packZip(folder, `${name}.zip`, time) }];
    return [
      { target, format: 'tar.gz', file: packTar(folder, `${name}.tar.gz`, time) },
      ...(xz ? [{ target, format: 'tar.xz', file: packXz(folder, `${name}.tar.xz`, time) }] : []),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes what package managers read of these archives. */
function writeManifests(output, release, archives) {
  const files = archives.map(({ file, ...each }) => ({ ...each, name: basename(file), sha256: sha256(file) }));
  place(output, 'clusterprofile.krew.yaml', formatKrew(release, files));
  place(output, 'clusterprofile.rb', formatHomebrew(release, files));
  const scoop = formatScoop(release, files);
  if (scoop) place(output, 'clusterprofile.scoop.json', scoop);
}

/** Writes a sum a file, as `sha256sum --check SHA256SUMS` reads it. */
function writeSums(output) {
  const names = readdirSync(output).filter((name) => name !== 'SHA256SUMS');
  const lines = names.toSorted().map((name) => `${sha256(join(output, name))}  ${name}\n`);
  place(output, 'SHA256SUMS', lines.join(''));
}

/** Packs the npm package; npm gives its files one time of its own. */
function packNpm(output) {
  run('npm', ['pack', '--silent', '--pack-destination', output]);
}

async function makeRelease({ output, target: wanted, ...given }) {
  const release = describeRelease(given);
  const bundled = await listBundled();
  const licences = formatLicences(bundled);
  packNpm(output);
  const archives = wanted.flatMap((target) => packTarget(target, { output, ...given }, release, licences));
  place(output, 'THIRD-PARTY-LICENSES.txt', licences);
  place(output, 'sbom.cdx.json', `${JSON.stringify(buildSbom(bundled, version), undefined, 2)}\n`);
  place(output, 'CHANGELOG.md', buildChangelog(root, version, release.time));
  writeManifests(output, release, archives);
  checkManifests(output);
  const program = join(root, 'dist-binary', 'clusterprofile-linux-x64');
  if (wanted.includes('linux-x64') && process.platform === 'linux' && process.arch === 'x64')
    buildImage({ ...release, program, file: join(output, `clusterprofile-${version}-image.tar`), licences });
  writeSums(output);
}

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true, default: Object.keys(targets) },
    output: { type: 'string', default: 'dist-release' },
    repository: { type: 'string', default: process.env.GITHUB_REPOSITORY ?? 'OWNER/clusterprofile' },
    url: { type: 'string' },
    xz: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const unknown = values.target.find((target) => !Object.hasOwn(targets, target));
if (unknown !== undefined) {
  console.error(`error: no target ${JSON.stringify(unknown)}\nhint: targets are ${Object.keys(targets).join(', ')}`);
  process.exit(2);
}
const output = resolve(root, values.output);
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
await makeRelease({ ...values, output });
for (const name of readdirSync(output).toSorted())
  console.log(
    `${relative(root, join(output, name)).padEnd(58)} ${(statSync(join(output, name)).size / 1e6).toFixed(2).padStart(7)} MB`,
  );
