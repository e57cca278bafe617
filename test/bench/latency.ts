import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Latency {
  url: string;
  close(): void;
}

/** Hands on what comes, in its order, each part that much later. */
function pipeLate(from: Socket, to: Socket, delay: number): void {
  const queue: { at: number; chunk: Buffer | undefined }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    while (queue[0] && queue[0].at <= performance.now() + 0.5) {
      const { chunk } = queue.shift()!;
      if (chunk) to.write(chunk);
      else to.end();
    }
    if (queue[0]) timer = setTimeout(flush, Math.max(1, queue[0].at - performance.now()));
  };
  const hold = (chunk?: Buffer): void => {
    queue.push({ at: performance.now() + delay, chunk });
    timer ??= setTimeout(flush, delay);
  };
  from.on('data', hold).on('end', () => hold());
  from.on('error', () => to.destroy());
}

/** A way to a server that takes a round trip of so many milliseconds, below TLS: whoever speaks HTTP/2 does. */
export async function startLatency(server: string, roundTrip: number): Promise<Latency> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    for (const socket of [near, far]) sockets.add(socket.on('close', () => sockets.delete(socket)));
    pipeLate(near, far, roundTrip / 2);
    pipeLate(far, near, roundTrip / 2);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    close() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
