// Reads a release as package managers do: what a manifest says of a file is compared with that file.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { sha256 } from './archives.mjs';

/** The names in an archive. */
const listArchive = (file) =>
  file.endsWith('.zip')
    ? Object.keys(unzipSync(readFileSync(file)))
    : execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).split('\n');

const readKrew = (text) =>
  parse(text).spec.platforms.map(({ uri, ...each }) => ({ ...each, url: uri, bins: [each.bin] }));

/** What Ruby would evaluate: the test of the release does so. */
const readFormula = (text) =>
  [...text.matchAll(/url "([^"]+)"\n\s+sha256 "([^"]+)"/g)].map(([, url, sum]) => ({
    url,
    sha256: sum,
    bins: ['clusterprofile'],
  }));

function readScoop(text) {
  const { architecture, bin } = JSON.parse(text);
  const bins = bin.map((each) => [each].flat()[0]);
  return Object.values(architecture).map(({ url, hash }) => ({ url, sha256: hash, bins }));
}

const manifests = {
  'clusterprofile.krew.yaml': readKrew,
  'clusterprofile.rb': readFormula,
  'clusterprofile.scoop.json': readScoop,
};

/** Throws for a manifest of a folder that names a file, a sum or a program that is not in it; returns what each names. */
export function checkManifests(folder) {
  const named = {};
  for (const [name, read] of Object.entries(manifests).filter(([each]) => existsSync(join(folder, each)))) {
    const files = read(readFileSync(join(folder, name), 'utf8'));
    for (const { url, sha256: sum, bins } of files) {
      const file = join(folder, basename(url));
      if (!existsSync(file)) throw new Error(`${name} names ${url}, which is not in the release`);
      if (sha256(file) !== sum) throw new Error(`${name} has another sum of ${basename(url)} than the file`);
      const missing = bins.find((bin) => !listArchive(file).includes(bin));
      if (missing !== undefined) throw new Error(`${name} names ${missing}, which is not in ${basename(url)}`);
    }
    named[name] = files.map(({ url }) => basename(url));
  }
  return named;
}
