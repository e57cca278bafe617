import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/paths.ts';

const folder = join(root, 'test');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.(ts|mjs)$/.test(file));
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');

/** What starts the program, and what needs a hub. */
const programs = /\/support\/(run|program|terminal)\.ts'/;
const hubs = /from '[^']*\/support\/hub\//;

describe('the tests', () => {
  it('are each in the folder of a project', () => {
    const projects = new Set('architecture cli clouds hub lint long release roots systems unit upstream'.split(' '));
    const tests = files.filter((file) => file.endsWith('.test.ts'));
    expect(tests.filter((file) => !projects.has(file.split('/')[0] ?? ''))).toEqual([]);
  });

  it('are each run once by npm test, but for those that have a command of their own', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { test: string } };
    const run = [...scripts.test.matchAll(/--project (\S+)/g)].map(([, name]) => name);
    const names = [...textOf('vitest.config.ts').matchAll(/^ {2}\['(\w+)', \[/gm)].map(([, name]) => name);
    expect(run).toHaveLength(new Set(run).size);
    expect(new Set(run)).toEqual(new Set(names.filter((name) => name !== 'release' && name !== 'roots')));
  });

  it('of a unit stand where it stands in src/, and run no program', () => {
    const units = files.filter((file) => file.startsWith('unit/'));
    expect(units.filter((file) => !existsSync(join(root, 'src', dirname(file.slice('unit/'.length)))))).toEqual([]);
    const quick = files.filter((file) => /^(unit|lint|architecture)\//.test(file));
    expect(quick.filter((file) => programs.test(textOf(file)))).toEqual([]);
  });

  it('use a hub in the projects that have one only', () => {
    const others = files.filter((file) => !/^(hub|upstream|long|release|roots|bench|support\/hub)\//.test(file));
    expect(others.filter((file) => hubs.test(textOf(file)))).toEqual([]);
  });

  it('have at most fifteen files a folder', () => {
    const folders = [...new Set(files.map((file) => dirname(file)))];
    expect(folders.filter((name) => files.filter((file) => dirname(file) === name).length > 15)).toEqual([]);
  });
});
