import { readFileSync } from 'node:fs';
import { request, type Agent } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';

export interface RequestOptions {
  method?: string;
  token?: string;
  body?: string;
  contentType?: string;
  headers?: Record<string, string>;
  agent?: Agent;
  /** PEM texts of a client certificate. */
  cert?: string;
  key?: string;
}

export interface HubAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const older = 'multicluster.x-k8s.io/v1alpha1';

/** Tests write v1alpha1: the same for a hub that serves another version only. */
export function inVersionOf({ versions = [] }: { versions?: readonly string[] }, text: string): string {
  const [only] = versions;
  return only === undefined || versions.includes('v1alpha1')
    ? text
    : text.replaceAll(older, `multicluster.x-k8s.io/${only}`);
}

/** One plain HTTPS request: what a test says to the hub behind the back of the code under test. */
export function hubRequest(
  { url, caFile, versions = [] }: { url: string; caFile: string; versions?: readonly string[] },
  path: string,
  {
    method = 'GET',
    token,
    body: written,
    contentType = 'application/json',
    headers = {},
    ...rest
  }: RequestOptions = {},
): Promise<HubAnswer> {
  const body = written === undefined ? undefined : inVersionOf({ versions }, written);
  const all = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(inVersionOf({ versions }, path), url),
      { method, headers: all, ca: readFileSync(caFile), ...rest },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0, headers: answered } = response;
          resolve({ status: statusCode, headers: answered, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
