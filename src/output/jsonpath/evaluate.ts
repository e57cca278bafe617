import { compare } from './compare.ts';
import { EvaluationError, isEvaluationError } from './errors.ts';
import { formatValue } from './go-format.ts';
import type { ArrayNode, FilterNode, PathNode } from './parse.ts';
import { Scalar, isMap, sortMapKeys, nameGoType, getValue } from './values.ts';

/**
 * Evaluates a template on an object: a list of results for each part of the template, ranges unrolled.
 * Throws an EvaluationError where a path does not fit the object, and for a missing key unless these are allowed.
 */
export function findResults(nodes: readonly PathNode[], object: unknown, allowMissingKeys: boolean): unknown[][] {
  return new Evaluation(nodes, allowMissingKeys).run(object, 0);
}

/**
 * One run of a template. As in client-go, `range` and `end` are steps that leave a mark for the loop over the parts,
 * so that a range without end, or an end in an unlikely place, does the same as in kubectl.
 */
class Evaluation {
  readonly #parts: readonly PathNode[];
  readonly #allowMissingKeys: boolean;
  #rangesToBegin = 0;
  #openRanges = 0;
  #rangesToEnd = 0;
  #lastEnd = -1;

  constructor(parts: readonly PathNode[], allowMissingKeys: boolean) {
    this.#parts = parts;
    this.#allowMissingKeys = allowMissingKeys;
  }

  run(object: unknown, from: number): unknown[][] {
    const results: unknown[][] = [];
    // A null that a range or a caller hands in is no value at all, unlike one found in an object.
    const current = [object ?? undefined];
    for (let index = from; index < this.#parts.length; index++) {
      const found = this.#step(current, this.#parts[index] as PathNode);
      if (this.#rangesToEnd > 0 && this.#rangesToEnd <= this.#openRanges) {
        this.#rangesToEnd--;
        this.#lastEnd = index;
        break;
      }
      if (this.#rangesToBegin === 0) {
        results.push(found);
        continue;
      }
      for (const result of this.#range(found, index + 1)) results.push(result);
      if (this.#lastEnd > index) index = this.#lastEnd;
    }
    return results;
  }

  #range(items: unknown[], from: number): unknown[][] {
    this.#rangesToBegin--;
    this.#openRanges++;
    // An empty range runs once over nothing, to find its end.
    if (items.length === 0) this.run(undefined, from);
    const results = items.flatMap((item) => this.run(item, from));
    this.#openRanges--;
    return results;
  }

  #path(input: unknown[], nodes: readonly PathNode[]): unknown[] {
    let found = input;
    for (const node of nodes) found = this.#step(found, node);
    return found;
  }

  #step(input: unknown[], node: PathNode): unknown[] {
    switch (node.type) {
      case 'path':
        return this.#path(input, node.nodes);
      case 'text':
        return [node.text];
      case 'literal':
        return input.map(() => node.value);
      case 'field':
        return this.#field(input, node.name);
      case 'array':
        return sliceArray(input, node);
      case 'wildcard':
        return input.flatMap(listChildren);
      case 'recursive':
        return input.flatMap(listDescendants);
      case 'union':
        return this.#union(input, node.paths);
      case 'filter':
        return this.#filter(input, node);
      default:
        return this.#identifier(input, node.name);
    }
  }

  #identifier(input: unknown[], name: string): unknown[] {
    if (name === 'range') {
      this.#rangesToBegin++;
      return input;
    }
    if (name !== 'end') throw new EvaluationError(`unrecognized identifier ${name}`, input);
    if (this.#openRanges === 0) throw new EvaluationError('not in range, nothing to end', []);
    this.#rangesToEnd++;
    return [];
  }

  #field(input: unknown[], name: string): unknown[] {
    const found = input
      .map((value) => (isMap(value) ? getValue(value, name) : undefined))
      .filter((v) => v !== undefined);
    if (found.length === 0 && input.length > 0 && !this.#allowMissingKeys) {
      throw new EvaluationError(`${name} is not found`, []);
    }
    return found;
  }

  #union(input: unknown[], paths: readonly (readonly PathNode[])[]): unknown[] {
    return withFound(input, () => paths.flatMap((path) => this.#path(input, path)));
  }

  #filter(input: unknown[], node: FilterNode): unknown[] {
    const results: unknown[] = [];
    for (const value of input) {
      if (!Array.isArray(value)) {
        throw new EvaluationError(`${formatValue(value)} is not array or slice and cannot be filtered`, input);
      }
      for (const item of value as unknown[]) {
        if (node.operator === 'exists' ? this.#exists(item, node.left) : this.#matches(item, node, input, results)) {
          results.push(item);
        }
      }
    }
    return results;
  }

  #exists(item: unknown, path: readonly PathNode[]): boolean {
    try {
      return this.#path([item], path).length > 0;
    } catch (error) {
      if (isEvaluationError(error)) return error.found.length > 0;
      throw error;
    }
  }

  #matches(item: unknown, { left, operator, right }: FilterNode, input: unknown[], results: unknown[]): boolean {
    const sides: unknown[] = [];
    for (const path of [left, right]) {
      const side = withFound(input, () => this.#path([item], path));
      if (side.length === 0) return false;
      if (side.length > 1) throw new EvaluationError('can only compare one element at a time', input);
      sides.push(side[0]);
    }
    return withFound(results, () => compare(sides[0], operator, sides[1]));
  }
}

/** Does something; if that fails, what counts as found so far is the caller's own state. */
function withFound<T>(found: readonly unknown[], action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (isEvaluationError(error)) throw new EvaluationError(error.message, found);
    throw error;
  }
}

function sliceArray(input: unknown[], node: ArrayNode): unknown[] {
  const results: unknown[] = [];
  for (const value of input) {
    if (value === null || value === undefined) continue;
    if (!Array.isArray(value)) throw new EvaluationError(`${nameGoType(value)} is not array or slice`, input);
    const [start, end] = computeBounds(node, value.length);
    // As client-go: an array that gives nothing ends the search, whatever the arrays behind it hold.
    if (start === end) return results;
    const problem = checkBounds(start, end, value.length) ?? (node.step <= 0 ? 'step must be > 0' : undefined);
    if (problem !== undefined) throw new EvaluationError(problem, input);
    for (let index = start; index < end; index += node.step) results.push(value[index]);
  }
  return results;
}

function computeBounds(node: ArrayNode, length: number): [start: number, end: number] {
  const start = node.start < 0 ? node.start + length : node.start;
  const end = node.end ?? length;
  // The end of `[-1]` is the end of the array.
  return [start, end < 0 || (end === 0 && node.single) ? end + length : end];
}

function checkBounds(start: number, end: number, length: number): string | undefined {
  const outOfBounds = (index: number): string => `array index out of bounds: index ${index}, length ${length}`;
  if (start >= length || start < 0) return outOfBounds(start);
  if (end > length || end < 0) return outOfBounds(end - 1);
  return start > end ? `starting index ${start} is greater than ending index ${end}` : undefined;
}

/** The values in a value: of a map in the order of its keys (Go has none), of a text its bytes. */
function listChildren(value: unknown): unknown[] {
  if (typeof value === 'string') return Array.from(Buffer.from(value), (byte) => new Scalar('uint8', byte));
  if (Array.isArray(value)) return value;
  return isMap(value) ? sortMapKeys(value).map((key) => value[key]) : [];
}

/** The values that hold others, each in front of those in it; a text holds its bytes. */
function listDescendants(value: unknown): unknown[] {
  const found: unknown[] = [];
  const visit = (visited: unknown): void => {
    const inside = typeof visited === 'string' ? [] : listChildren(visited);
    if (inside.length === 0 && (typeof visited !== 'string' || visited === '')) return;
    found.push(visited);
    for (const item of inside) visit(item);
  };
  visit(value);
  return found;
}
