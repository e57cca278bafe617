import { expect } from 'vitest';

/** The line of a text that starts with this, counted from 1. */
export const lineOf = (text: string, start: string, nth = 0): number =>
  text.split('\n').flatMap((line, index) => (line.trimStart().startsWith(start) ? [index + 1] : []))[nth] ?? -1;

/** Enough of an XML parser to tell that a text is well-formed: tags nest, attributes are quoted, no stray `<` or `&`. */
export function assertXml(text: string): void {
  const tag = /<(\/?)([\w-]+)(?:\s+[\w-]+="[^"<]*")*\s*(\/?)>/g;
  const body = text.replace(/^<\?xml [^?]*\?>\s*/, '');
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, close, name = '', empty] of body.matchAll(tag)) {
    if (close && open.pop() !== name) wrong.push(name);
    if (!close && !empty) open.push(name);
  }
  expect({ open, wrong }).toEqual({ open: [], wrong: [] });
  expect(body.replaceAll(tag, '')).not.toMatch(/[<>]/);
  expect(text).not.toMatch(/&(?!(?:lt|gt|amp|quot|apos|#\d+);)/);
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
}

/** These lines as a program prints them. */
export const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

/** What a command says of its end: errors, hints, refusals, without the warnings and notes of what it has read. */
export const endOf = (err: string): string => err.replaceAll(/^(?:warning|note): .*\n/gm, '');
