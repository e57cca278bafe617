/** A credential behind its name in a sentence: `password=…`, `token: …`, `"client_secret":"…"`, and not `token: expired`. */

/** Ignores the case of letters in the source of a pattern without escapes of letters. */
const anyCase = (source: string): string =>
  source.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);

/** Names whose value is a credential whatever it looks like. */
const strictName = anyCase(
  'pass(?:word|wd|phrase)|(?<![A-Za-z])pwd|(?<![A-Za-z.])pw(?==)|client[ _.-]?secret|secret[ _.-]?(?:access[ _.-]?)?key' +
    '|(?:private|access|api|signing|account|encryption)[ _.-]?key|key[_-]?data',
);
/** Names that stand before other words too: of what a token or a Secret is called, and what is wrong with it. */
const looseName = anyCase('token|secret|authorization|credential');

const separator = String.raw`\\{0,3}["']?\s{0,12}(?:=>|[:=]{1,2})\s{0,12}(?:[|>][+-]?\s{1,12})?[[({\\"']{0,4}`;

/** The name of a pair, seen from what separates it from its value: most texts have none. */
export const pairSign = String.raw`[:=](?<=(?:${strictName}|${looseName})\\{0,3}["']?\s{0,12}[:=])`;

/** Words with which services say what is wrong with a credential. */
const plainWords = new Set(
  (
    'abort aborted absent authentication authorization bad changed credential credentials deleted denied deprecated disabled ' +
    'empty enabled error expired failed failure false forbidden hidden ignored incorrect invalid key malformed masked missing ' +
    'must never no none not notfound null ok omitted password permissiondenied redacted refused removed rejected required reset ' +
    'revoked rotated rotation secret should timeout token true unauthenticated unauthorized undefined unknown unset ' +
    'unsupported used was were will wrong yes you your'
  ).split(' '),
);

const isPlainWord = (value: string): boolean => plainWords.has(value.toLowerCase().replaceAll(/[^a-z]/g, ''));

/** What stands in the place of a value: a variable, a template, dots, stars. */
const isPlaceholder = (value: string): boolean => /^(?:[$<{[(*…]|%[a-z(]|\.\.|(?:x{3,}|X{3,})$)/.test(value);

/** Files and addresses, which say where a credential is. */
const isPlace = (value: string): boolean =>
  /^(?:(?:~|\.{1,2})?(?:\/[\w.@-]+){2,}$|[a-z][a-z0-9+.-]*:\/\/)/i.test(value);

const isTimeOrNumber = (value: string): boolean => /^\d[\d.:TZ+-]*$/.test(value);

/** The name of an object, with words and a short suffix in it, and no long run of letters and digits. */
const isObjectName = (value: string): boolean =>
  /^[a-z0-9]+(?:[-./_][a-z0-9]+)+$/.test(value) &&
  value.split(/[-./_]/).every((part) => part.length < 12 || !/\d/.test(part));

/** No word: it has a digit in it, or is written in capitals. */
const hasShapeOfToken = (value: string): boolean => /\d/.test(value) || /^[A-Z_-]{8,}$/.test(value);

const shortestToken = 8;
const shortestPassword = 3;

/** Whether a value could be a token, and no word of a sentence. */
export const isTokenLike = (value: string): boolean =>
  value.length >= shortestToken &&
  hasShapeOfToken(value) &&
  ![isPlainWord, isPlaceholder, isPlace, isTimeOrNumber, isObjectName].some((is) => is(value));

/** Whether a value behind the name of a password could be one. Behind `=` or in quotes even a word is. */
export const isPasswordLike = (value: string, tight: boolean): boolean =>
  value.length >= (tight ? 1 : shortestPassword) &&
  ![isPlainWord, isPlaceholder, isPlace].some((is) => is(value)) &&
  (tight ? !/^\d{1,3}$/.test(value) : !/^[A-Za-z][a-z-]*$/.test(value) && !isTimeOrNumber(value));

const pair = new RegExp(`(?:(${strictName})|${looseName})${separator}`, 'g');

/** Up to the end of a part of a sentence, a list or an object; as much as tells whether it is a credential. */
const head = /[^\s"'`<>,;&)\]}\\]{1,256}/y;
const whole = /[^\s"'`<>\\]+/y;
const quoted = /[^"]+/y;

const readAt = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
};

/** The word before the credential of a header: `Authorization: Bearer …`. */
const scheme = /(?:[Bb]asic|[Dd]igest|[Nn]egotiate|[Tt]oken|[Bb]earer)\s{1,9}/y;

/** What a value is behind: a name that always has a password, quotes or `=`, the scheme of a header. */
interface Place {
  strict: boolean;
  tight: boolean;
  inHeader: boolean;
}

function isCredentialValue(text: string, { strict, tight, inHeader }: Place): boolean {
  const value = text.replace(/[.:!?]+$/, '');
  if (strict) return isPasswordLike(value, tight);
  return inHeader ? value.length >= shortestToken && isPasswordLike(value, true) : isTokenLike(value);
}

/** Where values are that a name before them makes a credential. */
export function findPairs(text: string): [start: number, end: number][] {
  const found: [number, number][] = [];
  pair.lastIndex = 0;
  for (let match = pair.exec(text); match; match = pair.exec(text)) {
    const [all, strict] = match;
    const start = pair.lastIndex;
    const from = start + readAt(scheme, text, start).length;
    const inQuotes = /[^\\]"$/.test(all);
    const place = { strict: strict !== undefined, tight: inQuotes || /=\S?$/.test(all), inHeader: from > start };
    if (!isCredentialValue(readAt(head, text, from), place)) continue;
    const end = from + readAt(inQuotes ? quoted : whole, text, from).length;
    found.push([start, end]);
    pair.lastIndex = end;
  }
  return found;
}
