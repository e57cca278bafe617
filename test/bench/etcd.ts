import { randomUUID } from 'node:crypto';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { buffer } from 'node:stream/consumers';

/** Copies of an object beside it in etcd: a hub of 50,000 is filled in seconds, where its API takes minutes. */

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

/** A field of a protobuf message that holds bytes. */
const encodeField = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([encodeVarint((number << 3) | 2), encodeVarint(bytes.length), bytes]);

/** The bytes of the first field of that number. */
function findField(message: Buffer, wanted: number): Buffer {
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = readVarint();
    const value = readVarint();
    if ((tag & 7) !== 2) continue;
    if (tag >> 3 === wanted) return message.subarray(at, at + value);
    at += value;
  }
  throw new Error(`no field ${wanted} in what etcd answered`);
}

/** One call of etcd's KV service, by gRPC. */
async function callEtcd(session: ClientHttp2Session, method: string, message: Buffer): Promise<Buffer> {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  const path = `/etcdserverpb.KV/${method}`;
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const status: IncomingHttpHeaders = {};
  for (const event of ['response', 'trailers'])
    stream.on(event, (headers: IncomingHttpHeaders) => Object.assign(status, headers));
  stream.end(Buffer.concat([head, message]));
  const body = await buffer(stream);
  if (status['grpc-status'] !== '0') throw new Error(`etcd: ${String(status['grpc-message'])}`);
  return body.subarray(5);
}

/** Objects a transaction: etcd allows 128. */
const batch = 100;

/** Copies the object at a key, each copy under a name of its own wherever the object has its name, and with a uid of its own. */
export async function copyInEtcd(url: string, key: string, name: string, copies: readonly string[]): Promise<void> {
  const session = connect(url);
  try {
    const answer = await callEtcd(session, 'Range', encodeField(1, Buffer.from(`${key}/${name}`)));
    const text = findField(findField(answer, 2), 5).toString();
    const { uid } = (JSON.parse(text) as { metadata: { uid: string } }).metadata;
    for (let start = 0; start < copies.length; start += batch) {
      const puts = copies.slice(start, start + batch).map((copy) => {
        const value = text.replaceAll(name, copy).replace(uid, randomUUID());
        const put = [encodeField(1, Buffer.from(`${key}/${copy}`)), encodeField(2, Buffer.from(value))];
        return encodeField(2, encodeField(2, Buffer.concat(put)));
      });
      await callEtcd(session, 'Txn', Buffer.concat(puts));
    }
  } finally {
    session.close();
  }
}
