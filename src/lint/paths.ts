import type { ProblemPath } from './problem.ts';
import { detectCredential } from '../redact/credential-patterns.ts';
import { memoiseText } from '../util/collections.ts';

const longestShown = 80;

/** A value of the input in a message: quoted, cut, one line, and left out when it looks like a credential. */
export function show(value: string): string {
  if (detectCredential(value)) return '"…"';
  return JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value);
}

/** The same without the quotes, inside of a sentence. */
export const showBare = (value: string): string => show(value).slice(1, -1);

const plainPathKey = /^[A-Za-z_][\w-]*$/;

const formatKey = memoiseText((key) =>
  plainPathKey.test(key) && !detectCredential(key) ? `.${key}` : `[${show(key)}]`,
);

/** `.status.conditions[0].reason`, `.metadata.labels["x-k8s.io/cluster-manager"]`; `.` for the object itself. */
export function formatFieldPath(at: ProblemPath): string {
  const parts = at.map((key) => (typeof key === 'number' ? `[${key}]` : formatKey(key)));
  return parts.join('') || '.';
}

/** The same with all list items as one, to tell the place in a schema: `.status.conditions[].reason`. */
export const formatShape = (at: ProblemPath): string =>
  at.map((key) => (typeof key === 'number' ? '[]' : `.${key}`)).join('');
