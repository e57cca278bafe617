import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** Who may import whom, inwards only. A file at the root of `src/` is a contract or a pure function. */
const allowed: Record<string, readonly string[]> = {
  main: ['contracts', 'cli'],
  cli: ['contracts', 'commands', 'renderers'],
  commands: ['contracts', 'cli', 'commands', 'table', 'inventories', 'renderers', 'rules', 'access', 'kubernetes'],
  table: ['contracts', 'systems'],
  inventories: ['contracts', 'access', 'kubernetes'],
  renderers: ['contracts', 'renderers', 'rules', 'kubernetes'],
  rules: ['contracts', 'rules', 'kubernetes'],
  access: ['contracts', 'access', 'kubernetes'],
  systems: ['contracts', 'cloud', 'kubernetes'],
  cloud: ['contracts', 'cloud', 'kubernetes'],
  kubernetes: ['contracts', 'kubernetes'],
  contracts: ['contracts'],
};

const source = join(import.meta.dirname, '..', 'src');

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** The layer of a file: its folder, or for a file at the root `main`, `cli` or `contracts`; the table of systems is one of its own. */
function layerOf(file: string): string {
  if (file === 'systems/index.ts') return 'table';
  const [first = ''] = file.split('/');
  if (!first.endsWith('.ts')) return first;
  const name = first.replace(/\.ts$/, '');
  return name === 'cli' || name === 'main' ? name : 'contracts';
}

const imports = /(?:import|export)\s[^;]*?from\s+'([^']+)'|import\(\s*(?:\/\*.*?\*\/\s*)?'([^']+)'\s*\)/g;

const edges = files.flatMap((file) =>
  [...readFileSync(join(source, file), 'utf8').matchAll(imports)].map(([, fixed, lazy]) => ({
    file,
    target: fixed ?? lazy ?? '',
    lazy: lazy !== undefined,
  })),
);

it.each(Object.keys(allowed))('%s imports only what is further in', (layer) => {
  const wrong = edges
    .filter(({ file, target }) => layerOf(file) === layer && /^\..*\.ts$/.test(target))
    .map(({ file, target }) => ({ file, to: relative(source, resolve(source, dirname(file), target)) }))
    .filter(({ to }) => !allowed[layer]!.includes(layerOf(to)))
    .map(({ file, to }) => `${file} imports ${to}`);
  expect(wrong).toEqual([]);
});

it('knows every layer there is', () => {
  expect([...new Set(files.map(layerOf))].filter((layer) => !(layer in allowed))).toEqual([]);
});

it('keeps systems apart from each other', () => {
  const wrong = edges.filter(({ file, target }) => layerOf(file) === 'systems' && /^\.\/[^/]+\.ts$/.test(target));
  expect(wrong).toEqual([]);
});

it('tells no class of its own by instanceof, which a second copy of its module would break', () => {
  const texts = files.map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }));
  const classes = texts.flatMap(({ text }) => [...text.matchAll(/\bclass (\w+)/g)].map(([, name]) => name));
  expect(classes).toContain('UserError');
  const told = new RegExp(`instanceof (${classes.join('|')})\\b`);
  expect(texts.filter(({ text }) => told.test(text)).map(({ file }) => file)).toEqual([]);
});

/** `import type` costs nothing at run time. */
const isTypeOnly = ({ file, target }: { file: string; target: string }): boolean =>
  new RegExp(`import type [^;]*from '${target.replaceAll('.', String.raw`\.`)}'`).test(
    readFileSync(join(source, file), 'utf8'),
  );

/** A module that everybody imports dynamically is a chunk of its own. */
const isLazy = (file: string): boolean => {
  const users = edges.filter((edge) => relative(source, resolve(source, dirname(edge.file), edge.target)) === file);
  return users.length > 0 && users.every((edge) => edge.lazy || isTypeOnly(edge));
};

it('imports large packages only where nothing else has to wait for them', () => {
  const heavy =
    /^(@azure\/|@aws-sdk\/|@kubernetes\/|google-auth-library|yaml$|semver$|chalk$|string-width$|cli-table3$|diff$|socks-proxy-agent$)/;
  const wrong = edges
    .filter(({ target, lazy }) => heavy.test(target) && !lazy)
    .filter((edge) => !isTypeOnly(edge) && !isLazy(edge.file));
  expect(wrong).toEqual([]);
});
