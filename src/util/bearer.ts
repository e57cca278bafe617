import { exit, UserError } from '../errors.ts';

/** RFC 6750: what a bearer token is made of. */
const bearerPattern = /^[\w.~+/=:-]+$/;

/**
 * A bearer token that can be sent as it is. Anything else would fail where it is made a header, in an error of the runtime
 * that shows it; `source` says which one is meant.
 */
export function checkBearerToken(text: string, source: string): string {
  const token = text.trim();
  if (bearerPattern.test(token)) return token;
  throw new UserError(`${source} is no bearer token: it has blanks, line breaks or other characters in it`, {
    code: exit.auth,
  });
}
