import type { IncomingMessage } from 'node:http';
import { exit, UserError } from '../../errors.ts';
import { call, describeUnreachable, type HttpRequest, type HttpResponse, type Transport } from '../http.ts';

/** Bytes that one line may have: an object is at most a few MiB. */
const longestLine = 64 * 1024 * 1024;

/** How long a server may be silent: it sends a bookmark a minute, so that a connection that nobody holds any more shows. */
const longestSilence = 150_000;

/** Ends a stream when the command ends, and when nothing has come for too long; returns what undoes that. */
function limitStream(response: IncomingMessage, { signal, interrupt }: Transport): { heard(): void; release(): void } {
  const end = (): void => void response.destroy();
  const silence = setTimeout(end, longestSilence);
  for (const each of [signal, interrupt]) each.addEventListener('abort', end);
  return {
    heard: () => void silence.refresh(),
    release() {
      clearTimeout(silence);
      for (const each of [signal, interrupt]) each.removeEventListener('abort', end);
      end();
    },
  };
}

/** Chunks until the other side ends, or the connection does. */
async function* readChunks(response: IncomingMessage): AsyncIterable<Buffer> {
  try {
    for await (const chunk of response) yield chunk as Buffer;
  } catch {
    // A connection that is cut is one that has ended: who reads goes on from where it was.
  }
}

async function* splitLines(chunks: AsyncIterable<Buffer>, host: string): AsyncIterable<string> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...parts, chunk.subarray(start, end)]).toString('utf8');
      [parts, length, start] = [[], 0, end + 1];
      if (line.trim() !== '') yield line;
    }
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > longestLine)
      throw new UserError(`${host} sends a line of more than ${longestLine / 1024 / 1024} MiB`, {
        code: exit.unreachable,
      });
  }
}

/**
 * The whole lines of an answer that has no end, as they come; it ends with the connection. An answer that is no success
 * goes to `refuse`. The end of the command is a UserError.
 */
export async function* readStream(
  transport: Transport,
  request: HttpRequest,
  refuse: (response: HttpResponse) => Error,
): AsyncIterable<string> {
  const response = await call(transport, { ...request, isStream: true });
  if (response.status !== 200) throw refuse(response);
  const stream = response.body as IncomingMessage;
  const { heard, release } = limitStream(stream, transport);
  try {
    for await (const line of splitLines(readChunks(stream), transport.base.host)) {
      heard();
      yield line;
    }
  } finally {
    release();
  }
  if (transport.signal.aborted || transport.interrupt.aborted)
    throw describeUnreachable(transport.base, undefined, transport);
}
