import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { Agent, createServer, request as httpsRequest, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, ProxiedRequest, Reply, Rule } from './faults.ts';
import type { Hub } from './server.ts';

export interface FaultProxy {
  /** Speaks TLS with the hub's CA. A client certificate ends here and never reaches the hub: use tokens. */
  url: string;
  requests: ProxiedRequest[];
  /** TCP connections so far. */
  readonly connections: number;
  /** Adds a rule behind the others; the function returned takes it away. */
  inject(rule: Rule | Fault): () => void;
  /** Ends when every request that came is answered or given up, those that the proxy holds back too. */
  idle(): Promise<void>;
  /** Forgets rules, requests and the count of connections. */
  clear(): void;
  close(): Promise<void>;
}

/** A broken connection is what the client was to see: it is done, and nothing else is to be written. */
class Broken extends Error {}

interface State {
  rules: Rule[];
  requests: ProxiedRequest[];
  /** By the client's port: TLS sockets can't be reset, the TCP socket below them can. */
  sockets: Map<number, { id: number; tcp: Socket }>;
  connections: number;
  /** What is not answered yet. */
  open: Set<Promise<void>>;
  nextIndex: number;
  startedAt: number;
}

interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  fault: Fault;
  record: ProxiedRequest;
  reset(): never;
}

function recordOf(state: State, incoming: IncomingMessage, body: Buffer): ProxiedRequest {
  const { method = 'GET', url: path = '/', headers, socket } = incoming;
  const { authorization } = headers;
  return {
    index: state.nextIndex++,
    connection: state.sockets.get(socket.remotePort ?? 0)?.id ?? 0,
    method,
    path,
    query: new URL(path, 'https://hub').searchParams,
    headers: authorization === undefined ? headers : { ...headers, authorization: authorization.replace(/ .*/, ' …') },
    body: body.toString(),
    at: Math.round(performance.now() - state.startedAt),
    status: undefined,
    forwarded: false,
  };
}

/** Path and query for the hub. */
function readTarget({ incoming, fault }: Exchange, hub: URL): URL {
  const target = new URL(incoming.url ?? '/', hub);
  if (fault.pageSize !== undefined && target.searchParams.has('limit'))
    target.searchParams.set('limit', String(fault.pageSize));
  if (fault.watchSeconds !== undefined && target.searchParams.has('watch'))
    target.searchParams.set('timeoutSeconds', String(fault.watchSeconds));
  return target;
}

async function forward(exchange: Exchange, hub: URL, agent: Agent, body: Buffer): Promise<IncomingMessage> {
  const { incoming, outgoing, record } = exchange;
  // What this hop said about its connection and framing is not for the next one.
  const { connection: _connection, 'transfer-encoding': _encoding, ...headers } = incoming.headers;
  const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
  const sent = httpsRequest(readTarget(exchange, hub), {
    method: incoming.method,
    headers: { ...headers, ...length, host: hub.host },
    agent,
  });
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) sent.destroy(); // the client left, perhaps out of a watch
  });
  sent.on('error', () => {}); // after the response has begun, the response says it too
  record.forwarded = true;
  const answered = once(sent, 'response');
  sent.end(body);
  const [response] = (await answered) as [IncomingMessage];
  return response;
}

async function write({ outgoing, fault }: Exchange, chunk: Buffer): Promise<void> {
  const { bytes, everyMs } = fault.slowBody ?? { bytes: chunk.length, everyMs: 0 };
  for (let start = 0; start < chunk.length; start += bytes) {
    if (everyMs > 0) await sleep(everyMs);
    if (outgoing.destroyed) throw new Broken();
    if (outgoing.write(chunk.subarray(start, start + bytes))) continue;
    await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
  }
}

async function breakOff(exchange: Exchange): Promise<never> {
  // The bytes so far have to leave first: a reset drops what is still queued.
  await sleep(20);
  if (exchange.fault.reset === 'body') exchange.reset();
  exchange.outgoing.destroy();
  throw new Broken();
}

interface Head {
  status: number;
  /** Name, value, name, value … as they came: `Warning` may be there several times. */
  headers: string[];
}

/** Sends a body as it arrives: a watch must not wait for its end. */
async function send(exchange: Exchange, head: Head, body: AsyncIterable<Buffer> | Buffer[]): Promise<void> {
  const { outgoing, fault, record } = exchange;
  record.status = head.status;
  outgoing.writeHead(head.status, head.headers);
  outgoing.flushHeaders();
  let left = fault.cutBodyAt ?? Infinity;
  for await (const chunk of body) {
    if (fault.reset === 'body') left = Math.min(left, Math.ceil(chunk.length / 2));
    await write(exchange, chunk.subarray(0, left));
    left -= chunk.length;
    if (left < 0) await breakOff(exchange);
  }
  if (fault.reset === 'body') await breakOff(exchange);
  outgoing.end();
}

function fixed({ status, headers = {}, body = '' }: Reply): [Head, Buffer[]] {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const all = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers };
  return [{ status, headers: Object.entries(all).flat() }, [bytes]];
}

function headOf({ statusCode = 0, rawHeaders }: IncomingMessage): Head {
  const hop = (at: number): boolean => /^(connection|keep-alive|transfer-encoding)$/i.test(rawHeaders[at] ?? '');
  return { status: statusCode, headers: rawHeaders.filter((_, index) => !hop(index - (index % 2))) };
}

async function handle(exchange: Exchange, hub: URL, agent: Agent, body: Buffer): Promise<void> {
  const { fault } = exchange;
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.reset === 'request') exchange.reset();
  if (fault.reply !== undefined) return send(exchange, ...fixed(fault.reply));
  const response = await forward(exchange, hub, agent, body);
  if (fault.reset === 'response') {
    await buffer(response);
    exchange.reset();
  }
  await send(exchange, headOf(response), response);
}

function faultFor(rules: Rule[], record: ProxiedRequest): Fault {
  for (const rule of rules) {
    const fault = rule(record);
    if (fault !== undefined) return fault;
  }
  return {};
}

function track(server: Server, state: State): void {
  server.on('connection', (tcp: Socket) => {
    const port = tcp.remotePort ?? 0;
    const entry = { id: ++state.connections, tcp };
    state.sockets.set(port, entry);
    tcp.once('close', () => {
      if (state.sockets.get(port) === entry) state.sockets.delete(port);
    });
  });
}

function resetOf(state: State, { socket }: IncomingMessage): () => never {
  const { tcp } = state.sockets.get(socket.remotePort ?? 0) ?? {};
  return () => {
    tcp?.resetAndDestroy();
    throw new Broken();
  };
}

async function serve(exchange: Pick<Exchange, 'incoming' | 'outgoing'>, state: State, hub: URL, agent: Agent) {
  const { incoming, outgoing } = exchange;
  const body = await buffer(incoming).catch(() => undefined);
  if (body === undefined) return; // the client left before it had said everything
  const record = recordOf(state, incoming, body);
  state.requests.push(record);
  const fault = faultFor(state.rules, record);
  try {
    await handle({ ...exchange, record, fault, reset: resetOf(state, incoming) }, hub, agent, body);
  } catch (error) {
    // Broken on purpose, or the hub or the client went away: all look the same from the other side.
    outgoing.destroy();
    if (error instanceof TypeError) throw error; // a mistake in a rule is to fail the test run
  }
}

const asRule = (rule: Rule | Fault): Rule => (typeof rule === 'function' ? rule : () => rule);

/** Starts a proxy in front of the hub that records every request and does to it what the rules say. */
export async function startFaultProxy(hub: Hub, ...rules: (Rule | Fault)[]): Promise<FaultProxy> {
  const state: State = {
    rules: rules.map(asRule),
    requests: [],
    sockets: new Map(),
    connections: 0,
    open: new Set(),
    nextIndex: 0,
    startedAt: performance.now(),
  };
  let forgotten = 0;
  const { cert, key } = hub.serverCertificate;
  const agent = new Agent({ keepAlive: true, ca: readFileSync(hub.caFile) });
  // No keep-alive timeout: a connection that ends by itself would look like a fault nobody injected.
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key), keepAliveTimeout: 0 });
  track(server, state);
  server.on('request', (incoming, outgoing) => {
    const served = serve({ incoming, outgoing }, state, new URL(hub.url), agent).finally(() =>
      state.open.delete(served),
    );
    state.open.add(served);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: state.requests,
    get connections() {
      return state.connections - forgotten;
    },
    inject(rule) {
      const added = asRule(rule);
      state.rules.push(added);
      return () => {
        state.rules = state.rules.filter((other) => other !== added);
      };
    },
    async idle() {
      while (state.open.size > 0) await Promise.allSettled(state.open);
    },
    clear() {
      state.rules = [];
      state.requests.length = 0;
      forgotten = state.connections;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, 'close');
    },
  };
}
