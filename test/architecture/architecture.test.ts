import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSystems, listSystemNames } from '../../src/systems/index.ts';
import { cycles, files, imports, roomOf, textOf, type Import } from './structure.ts';
import { root } from '../support/paths.ts';

/** The rooms of `src/`, from the top down: a room imports itself and what stands in a lower row, never its own row. */
const rows: readonly (readonly string[])[] = [
  ['main'],
  ['commands'],
  ['systems', 'import', 'export'],
  ['import/kit', 'export/kit'],
  ['plan', 'report', 'doctor', 'defaults'],
  ['stores', 'output'],
  ['kubernetes', 'lint'],
  ['access'],
  ['clouds'],
  ['profile'],
  ['redact'],
  ['documents'],
  ['options'],
  ['util'],
  ['object'],
  ['io'],
  ['errors'],
];

const rowOf = (room: string): number => rows.findIndex((row) => row.includes(room));
const isOwn = ({ to }: Import): boolean => to.endsWith('.ts');
const described = ({ from, to, how }: Import): string => `${from} imports ${to}${how === 'module' ? '' : ` (${how})`}`;

describe('rooms', () => {
  it('are all in the table', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => rowOf(room) < 0)).toEqual([]);
  });

  it('import downwards only, types and lazy imports included', () => {
    const wrong = imports.filter(isOwn).filter(({ from, to }) => {
      const [upper, lower] = [roomOf(from), roomOf(to)];
      return upper !== lower && rowOf(upper) >= rowOf(lower);
    });
    expect(wrong.map(described)).toEqual([]);
  });

  it('have no circle of any kind in them', () => {
    expect(cycles(['module', 'type', 'lazy'])).toEqual([]);
  });

  it('have at most fifteen files a folder', () => {
    const folders = new Map<string, number>();
    for (const file of files) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
    expect([...folders].filter(([, count]) => count > 15)).toEqual([]);
  });
});

/** The folder of a system that a file is in. */
const systemOf = (file: string): string | undefined => /^systems\/([^/]+)\//.exec(file)?.[1];

describe('a system', () => {
  it('has a folder with an index, and a line in the table', () => {
    const folders = new Set(files.map(systemOf).filter((name) => name !== undefined));
    expect([...folders].toSorted()).toEqual(listSystemNames());
    expect(listSystemNames().filter((name) => !files.includes(`systems/${name}/index.ts`))).toEqual([]);
    expect(listSystems().map(([name]) => name)).toEqual(listSystemNames().toSorted());
  });

  it('reaches no other system, no engine and no store', () => {
    const closed = new Set(['commands', 'import', 'export', 'plan', 'stores', 'output', 'main']);
    const wrong = imports.filter(isOwn).filter(({ from, to }) => {
      const own = systemOf(from);
      if (own === undefined) return false;
      return closed.has(roomOf(to)) || (systemOf(to) ?? own) !== own;
    });
    expect(wrong.map(described)).toEqual([]);
  });
});

/** Names that are words of a cloud, or of formats that all rooms know, besides being systems. */
const shared = new Set(['azure', 'eks', 'fleet', 'gke', 'kubeconfig', 'provider-file']);

/** Code without its comments, which may say whom a rule is for. */
const codeOf = (file: string): string => textOf(file).replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');

it('keeps what belongs to one system in its folder: its name and its API groups stand nowhere else', () => {
  const own = files.filter((file) => systemOf(file) !== undefined);
  const groups = own.flatMap((file) =>
    [...textOf(file).matchAll(/\bgroup: '([a-z0-9-]+\.[a-z0-9.-]+)'/g)].map(([, group]) => group),
  );
  expect(groups).toContain('cluster.karmada.io');
  const names = listSystemNames().filter((name) => !shared.has(name));
  const told = new RegExp(`\\b(?:${names.join('|')})\\b|['\`](?:${[...new Set(groups)].join('|')})[/'\`]`, 'i');
  // Commands name systems in their examples, the table of systems names them all, and plugins are named after some.
  const others = files.filter(
    (file) => !/^(?:systems|commands)\/|^main\.ts$|^access\/provider-presets\.ts$/.test(file),
  );
  const found = others.flatMap((file) =>
    codeOf(file)
      .split('\n')
      .filter((line) => told.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

it('tells no class of its own by instanceof, which a second copy of its module would break', () => {
  const classes = files.flatMap((file) => [...textOf(file).matchAll(/\bclass (\w+)/g)].map(([, name]) => name));
  expect(classes).toContain('UserError');
  const told = new RegExp(`instanceof (${classes.join('|')})\\b`);
  expect(files.filter((file) => told.test(textOf(file)))).toEqual([]);
});

it('looks up a table by a text with readOwn: the text may be constructor', () => {
  const found = files.flatMap((file) => {
    const text = textOf(file);
    const tables = [...text.matchAll(/^(?:export )?const (\w+): (?:Readonly<)?(?:Partial<)?Record<string\b/gm)];
    return tables
      .filter(([, name]) => new RegExp(`(?<![.\\w])${name}\\[(?!['"])`).test(text))
      .map(([, name]) => `${file}: ${name}[…]`);
  });
  expect(found).toEqual([]);
});

it('imports large packages only where nothing else has to wait for them', () => {
  const heavy =
    /^(@azure\/|@aws-sdk\/|@kubernetes\/|google-auth-library|yaml$|semver$|chalk$|string-width$|cli-table3$|diff$|socks-proxy-agent$)/;
  /** A module that everybody imports when they need it is a chunk of its own. */
  const isLazy = (file: string): boolean => {
    const users = imports.filter(({ to, how }) => to === file && how !== 'type');
    return users.length > 0 && users.every(({ how }) => how === 'lazy');
  };
  const wrong = imports.filter(({ from, to, how }) => heavy.test(to) && how === 'module' && !isLazy(from));
  expect(wrong.map(described)).toEqual([]);
});

it('is drawn in CONTRIBUTING as it is', () => {
  const page = readFileSync(join(root, '.github', 'CONTRIBUTING.md'), 'utf8');
  const rooms = rows
    .flat()
    .map((room) => (files.some((file) => file.startsWith(`${room}/`)) ? `${room}/` : `${room}.ts`));
  expect(rooms.filter((room) => !page.includes(`\`${room}\``))).toEqual([]);
});

it('gives an exported name to one thing only', () => {
  // What every file of a kind has to export, by contract.
  const byContract = new Set(['define', 'mapping']);
  const homes = new Map<string, string[]>();
  for (const file of files)
    for (const [, name = ''] of textOf(file).matchAll(
      /^export (?:async )?(?:const|let|function\*?|class|interface|type) (\w+)/gm,
    ))
      homes.set(name, [...(homes.get(name) ?? []), file]);
  expect([...homes].filter(([name, where]) => where.length > 1 && !byContract.has(name))).toEqual([]);
});
