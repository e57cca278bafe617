// What is in the bundle besides our own sources: the packages, their licences, and the bill of materials.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import configurations from '../rolldown.config.mjs';

const root = join(import.meta.dirname, '..', '..');
const bun = JSON.parse(readFileSync(join(root, '.build', 'bun.json'), 'utf8'));

/** The folder of the package that a module is from, below node_modules; `undefined` for our own. */
const packageOf = (id) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];

/** The packages of which the bundle has a module, by name: `{ name, version, license, folder }`. */
export async function listBundled() {
  const folders = new Set();
  for (const configuration of configurations) {
    const { output } = await build({ ...configuration, write: false });
    for (const { moduleIds = [] } of output) for (const id of moduleIds) folders.add(packageOf(id.replace(/^\0/, '')));
  }
  folders.delete(undefined);
  return [...folders]
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return { name, version, license, folder };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The text of a package's licence and notice files. */
function readLicence({ name, license, folder }) {
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file));
  const texts = files.toSorted().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (texts.length === 0 && !license) throw new Error(`${name} has no licence`);
  return texts.length > 0 ? texts.join('\n\n') : `${license} (the package has no text of it)`;
}

/** The licences of everything that is shipped, as a text. */
export function formatLicences(bundled) {
  const rule = '-'.repeat(80);
  const own = bundled.map((each) => `${each.name} ${each.version}\n${each.license}\n\n${readLicence(each)}`);
  const runtime =
    `Bun ${bun.version} (standalone binaries only)\nMIT\n\n` +
    'The runtime in the standalone binaries. It links JavaScriptCore and WebKit (LGPL-2.0) and further libraries statically;\n' +
    'its licence page in the Bun project lists them, and how to relink it.';
  return `Software of others in clusterprofile, and its licences.\n\n${[...own, runtime].join(`\n\n${rule}\n\n`)}\n`;
}

/** CycloneDX by npm, from the lock file, cut down to what is in the bundle, without what differs from run to run. */
export function buildSbom(bundled, version) {
  const text = execFileSync(
    'npm',
    ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const { serialNumber: _serial, metadata, components, dependencies, ...rest } = JSON.parse(text);
  const kept = new Set(bundled.map(({ name, version: own }) => `${name}@${own}`));
  const isKept = ({ name, version: own, group }) => kept.has(`${group ? `${group}/` : ''}${name}@${own}`);
  // To npm they are tools of development; in the bundle they are what runs.
  const shipped = components
    .filter(isKept)
    .map(({ properties: _development, ...each }) => ({ ...each, scope: 'required' }));
  if (shipped.length !== kept.size)
    throw new Error(`the lock file has ${shipped.length} of the ${kept.size} bundled packages`);
  const refs = new Set([metadata.component['bom-ref'], ...shipped.map((each) => each['bom-ref'])]);
  const runtime = {
    'bom-ref': `bun@${bun.version}`,
    type: 'application',
    name: 'bun',
    version: bun.version,
    scope: 'optional',
    purl: `pkg:npm/bun@${bun.version}`,
    description: 'The runtime of the standalone binaries',
    licenses: [{ license: { id: 'MIT' } }],
  };
  return {
    ...rest,
    metadata: { component: { ...metadata.component, name: 'clusterprofile', version } },
    components: [...shipped, runtime],
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) })),
  };
}
