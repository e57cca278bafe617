import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { root } from '../support/paths.ts';

const source = join(root, 'src');

/** Every file of `src/`, by its path in there. */
export const files: readonly string[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'))
  .toSorted();

const texts = new Map(files.map((file) => [file, readFileSync(join(source, file), 'utf8')]));

/** The text of a file of `src/`. */
export const textOf = (file: string): string => texts.get(file) ?? '';

/** One import of a file: of another one of `src/`, or of a package. */
export interface Import {
  from: string;
  /** A path in `src/`, or the name of a package. */
  to: string;
  /** How it is imported: its types alone, with the module, or when it is used. */
  how: 'type' | 'module' | 'lazy';
}

const statement =
  /(?:import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*(?:\/\*.*?\*\/\s*)?'([^']+)'\s*\)/g;

/** `typeof import('…')` is a type too, and a commented example is nothing. */
const isTypeQuery = (text: string, at: number): boolean => /typeof\s+$/.test(text.slice(Math.max(0, at - 10), at));

/** Every import in `src/`. */
export const imports: readonly Import[] = files.flatMap((from) => {
  const text = textOf(from);
  return [...text.matchAll(statement)].map((match): Import => {
    const [, type, fixed, lazy] = match;
    const target = fixed ?? lazy ?? '';
    const to = target.startsWith('.') ? relative(source, resolve(source, dirname(from), target)) : target;
    const isType = type !== undefined || (lazy !== undefined && isTypeQuery(text, match.index));
    return { from, to, how: isType ? 'type' : lazy === undefined ? 'module' : 'lazy' };
  });
});

/** The room of a file: its folder in `src/`, a kit apart from its engine, or at the top the file itself. */
export function roomOf(file: string): string {
  const [first = '', second] = file.split('/');
  if (second === undefined) return first.replace(/\.ts$/, '');
  return second === 'kit' ? `${first}/kit` : first;
}

/** Files that import each other in a circle, by the kinds of import that are looked at; each circle once. */
export function cycles(kinds: readonly Import['how'][]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to, how } of imports)
    if (kinds.includes(how) && texts.has(to)) targets.set(from, [...(targets.get(from) ?? []), to]);
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  // Tarjan's strongly connected components.
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const to of targets.get(file) ?? [])
      if (!index.has(to)) {
        visit(to);
        low.set(file, Math.min(low.get(file)!, low.get(to)!));
      } else if (stack.includes(to)) low.set(file, Math.min(low.get(file)!, index.get(to)!));
    if (low.get(file) !== index.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle.toSorted());
  };
  for (const file of files) if (!index.has(file)) visit(file);
  return found;
}
