import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Certificate } from './certificates.ts';

export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Milliseconds before the answer; `Infinity` never answers. */
  delay?: number;
  /** The connection breaks in the middle of the body. */
  cut?: boolean;
}

export interface CloudServer {
  url: string;
  host: string;
  requests: SeenRequest[];
  /** Paths of the requests so far, without the query. */
  paths(): string[];
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const listening = (server: Server): Promise<AddressInfo> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo));
  });

/** A server on loopback, plain or with TLS. What the handler leaves undefined is a 404 in the words of the server. */
export async function serve(
  handle: (request: SeenRequest) => Answer | undefined,
  certificate?: Certificate,
): Promise<CloudServer> {
  const requests: SeenRequest[] = [];
  const listener: RequestListener = (request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const seen = {
        method: request.method ?? '',
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        authorization: request.headers.authorization,
        headers: request.headers,
        body,
      };
      requests.push(seen);
      const { status = 200, body: sent, headers, delay = 0, cut } = handle(seen) ?? notFound(seen);
      const answer = (): void => {
        const text = typeof sent === 'string' ? sent : JSON.stringify(sent ?? {});
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        if (cut) response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
        else response.end(text);
      };
      if (delay !== Number.POSITIVE_INFINITY) setTimeout(answer, delay);
    });
  };
  const server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
  const { port } = await listening(server);
  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    requests,
    paths: () => requests.map(({ path }) => path),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A server that ends with the test. */
export async function startServer(...args: Parameters<typeof serve>): Promise<CloudServer> {
  const server = await serve(...args);
  onTestFinished(() => server.close());
  return server;
}

/** A folder that goes with the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clusterprofile-cloud-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A proxy that notes what it is asked to connect to, and refuses. It ends with the test. */
export async function recordingProxy(): Promise<{ url: string; connects: string[] }> {
  const connects: string[] = [];
  const server = createServer();
  server.on('connect', ({ url }: IncomingMessage, socket: Duplex) => {
    connects.push(url ?? '');
    socket.on('error', () => {}); // The client may be gone before it has read the refusal.
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  });
  const { port } = await listening(server);
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${port}`, connects };
}

const notFound = ({ path }: SeenRequest): Answer => ({
  status: 404,
  body: { error: { code: 'ResourceNotFound', message: `the test has no answer for ${path}` } },
});

/** Hands out one value after the other, and the last one ever after. */
export const sequence = <T>(...values: [T, ...T[]]): (() => T) => {
  const left = [...values];
  return () => (left.length > 1 ? (left.shift() as T) : (left[0] as T));
};

/** An error as Google's APIs write it. */
export const googleError = (status: number, message: string, reason?: string, metadata?: object): Answer => ({
  status,
  body: {
    error: {
      code: status,
      message,
      status: 'ERROR',
      details: reason
        ? [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata }]
        : [],
    },
  },
});

/** A membership of a GKE cluster in the project `prod-clusters`. */
export const membership = (project: string, location: string, id: string): Record<string, unknown> => ({
  name: `projects/${project}/locations/${location}/memberships/${id}`,
  endpoint: {
    gkeCluster: {
      resourceLink: `//container.googleapis.com/projects/prod-clusters/locations/${location}/clusters/${id}`,
    },
    kubernetesMetadata: { kubernetesApiServerVersion: 'v1.34.3-gke.1245000', nodeCount: 3 },
    googleManaged: true,
  },
  state: { code: 'READY' },
  createTime: '2026-02-24T22:37:30.508064014Z',
  uniqueId: '7f0c7a52-8d0e-4d0e-9a63-0c4f5f2f9f11',
});

/** A GKE cluster of the project `prod-clusters`. */
export const gkeCluster = (location: string, name: string): Record<string, unknown> => ({
  name,
  location,
  selfLink: `https://container.googleapis.com/v1/projects/prod-clusters/locations/${location}/clusters/${name}`,
  status: 'RUNNING',
  createTime: '2026-02-24T22:30:00+00:00',
  currentMasterVersion: '1.34.3-gke.1245000',
  resourceLabels: { environment: 'production' },
  masterAuth: { clientKey: 'LEAKCANARY-client-key' },
});

/** An error as Azure Resource Manager writes it. */
export const armError = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } },
});

export const subscription = '11111111-2222-3333-4444-555555555555';

export const fleetId = (name: string, group = 'rg-fleet'): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/fleets/${name}`;

export const aksId = (name: string, of = subscription): string =>
  `/subscriptions/${of}/resourceGroups/rg-clusters/providers/Microsoft.ContainerService/managedClusters/${name}`;

export const fleet = (name: string, group?: string): Record<string, unknown> => ({
  id: fleetId(name, group),
  name,
  type: 'Microsoft.ContainerService/fleets',
  location: 'eastus',
  properties: { provisioningState: 'Succeeded' },
});

/** A member of the fleet with the AKS cluster of the same name. */
export const member = (fleetName: string, name: string, of?: string): Record<string, unknown> => ({
  id: `${fleetId(fleetName)}/members/${name}`,
  name,
  type: 'Microsoft.ContainerService/fleets/members',
  systemData: { createdAt: '2026-01-05T10:00:00.123Z' },
  properties: {
    clusterResourceId: aksId(name, of),
    provisioningState: 'Succeeded',
    group: 'stable',
    labels: { environment: 'production', 'fleet.azure.com/location': 'East US' },
  },
});

export const managedCluster = (name: string, of?: string): Record<string, unknown> => ({
  id: aksId(name, of).replace('resourceGroups', 'resourcegroups'),
  name,
  location: 'eastus',
  properties: {
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    currentKubernetesVersion: '1.33.2',
    fqdn: `${name}-abcd1234.hcp.eastus.azmk8s.io`,
    aadProfile: { managed: true, tenantID: '99999999-8888-7777-6666-555555555555', serverAppSecret: 'LEAKCANARY-app' },
    windowsProfile: { adminPassword: 'LEAKCANARY-password' },
  },
});
