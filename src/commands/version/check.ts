import { readText } from '../../documents/objects.ts';
import { exit, usageError, UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { connectContext } from '../../stores/open.ts';
import { makeSafeLine } from '../../util/safe-text.ts';

/** Bytes: the answer of a release page is a few thousand. */
const longestAnswer = 1024 * 1024;
/** Milliseconds. */
const requestTimeout = 10_000;

/** The text at an address, asked without any login. Throws for what does not answer with 200. */
async function fetchText(address: string, io: Io): Promise<string> {
  const { buildConnection } = await import('../../kubernetes/client/readyz.ts');
  const { openTransport } = await import('../../kubernetes/connect.ts');
  const { call } = await import('../../kubernetes/http.ts');
  if (!URL.canParse(address)) throw usageError(`--check takes a file or a URL, not ${JSON.stringify(address)}`);
  const url = new URL(address);
  const context = connectContext({ timeout: requestTimeout }, io, () => {});
  const transport = openTransport(buildConnection({ server: url.origin }), { requestTimeout }, context);
  const request = { method: 'GET', path: `${url.pathname}${url.search}`, accept: '*/*', longestAnswer } as const;
  const { status, body } = await call(transport, request);
  if (status !== 200)
    throw new UserError(`${url.host} answered ${status} to the question for a version`, { code: exit.unreachable });
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** The name of a release in a text: JSON with `tag_name` or `version`, as release pages and registries have it, or the first word. */
function findVersionIn(text: string): string {
  try {
    const { tag_name: tag, version } = JSON.parse(text) as { tag_name?: unknown; version?: unknown };
    const found = [tag, version].find((each) => typeof each === 'string');
    if (typeof found === 'string') return found;
  } catch {
    // It is no JSON: a file with the version in it.
  }
  return text.trim().split(/\s/, 1)[0] ?? '';
}

/**
 * Compares the version of this program with the one that a file or a URL names. Returns the exit code: 1 where there is a
 * newer one. Throws for what names no version.
 */
export async function checkVersion(own: string, where: string, io: Io): Promise<number> {
  const text = /^https?:\/\//.test(where) ? await fetchText(where, io) : readText(where);
  const { gt, valid } = await import('semver');
  const latest = valid(findVersionIn(text));
  if (latest === null)
    throw new UserError(`${makeSafeLine(where)} names no version`, {
      hint: 'it is a text with a version such as 1.2.3, or JSON with tag_name or version',
    });
  const isNewer = gt(latest, own);
  io.out(isNewer ? `clusterprofile ${latest} is there, this is ${own}\n` : `clusterprofile ${own} is the latest\n`);
  return isNewer ? exit.negative : exit.done;
}
