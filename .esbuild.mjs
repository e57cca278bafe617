// Bundles `src/` into CJS chunks under `dist/`: every dynamic import in the sources is the border of a chunk, so a
// command loads what it needs and nothing else. See .github/decisions/0003-cjs-chunks.md.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = import.meta.dirname;
const source = join(root, 'src');
/** Built aside and swapped in whole, so that nobody ever runs half of it. */
const built = join(root, 'node_modules', '.cache', `dist-${process.pid}`);

/** `src/systems/gke.ts` becomes `systems/gke`; the npm package `@azure/identity` becomes `packages/azure-identity`. */
const chunkName = (file) =>
  file.startsWith(source)
    ? relative(source, file).replace(/\.ts$/, '')
    : `packages/${file.replace('@', '').replaceAll('/', '-')}`;

/** Modules too large to load before they are used: one chunk each, required when one of the names is first looked up. */
const deferred = new Map([[join(source, 'kubernetes/yaml-full.ts'), ['readYaml']]]);

const pending = new Map();
const addChunk = (target) => pending.set(chunkName(target), target);

/** How a chunk requires another one. */
const pathBetween = (chunk, target) => {
  const to = relative(dirname(join('/', chunk)), join('/', `${chunkName(target)}.cjs`));
  return to.startsWith('.') ? to : `./${to}`;
};

/** Leaves an import over a border as a `require` of the chunk it names, and asks for that chunk to be built. */
const chunks = (chunk) => ({
  name: 'chunks',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ kind, namespace, path, resolveDir }) => {
      if (namespace === 'deferred') return { path, external: true };
      if (kind === 'entry-point' || path.startsWith('node:') || !resolveDir.startsWith(source)) return undefined;
      const target = path.startsWith('.') ? resolve(resolveDir, path) : path;
      if (kind === 'dynamic-import' || deferred.has(target)) addChunk(target);
      if (kind === 'dynamic-import') return { path: pathBetween(chunk, target), external: true };
      return deferred.has(target) ? { path: target, namespace: 'deferred' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'deferred' }, ({ path }) => {
      const getters = deferred.get(path).map((name) => `get ${name}() { return chunk().${name}; }`);
      const load = `const chunk = () => require(${JSON.stringify(pathBetween(chunk, path))});`;
      return { contents: `${load}\nmodule.exports = { ${getters.join(', ')} };` };
    });
  },
});

/** commander loads `node:child_process` for executable subcommands, which there are none of: 4 ms of every start. */
const withoutChildProcess = {
  name: 'without-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('/commander/') ? { path: 'child_process', namespace: 'empty' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const options = (chunk, target) => ({
  entryPoints: [target],
  outfile: join(built, `${chunk}.cjs`),
  bundle: true,
  minify: true,
  keepNames: false,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  supported: { 'dynamic-import': false },
  define: { 'import.meta.dirname': '__dirname' },
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
  // A default export of an ES module: `import()` of a CommonJS chunk takes its exports for the default.
  footer: chunk.startsWith('packages/')
    ? {
        js: 'if (module.exports.__esModule && module.exports.default) module.exports = Object.assign(module.exports.default, module.exports);',
      }
    : {},
  plugins: [chunks(chunk), withoutChildProcess],
});

mkdirSync(built, { recursive: true });
addChunk(join(source, 'cli.ts'));
// The folder is the registry: systems are found by a directory scan, so no import names them.
for (const file of readdirSync(join(source, 'systems'))) addChunk(join(source, 'systems', file));

const done = new Set();
for (;;) {
  const next = [...pending].filter(([chunk]) => !done.has(chunk));
  if (next.length === 0) break;
  for (const [chunk] of next) done.add(chunk);
  await Promise.all(next.map(([chunk, target]) => build(options(chunk, target))));
}

rmSync(join(root, 'dist'), { recursive: true, force: true });
renameSync(built, join(root, 'dist'));
