// Bundles `src/` into CommonJS chunks under `dist/`: every dynamic import is the border of a chunk, and a module that
// several chunks need is in a chunk of its own, once. See .github/decisions/0011-shared-chunks.md.
import { join } from 'node:path';
import { defineConfig } from 'rolldown';
import { commitDefinition } from './commit.mjs';

const root = join(import.meta.dirname, '..');
const dir = join(root, 'dist');
const common = { cwd: root, platform: 'node' };
const output = { format: 'cjs', exports: 'named', minify: true, comments: false, topLevelVar: true };

/** The modules of the start, and of the door that everything passes which is said. */
const start =
  /\/src\/(?:main|commands\/index|io|errors|util\/(?:safe-text|examples)|redact\/(?:door|known-secrets|plugin-words|credential-(?:names|pairs|patterns)))\.ts$/;

export default defineConfig([
  {
    ...common,
    input: join(root, 'src/main.ts'),
    preserveEntrySignatures: 'allow-extension',
    external: ['js-yaml'],
    transform: { define: { BUILD_COMMIT: commitDefinition } },
    resolve: { alias: { 'node:child_process': join(import.meta.dirname, 'child-process.cjs') } },
    output: {
      ...output,
      dir,
      cleanDir: true,
      entryFileNames: '[name].cjs',
      chunkFileNames: 'chunks/[name].cjs',
      paths: { 'js-yaml': './js-yaml.cjs' },
      codeSplitting: {
        includeDependenciesRecursively: false,
        // What most commands need comes in one file; what the start itself needs stays in `main`.
        groups: [{ name: 'common', test: (id) => id.includes('/src/') && !start.test(id), minShareCount: 10 }],
      },
    },
  },
  // Most commands never see a text that the fast reader of YAML leaves to js-yaml, so it is a file that is required late.
  { ...common, input: 'js-yaml', output: { ...output, file: join(dir, 'chunks/js-yaml.cjs') } },
]);
