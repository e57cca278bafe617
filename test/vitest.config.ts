import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const folderOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Which folders the tests of a project are in, and whether they need a hub. */
const projects: [name: string, folders: string[], needsHub?: 'hub'][] = [
  ['unit', ['unit', 'architecture']],
  ['systems', ['systems']],
  ['lint', ['lint']],
  ['cli', ['cli']],
  ['clouds', ['clouds']],
  ['hub', ['hub'], 'hub'],
  ['upstream', ['upstream'], 'hub'],
  ['long', ['long'], 'hub'],
  ['release', ['release']],
  ['roots', ['roots']],
];

export default defineConfig({
  root: folderOf('..'),
  test: {
    globalSetup: [folderOf('support/temporary.ts')],
    reporters: ['default', folderOf('support/summary-reporter.ts')],
    // A test mostly waits for the program that it runs.
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 90_000,
    projects: projects.map(([name, folders, needsHub]) => ({
      extends: true,
      test: {
        name,
        include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
        // Unit tests share nothing but modules, which are loaded once a worker.
        isolate: name !== 'unit',
        globalSetup: needsHub ? ['test/support/hub/setup.ts'] : [],
      },
    })),
  },
});
