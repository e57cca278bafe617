/** JSON as kubectl writes it (Go's encoding/json): keys sorted, four blanks, `<`, `>`, `&` and line separators escaped. */
const goEscapes = /[<>&\u2028\u2029]/g;

const formatGoString = (text: string): string =>
  JSON.stringify(text).replace(goEscapes, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

export function formatGoJson(value: unknown, indent = ''): string {
  if (typeof value === 'string') return formatGoString(value);
  if (typeof value !== 'object' || value === null) return value === undefined ? 'null' : JSON.stringify(value);
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${formatGoJson(item, inner)}`).join(',\n')}\n${indent}]`;
  }
  const object = value as Record<string, unknown>;
  const names = Object.keys(object)
    .filter((name) => object[name] !== undefined)
    .toSorted();
  if (names.length === 0) return '{}';
  return `{\n${names.map((name) => `${inner}${formatGoString(name)}: ${formatGoJson(object[name], inner)}`).join(',\n')}\n${indent}}`;
}
