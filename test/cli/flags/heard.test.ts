import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listCommands } from '../../../src/commands/flags/catalog.ts';
import { listSettable } from '../../../src/commands/flags/defaults.ts';
import { verbs } from '../../../src/commands/index.ts';
import { testIo } from '../../support/io.ts';
import { fixtures, scratch } from '../../support/paths.ts';
import { oslo, profile, yamlOf } from '../../support/profiles.ts';
import { nowhere, runQuickly, type Ran } from '../../support/run.ts';

/**
 * No command has a flag that it does not hear: what each of these flags says makes a difference to a command line that
 * has it, an error at least.
 */

const folder = scratch();
const at = (...parts: string[]): string => join(folder, ...parts);
const write = (path: string, text: string): void => {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), text);
};
write('files/shop_tokyo.yaml', yamlOf(profile()));
write('files/below/depot_oslo.yaml', yamlOf(oslo({ metadata: { namespace: 'depot' } })));
write('inventory/shop_tokyo.yaml', yamlOf(profile()));
write('inventory/depot_oslo.yaml', yamlOf(oslo({ metadata: { namespace: 'depot' } })));
const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'login', interactiveMode: 'Never' };
write('providers.json', JSON.stringify({ providers: [{ name: 'google', execConfig: exec }] }));

const readLines = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];

/** A command line of a system's own fixture: one that ends well, if any does. */
async function findFixture(way: string, system: string): Promise<string[]> {
  const base = join(fixtures, system);
  const pattern = way === 'import' ? /^import\.(?:ya?ml|json)$/ : /^export-input\.(?:ya?ml|json)$/;
  let refused: string[] = [];
  for (const name of readdirSync(base)) {
    const input = readdirSync(join(base, name)).find((file) => pattern.test(file));
    if (input === undefined) continue;
    const providers = join(base, name, 'providers.json');
    const words = [way, system, '-f', join(base, name, input), ...readLines(join(base, name, 'flags.txt'))];
    const given = way === 'export' && existsSync(providers) ? ['--provider-file', providers] : [];
    const ran = await runQuickly([...words, ...given]);
    if (ran.code === 0 && ran.out.length > 200) return [...words, ...given];
    refused = [...words, ...given];
  }
  return refused;
}

const there = ['--inventory', at('inventory')];
/** The command lines of each command, in one of which at least a flag is to be heard. */
const linesOf: Readonly<Record<string, readonly (readonly string[])[]>> = {
  list: [
    ['list', ...there],
    ['list', '-f', at('files')],
  ],
  describe: [
    ['describe', 'tokyo', ...there, '-n', 'shop'],
    ['describe', 'tokyo', '-f', at('files')],
  ],
  summary: [
    ['summary', ...there],
    ['summary', '-f', at('files')],
  ],
  tree: [
    ['tree', ...there],
    ['tree', '-f', at('files')],
  ],
  report: [
    ['report', ...there, '--as-of', '2026-06-01T12:00:00Z'],
    ['report', '-f', at('files'), '--as-of', '2026-06-01T12:00:00Z'],
  ],
  wait: [
    ['wait', '--all', '--for', 'create', '--timeout', '0', ...there],
    ['wait', '--all', '--for', 'create', '-f', at('files')],
  ],
  doctor: [['doctor', ...there]],
  diff: [['diff', '-f', at('files'), ...there]],
  apply: [['apply', '-f', at('files'), ...there, '--dry-run', 'client']],
  delete: [['delete', '--all', ...there, '--dry-run', 'client']],
  validate: [
    ['validate', '-f', at('files')],
    ['validate', ...there],
  ],
  access: [
    ['access', 'tokyo', ...there, '--provider-file', at('providers.json'), '--', 'true'],
    ['access', 'tokyo', '-f', at('files'), '--provider-file', at('providers.json'), '--', 'true'],
  ],
  explain: [['explain', 'CP085']],
  migrate: [['migrate', '-f', at('files'), '--diff']],
  'crd print': [['crd', 'print']],
  'crd install': [['crd', 'install', '--kubeconfig', nowhere]],
};

/** Of a system: its own input, the same in a directory, and what reads or writes an inventory. */
async function listSystemLines(way: string, system: string): Promise<string[][]> {
  const words = await findFixture(way, system === 'auto' ? 'argocd' : system);
  const [, , , input = '', ...rest] = words;
  const copy = join(way, system, 'input');
  write(join(copy, 'input.yaml'), readFileSync(input, 'utf8'));
  write(join(copy, 'below', 'input.yaml'), readFileSync(input, 'utf8'));
  const inFolder = [way, system, '-f', at(copy), ...rest];
  const plain = [way, system, '-f', input, ...rest];
  return way === 'import'
    ? [plain, inFolder, [...plain, '--diff'], [...plain, '--diff', ...there]]
    : [plain, inFolder, [way, system, ...rest], [way, system, ...there, ...rest]];
}

const findLines = async (words: readonly string[]): Promise<readonly (readonly string[])[]> =>
  linesOf[words.join(' ')] ?? listSystemLines(words[0] ?? '', words[1] ?? '');

/** What each flag is given, so that whoever hears it says or does something else. */
const spoken: Readonly<Record<string, readonly string[]>> = {
  inventory: ['--inventory', join(nowhere, 'inventory')],
  namespace: ['-n', 'elsewhere'],
  filename: ['-f', join(nowhere, 'file.yaml')],
  recursive: ['-R'],
  'max-input': ['--max-input', '1'],
  kubeconfig: ['--kubeconfig', join(nowhere, 'kubeconfig')],
  clusterset: ['--clusterset', 'none'],
  manager: ['--manager', 'none'],
  property: ['--property', 'none'],
  health: ['--health', 'Nonsense'],
  version: ['--version', '>=99'],
  selector: ['-l', 'none=none'],
  'field-selector': ['--field-selector', 'metadata.name=none'],
  include: ['--include', 'none'],
  exclude: ['--exclude', '*'],
  placement: ['--placement', 'none'],
  from: ['--from', 'none'],
  'provider-file': ['--provider-file', join(nowhere, 'providers.json')],
  prefix: ['--prefix', 'x-'],
  'cluster-manager': ['--cluster-manager', 'none'],
  'only-healthy': ['--only-healthy', '--prune'],
};

const known = new Map<string, Promise<{ words: readonly string[]; before: Ran }[]>>();

/** What the lines of a command come to without the flag. */
const runLines = async (words: readonly string[]): Promise<{ words: readonly string[]; before: Ran }[]> => {
  const ran: { words: readonly string[]; before: Ran }[] = [];
  for (const line of await findLines(words)) ran.push({ words: line, before: await runQuickly(line) });
  return ran;
};

/** Whether a flag makes a difference to one of the lines. */
async function isHeard(words: readonly string[], flag: string): Promise<boolean> {
  const title = words.join(' ');
  const lines = known.get(title) ?? runLines(words);
  known.set(title, lines);
  for (const { words: line, before } of await lines) {
    const end = line.includes('--') ? line.indexOf('--') : line.length;
    const after = await runQuickly([...line.slice(0, end), ...(spoken[flag] ?? []), ...line.slice(end)]);
    if (after.out !== before.out || after.err !== before.err || after.code !== before.code) return true;
  }
  return false;
}

const commands = new Map<string, { words: readonly string[]; flags: string[] }>();
for await (const { words, command } of listCommands([], testIo(), verbs)) {
  const flags = listSettable(command).flatMap(({ name }) => (spoken[name] ? [name] : []));
  commands.set(words.join(' '), { words, flags });
}

describe('each flag that help shows is heard by', () => {
  it.each([...commands.keys()])('%s', async (title) => {
    const { words, flags } = commands.get(title) ?? { words: [], flags: [] };
    const unheard: string[] = [];
    for (const flag of flags) if (!(await isHeard(words, flag))) unheard.push(flag);
    expect(unheard).toEqual([]);
  });
});
