import type { Path } from './problem.ts';
import { credentialIn } from '../redact/credential-patterns.ts';

const longest = 80;

/** A value of the input in a message: quoted, cut, one line, and left out when it looks like a credential. */
export function show(value: string): string {
  if (credentialIn(value)) return '"…"';
  return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
}

/** The same without the quotes, inside of a sentence. */
export const bare = (value: string): string => show(value).slice(1, -1);

const plainKey = /^[A-Za-z_][\w-]*$/;

/** `.status.conditions[0].reason`, `.metadata.labels["x-k8s.io/cluster-manager"]`; `.` for the object itself. */
export function pathText(at: Path): string {
  const parts = at.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return plainKey.test(key) && !credentialIn(key) ? `.${key}` : `[${show(key)}]`;
  });
  return parts.join('') || '.';
}

/** The same with all list items as one, to tell the place in a schema: `.status.conditions[].reason`. */
export const shapeOf = (at: Path): string => at.map((key) => (typeof key === 'number' ? '[]' : `.${key}`)).join('');
