import { usageError } from '../errors.ts';
import { isLabelKey, isLabelValue } from './names.ts';

type LabelMap = Readonly<Record<string, string>>;
type LabelTest = (labels: LabelMap) => boolean;

/** Reads a selector token by token, by the grammar of k8s.io/apimachinery `labels.Parse`. */
class SelectorReader {
  readonly #selector: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(selector: string) {
    this.#selector = selector;
    this.#tokens = selector.match(/==|!=|[=!(),<>]|[^=!(),<>\s]+/g) ?? [];
  }

  readAll(): LabelTest[] {
    const tests: LabelTest[] = [];
    if (this.#tokens.length === 0) return tests;
    for (;;) {
      tests.push(this.#readRequirement());
      if (this.#at === this.#tokens.length) return tests;
      if (this.#next() !== ',') this.#fail();
    }
  }

  #next = (): string => this.#tokens[this.#at++] ?? '';
  #peek = (): string => this.#tokens[this.#at] ?? '';

  #fail(): never {
    throw usageError(`${JSON.stringify(this.#selector)} is not a label selector`);
  }

  #readRequirement(): LabelTest {
    const isAbsent = this.#peek() === '!';
    if (isAbsent) this.#next();
    const key = this.#next();
    if (!isLabelKey(key)) this.#fail();
    if (isAbsent) return (labels) => !Object.hasOwn(labels, key);
    if (['', ','].includes(this.#peek())) return (labels) => Object.hasOwn(labels, key);
    return this.#readOperator(key);
  }

  #readOperator(key: string): LabelTest {
    const operator = this.#next();
    if (operator === 'in' || operator === 'notin') {
      const values = this.#readValues();
      return (labels) => (Object.hasOwn(labels, key) && values.has(labels[key] ?? '')) === (operator === 'in');
    }
    const value = this.#readValue();
    if (operator === '>' || operator === '<') return this.#compareNumbers(key, operator, value);
    if (operator !== '=' && operator !== '==' && operator !== '!=') this.#fail();
    return (labels) => (Object.hasOwn(labels, key) && labels[key] === value) === (operator !== '!=');
  }

  /** Numbers are compared as numbers; a label that is none is not selected. */
  #compareNumbers(key: string, operator: '>' | '<', text: string): LabelTest {
    const limit = /^\d+$/.test(text) ? Number(text) : this.#fail();
    return (labels) => {
      const value = Object.hasOwn(labels, key) && /^[-+]?\d+$/.test(labels[key] ?? '') ? Number(labels[key]) : NaN;
      return operator === '>' ? value > limit : value < limit;
    };
  }

  #readValue(): string {
    const value = ['', ','].includes(this.#peek()) ? '' : this.#next();
    return isLabelValue(value) ? value : this.#fail();
  }

  /** `(a, b)`; nothing between commas, or at all, is the empty value. */
  #readValues(): ReadonlySet<string> {
    if (this.#next() !== '(') this.#fail();
    const values = new Set<string>();
    for (let isOpen = true; isOpen;) {
      const value = [',', ')'].includes(this.#peek()) ? '' : this.#next();
      if (!isLabelValue(value)) this.#fail();
      values.add(value);
      const mark = this.#next();
      if (mark !== ',' && mark !== ')') this.#fail();
      isOpen = mark === ',';
    }
    return values;
  }
}

/** Kubernetes' label selector syntax as a predicate. Throws a usage error for anything else, as kubectl and the API server do. */
export function compileSelector(selector: string | undefined): LabelTest {
  const tests = new SelectorReader(selector ?? '').readAll();
  return (labels) => tests.every((test) => test(labels));
}
