import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { root } from '../../support/paths.ts';

const folder = join(root, 'recipes');

/** Names of the YAML files of recipes, below their folder. */
export const recipeFiles = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => ['.yaml', '.yml'].includes(extname(name)))
  .toSorted();

export const readRecipe = (name: string): string => readFileSync(join(folder, name), 'utf8');

export const documentsOf = (name: string): unknown[] => loadAll(readRecipe(name));

/** A container of the image, in whatever kind of object it is. */
export interface Container {
  image: string;
  command?: string[];
  args: string[];
}

/** The containers and steps that run the image, by the name they or their template have. */
export function containersOf(name: string): Map<string, Container> {
  const found = new Map<string, Container>();
  const visit = (value: unknown, outer: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const { name: own, image, args } = value as Partial<Container & { name: string }>;
    const known = typeof own === 'string' ? own : outer;
    if (/\/clusterprofile:|^\$\(params\.image\)$/.test(image ?? '') && Array.isArray(args))
      found.set(known, value as Container);
    for (const each of Object.values(value)) visit(each, known);
  };
  for (const document of documentsOf(name)) visit(document, '');
  return found;
}

/** The lines of scripts that begin with the program, in words. Nothing in them is quoted but variables. */
export const scriptCommandsOf = (name: string): string[][] =>
  [...readRecipe(name).matchAll(/^ +- clusterprofile (.*)$/gm)].map(([, line = '']) =>
    line
      .replace(/ (?:>|\|\|) .*$/, '')
      .replaceAll('"', '')
      .split(' '),
  );

/** Parameters of Tekton and Argo Workflows filled in. */
export const fillIn = (words: readonly string[], values: Readonly<Record<string, string>>): string[] =>
  words.map((word) =>
    word.replaceAll(
      /\{\{([\w.]+)\}\}|\$\(([\w.]+)\)/g,
      (all, one?: string, other?: string) => values[one ?? other ?? ''] ?? all,
    ),
  );
