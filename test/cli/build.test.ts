import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown, type OutputOptions, type RolldownOptions } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { fixtures, root, scratch } from '../support/paths.ts';

const dist = join(root, 'dist');
const configuration = join(root, '.build', 'rolldown.config.mjs');

const warnings: string[] = [];

/** The modules of every chunk, by its path in `dist/`: what the build's own configuration makes of the sources. */
async function chunksOf(config: RolldownOptions): Promise<[chunk: string, modules: string[]][]> {
  const { output, ...input } = config;
  const onLog = (_level: string, { message }: { message?: string }): void => void warnings.push(message ?? '');
  const made = await (await rolldown({ ...input, onLog })).generate(output as OutputOptions);
  return made.output.flatMap((part) =>
    part.type === 'chunk'
      ? [[part.fileName, part.moduleIds.map((id) => relative(root, id))] as [string, string[]]]
      : [],
  );
}

const configs = ((await import(configuration)) as { default: RolldownOptions[] }).default;
const chunks = (await Promise.all(configs.map(chunksOf))).flat();
const profiles = join(fixtures, 'kubeconfig', 'token-user-and-ca', 'clusterprofiles.yaml');
const kubeconfig = join(scratch(), 'config');
writeFileSync(
  kubeconfig,
  'apiVersion: v1\nkind: Config\nclusters:\n- name: prod-us\n  cluster:\n    server: https://prod-us.example.com\n',
);

/** The modules that the built program loads for a command line. */
function loadedBy(...words: string[]): string[] {
  const spy = join(scratch(), 'spy.cjs');
  writeFileSync(
    spy,
    'process.on("exit", () => require("node:fs").writeFileSync(process.env.LOADED, Object.keys(require.cache).join("\\n")));',
  );
  const LOADED = `${spy}.txt`;
  const program = join(root, 'bin', 'clusterprofile.js');
  spawnSync(process.execPath, ['--require', spy, program, ...words], { cwd: root, env: { ...process.env, LOADED } });
  const files = readFileSync(LOADED, 'utf8').split('\n');
  return chunks.flatMap(([name, modules]) => (files.some((file) => file.endsWith(`/${name}`)) ? modules : []));
}

it('runs from a clone as npx runs it, under a license', () => {
  expect(statSync(join(root, 'bin', 'clusterprofile.js')).mode & 0o111).toBe(0o111);
  expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toContain('Apache License');
});

describe('the bundle', () => {
  it('is what the configuration makes of the sources, without a warning', () => {
    expect(warnings).toEqual([]);
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.cjs'));
    const names = chunks.map(([name]) => (name === 'js-yaml.cjs' ? 'chunks/js-yaml.cjs' : name));
    expect(files.toSorted()).toEqual(names.toSorted());
  });

  it('has every module once: a second copy of a class or of a module variable would be another one', () => {
    // Each configuration brings the bundler's own helpers, which keep no state.
    const modules = chunks.flatMap(([, inside]) => inside).filter((module) => !module.includes('rolldown/runtime'));
    expect(modules.filter((module, index) => modules.indexOf(module) < index)).toEqual([]);
    const text = chunks.map(([name]) => readFileSync(join(dist, name.replace(/^js-yaml/, 'chunks/js-yaml')), 'utf8'));
    // The one line that makes a UserError, in what is shipped.
    expect(text.join('\n').match(/this\.name=[`'"]UserError[`'"]/g)).toHaveLength(1);
  });

  it('starts small, and loads no SDK, no schema and no full YAML parser for what does not need them', () => {
    expect(statSync(join(dist, 'main.cjs')).size).toBeLessThanOrEqual(64 * 1024);
    expect(
      loadedBy('--help')
        .filter((module) => module.startsWith('src/'))
        .toSorted(),
    ).toEqual([
      'src/commands/index.ts',
      'src/defaults/find.ts',
      'src/errors.ts',
      'src/io.ts',
      'src/io/clock.ts',
      'src/io/input-limit.ts',
      'src/io/standard-output.ts',
      'src/main.ts',
      'src/redact/credential-names.ts',
      'src/redact/credential-pairs.ts',
      'src/redact/credential-patterns.ts',
      'src/redact/door.ts',
      'src/redact/known-secrets.ts',
      'src/redact/plugin-words.ts',
      'src/util/examples.ts',
      'src/util/safe-text.ts',
      'src/util/terminal-door.ts',
    ]);
    for (const words of [
      ['import', '--help'],
      ['import', 'kubeconfig', '-f', kubeconfig],
      ['list', '-f', profiles],
    ])
      expect(
        loadedBy(...words).filter((module) => module.startsWith('node_modules/') && !module.includes('commander')),
        words.join(' '),
      ).toEqual([]);
    expect(loadedBy('import', '--help').filter((module) => /systems\/[^/]+\//.test(module))).toEqual([]);
  });
});
