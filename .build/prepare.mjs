// npm runs this in a clone, after `npm ci` and in the one that it makes of a git address. To `npm install --global ADDRESS`, which is how
// pre-commit installs a hook, it hands its --global on to that clone: the packages for the build are not there, and are fetched here.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

const run = (...words) =>
  execFileSync(process.execPath, [process.env.npm_execpath, ...words], { cwd: root, stdio: 'inherit' });

if (process.env.npm_config_global === 'true')
  run('ci', '--global=false', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund');
run('run', 'build', '--global=false');
