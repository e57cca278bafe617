import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { scratch } from '../../support/paths.ts';

/** A server of a few lines on this machine that does something no honest one does. */
export interface HostileServer {
  port: number;
  url: string;
  close(): Promise<void>;
}

const sockets = new WeakMap<Server, Set<Socket>>();

async function listen(server: Server): Promise<HostileServer> {
  const open = new Set<Socket>();
  sockets.set(server, open);
  server.on('connection', (socket) => open.add(socket.on('error', () => socket.destroy())));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Accepts connections, and never says a word; with `greet`, this. */
export const startSilentServer = (greet?: (socket: Socket) => void): Promise<HostileServer> =>
  listen(createServer((socket) => greet?.(socket)));

export interface HostileResponse extends ServerResponse {
  json(body: unknown, status?: number, headers?: Record<string, string>): void;
}

const group = 'multicluster.x-k8s.io';

/** The answer to a list of ClusterProfiles. */
export const listOfProfiles = (items: readonly unknown[], token?: string): object => ({
  kind: 'ClusterProfileList',
  apiVersion: `${group}/v1alpha1`,
  metadata: token === undefined ? {} : { continue: token },
  items,
});

export const profileNamed = (name: string): object => ({
  apiVersion: `${group}/v1alpha1`,
  kind: 'ClusterProfile',
  metadata: { name, namespace: 'default', uid: name, resourceVersion: '1' },
  spec: { clusterManager: { name: 'm' } },
});

/** An API server without TLS that has the API group, and answers everything else as it is told to. */
export function startFakeHub(
  answer: (request: IncomingMessage, response: HostileResponse) => void,
): Promise<HostileServer> {
  const versions = [{ groupVersion: `${group}/v1alpha1`, version: 'v1alpha1' }];
  const apiGroup = { kind: 'APIGroup', apiVersion: 'v1', name: group, versions, preferredVersion: versions[0] };
  return listen(
    createHttpServer((request, plain) => {
      const response = Object.assign(plain, {
        json(body: unknown, status = 200, headers: Record<string, string> = {}) {
          plain.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
        },
      });
      if (request.url === `/apis/${group}`) response.json(apiGroup);
      else answer(request, response);
    }),
  );
}

/** A kubeconfig with one context, in the namespace default. */
export function kubeconfigOf(server: string, user: object = {}, cluster: object = {}): string {
  const file = join(scratch(), 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'default' } }],
    'current-context': 'x',
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
