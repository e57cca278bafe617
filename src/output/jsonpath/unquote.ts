const singleCharacterEscapes = 'abfnrtv\\';
const singleCharacters = '\u0007\b\f\n\r\t\v\\';

const escapeSequence =
  /\\(?:x(?<hex>[\dA-Fa-f]{2})|(?<octal>[0-3][0-7]{2})|u(?<short>[\dA-Fa-f]{4})|U(?<long>[\dA-Fa-f]{8})|(?<char>.))|(?<end>\\$)/gsu;

const isCharacterCode = (code: number): boolean => code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);

/**
 * The text of a Go string literal, which may also be in single quotes; undefined if it is none. Bytes (`\xff`, `\377`)
 * that do not add up to UTF-8 become U+FFFD: a JavaScript text cannot hold them.
 */
export function unquoteGo(quoted: string): string | undefined {
  const quote = quoted.slice(0, 1);
  const body = quoted.slice(1, -1);
  if (!body.includes('\\')) return body.includes(quote) ? undefined : body;
  const pieces: Buffer[] = [];
  let position = 0;
  for (const match of body.matchAll(escapeSequence)) {
    const plain = body.slice(position, match.index);
    const value = encodeEscapes(match.groups ?? {}, quote);
    if (plain.includes(quote) || value === undefined) return undefined;
    pieces.push(Buffer.from(plain), value);
    position = match.index + match[0].length;
  }
  const rest = body.slice(position);
  return rest.includes(quote) ? undefined : Buffer.concat([...pieces, Buffer.from(rest)]).toString();
}

function encodeEscapes(groups: Record<string, string | undefined>, quote: string): Buffer | undefined {
  const { hex, octal, short, long, char } = groups;
  if (hex !== undefined) return Buffer.of(Number.parseInt(hex, 16));
  if (octal !== undefined) return Buffer.of(Number.parseInt(octal, 8));
  const digits = short ?? long;
  if (digits !== undefined) {
    const code = Number.parseInt(digits, 16);
    return isCharacterCode(code) ? Buffer.from(String.fromCodePoint(code)) : undefined;
  }
  if (char === quote) return Buffer.from(quote);
  const index = char === undefined ? -1 : singleCharacterEscapes.indexOf(char);
  return index === -1 ? undefined : Buffer.from(singleCharacters.charAt(index));
}
