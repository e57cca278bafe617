import { Lexer } from 'yaml';
import { ignoreMark } from './mark.ts';

/** A comment that ignores rules, with their ids behind the mark. */
const comment = new RegExp(`^#+[ \\t]*${ignoreMark}[ \\t]+(.*)$`);

/** What the comments of a YAML text ignore. A line of a block scalar is none: its token begins with the indentation. */
export const readIgnoreComments = (text: string): string[] =>
  [...new Lexer().lex(text)].flatMap((token) => comment.exec(token.trimEnd())?.[1] ?? []);
