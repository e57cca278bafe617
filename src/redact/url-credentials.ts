import { isTokenParameter } from './credential-names.ts';
import { detectCredential, mask, maskCredentials } from './credential-patterns.ts';

const isCredentialParameter = (name: string, value: string): boolean =>
  value !== '' && (isTokenParameter(name) || detectCredential(value) !== undefined);

const splitQuery = (query: string): { pair: string; name: string; value: string }[] =>
  query.split(/[&;]/).map((pair) => {
    const [[name = '', value = ''] = []] = new URLSearchParams(pair);
    return { pair, name, value };
  });

/** A query without the parameters that carry a credential, and their names. What stays is written as it was. */
export function cutCredentialParameters(query: string): { query: string; names: string[] } {
  const pairs = splitQuery(query);
  const cut = pairs.filter(({ name, value }) => isCredentialParameter(name, value));
  if (cut.length === 0) return { query, names: [] };
  const kept = pairs.filter((each) => !cut.includes(each)).map(({ pair }) => pair);
  return { query: kept.join('&'), names: cut.map(({ name }) => name) };
}

/** True where user info or a query parameter of a URL gives a credential away. Works for what is no URL too. */
export function carriesCredential(text: string): boolean {
  if (!/[?@]/.test(text)) return false;
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(text)) return true;
  const query = text.split('#', 1)[0]?.split('?').slice(1).join('?') ?? '';
  return cutCredentialParameters(query).names.length > 0;
}

/** A server as a screen or a table shows it: as it is written, but for what gives a credential away. */
export const showServer = (server: string): string => (carriesCredential(server) ? maskUrl(server) : server);

/** A URL, or what is none because of a password in it, as a message may show it: everything up to its last `@` is gone. */
export const maskUrl = (text: string): string =>
  maskCredentials(text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^]*@/i, (_all, scheme = '') => `${scheme}${mask}@`));
