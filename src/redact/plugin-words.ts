import { isCredentialName } from './credential-names.ts';
import { detectCredential } from './credential-patterns.ts';

/** An argument or a variable of a credential plugin, with the name that it goes by. */
export interface Word {
  name: string;
  text: string;
}

/** Arguments under the name of their flag: `--token` before the argument, or in it. */
export const splitArgumentWords = (args: readonly string[]): Word[] =>
  args.map((text, index) => ({
    name: /^--?([^=]+)=/.exec(text)?.[1] ?? /^--?([^=]+)$/.exec(args[index - 1] ?? '')?.[1] ?? '',
    text,
  }));

/** A flag is no value, unless it holds one. */
const isFlagWord = (text: string): boolean => text.startsWith('--') && !text.includes('=');

/** What kind of credential it is, if it is one: by its content, a private key begins with dashes too, or by its name. */
export const detectCredentialWord = ({ name, text }: Word): string | undefined =>
  detectCredential(text) ??
  (text !== '' && !isFlagWord(text) && isCredentialName(name) ? 'a credential, by its name' : undefined);
