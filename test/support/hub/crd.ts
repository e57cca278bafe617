import { setTimeout as sleep } from 'node:timers/promises';
import { buildVersionedCrd } from '../../../src/profile/crd/versions.ts';
import { hubRequest } from './request.ts';
import type { Hub } from './server.ts';
import { runKubectl } from './kubectl.ts';

/** The CRD that `crd print` prints and `crd install` installs: the hub of the tests has what ours would have. */
export async function installCrd(hub: Hub, versions: readonly string[]): Promise<void> {
  const input = JSON.stringify(buildVersionedCrd(versions));
  const applied = await runKubectl(hub, ['apply', '--server-side', '-f', '-'], { input });
  if (applied.code !== 0) throw new Error(`the ClusterProfile CRD was not installed: ${applied.stderr}`);
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50)) {
    const served = await Promise.all(
      // Discovery and the resource itself are served by different controllers, each in its own time.
      versions
        .map((version) => `/apis/multicluster.x-k8s.io/${version}`)
        .flatMap((resource) => [resource, `${resource}/clusterprofiles?limit=1`])
        .map((path) => hubRequest(hub, path, { token: hub.tokens.admin })),
    );
    if (served.every(({ status }) => status === 200)) return;
  }
  throw new Error('the ClusterProfile CRD is installed but not served');
}
