import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { describe, inject, onTestFinished, TestRunner } from 'vitest';
import { hubRequest, type HubAnswer, type RequestOptions } from './request.ts';
import type { Hub } from './server.ts';
import { kubeconfig, type KubeconfigOptions } from './kubeconfig.ts';
import { runKubectl, type KubectlOptions, type KubectlResult } from './kubectl.ts';

declare module 'vitest' {
  interface ProvidedContext {
    hub: Hub | undefined;
  }
}

/** The hub of this run. Only for use inside describeHub. */
export function theHub(): Hub {
  const hub = inject('hub');
  if (hub === undefined) throw new Error('no hub in this run: put the test inside describeHub');
  return hub;
}

/** A describe that is skipped in a run without a hub; such a run has said why in one line. */
export const describeHub = inject('hub') === undefined ? describe.skip : describe;

const agent = new Agent({ keepAlive: true });

/** One request to the hub as admin, unless the options name another token. */
export function request(path: string, options: RequestOptions = {}): Promise<HubAnswer> {
  const hub = theHub();
  return hubRequest(hub, path, { token: hub.tokens.admin, agent, ...options });
}

export const kubectl = (args: string[], options: KubectlOptions = {}): Promise<KubectlResult> =>
  runKubectl(theHub(), args, options);

/** Nobody empties or finalizes a namespace here: those are controllers' tasks, and the hub has no controllers. */
export async function removeNamespace(name: string): Promise<void> {
  const path = `/api/v1/namespaces/${name}`;
  await request(`/apis/multicluster.x-k8s.io/v1alpha1/namespaces/${name}/clusterprofiles`, { method: 'DELETE' });
  await request(`${path}/secrets`, { method: 'DELETE' });
  await request(path, { method: 'DELETE' });
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: { finalizers: [] } });
  await request(`${path}/finalize`, { method: 'PUT', body });
}

/** A fresh namespace that its maker removes. */
export async function createNamespace(): Promise<string> {
  const name = `test-${randomUUID().slice(0, 8)}`;
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const answer = await request('/api/v1/namespaces', { method: 'POST', body });
  if (answer.status !== 201) throw new Error(`namespace ${name}: ${answer.status} ${answer.body}`);
  return name;
}

/** A fresh namespace, gone with its ClusterProfiles at the end of the test (from beforeAll: at the end of the run). */
export async function namespace(): Promise<string> {
  const name = await createNamespace();
  if (TestRunner.getCurrentTest() !== undefined) onTestFinished(() => removeNamespace(name));
  return name;
}

/** Writes a kubeconfig for the hub and returns its path. */
export function kubeconfigFor(options: KubeconfigOptions = {}): string {
  const hub = theHub();
  const path = join(hub.dir, `kubeconfig-${randomUUID()}.json`);
  writeFileSync(path, kubeconfig(hub, options), { mode: 0o600 });
  return path;
}
