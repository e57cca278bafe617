import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inVersionOf } from './request.ts';
import type { Hub } from './server.ts';

export interface KubectlOptions {
  input?: string | Buffer;
  /** Laid over KUBECONFIG (admin), HOME, PATH; nothing else of our own environment reaches kubectl. */
  env?: Record<string, string>;
  cwd?: string;
}

export interface KubectlResult {
  stdout: string;
  stderr: string;
  code: number;
}

/** Runs the real kubectl. Its discovery cache is the hub's own: the next hub may get the same port and other resources. */
export async function runKubectl(
  hub: Hub,
  args: string[],
  { input = '', env = {}, cwd = hub.dir }: KubectlOptions = {},
): Promise<KubectlResult> {
  const environment = {
    PATH: process.env['PATH'],
    HOME: hub.dir,
    KUBECONFIG: hub.kubeconfig,
    KUBECACHEDIR: join(hub.dir, 'kubectl-cache'),
    ...env,
  };
  const child = spawn(hub.kubectl, args, { env: environment, cwd });
  child.stdin.on('error', () => {}); // kubectl may end without reading it
  child.stdin.end(typeof input === 'string' ? inVersionOf(hub, input) : input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: Number(code ?? -1) };
}
