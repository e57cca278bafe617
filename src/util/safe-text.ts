/**
 * Characters of remote text that could steer a terminal or reorder what is read: C0 but tab and line break, DEL, C1, bidi
 * controls, line separators, lone surrogates. Tabs and line breaks are not among them.
 */
const unsafe =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Nothing but what ASCII prints, as nearly every cell of a table: to search it for more would take most of the time. */
export const isPrintableAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

const showCharacter = (character: string): string => `\\u{${character.charCodeAt(0).toString(16)}}`;

/** Text for people: what could steer a terminal is shown, not sent. Tabs and line breaks stay. */
export const makeSafe = (text: string): string => (isPrintableAscii(text) ? text : text.replace(unsafe, showCharacter));

/** One line for people: tabs and line breaks are shown too. */
export const makeSafeLine = (text: string): string =>
  isPrintableAscii(text)
    ? text
    : makeSafe(text)
        .replaceAll('\n', String.raw`\n`)
        .replaceAll('\t', String.raw`\t`);

/** A message for people with its hint, made one line, below it. The message is taken as it is. */
export const addHint = (message: string, hint: string | undefined): string =>
  hint ? `${message}\nhint: ${makeSafeLine(hint)}` : message;
