import { expect, it } from 'vitest';
import {
  fleet,
  gkeCluster,
  managedCluster,
  member,
  membership,
  serve,
  subscription,
  type Answer,
  type SeenRequest,
} from '../../support/cloud-servers.ts';
import { describeHub, kubeconfigFor, namespace } from '../../support/hub/hub.ts';
import { run } from '../../support/run.ts';

const arm = `/subscriptions/${subscription}/providers/Microsoft.ContainerService`;

/** A GKE fleet and an Azure fleet of one member each, at the addresses of their APIs. */
function cloud({ path }: SeenRequest): Answer | undefined {
  if (path === '/v1/projects/prod-fleet/locations/-/memberships')
    return { body: { resources: [membership('prod-fleet', 'us-central1', 'prod-us')] } };
  if (path === '/v3/projects/prod-fleet') return { body: { name: 'projects/123456789012', projectId: 'prod-fleet' } };
  if (path === '/v1/projects/prod-clusters/locations/-/clusters')
    return { body: { clusters: [gkeCluster('us-central1', 'prod-us')] } };
  if (path === `${arm}/fleets`) return { body: { value: [fleet('prod-fleet')] } };
  if (path.endsWith('/members')) return { body: { value: [member('prod-fleet', 'prod-eu')] } };
  if (path === `${arm}/managedClusters`) return { body: { value: [managedCluster('prod-eu')] } };
  return undefined;
}

describeHub('cloud fleets, onto a real hub', () => {
  it.each([
    ['gke', ['--project', 'prod-fleet'], { CLOUDSDK_AUTH_ACCESS_TOKEN: 'LEAKCANARY' }],
    ['azure', ['--subscription', subscription], { AZURE_ACCESS_TOKEN: 'LEAKCANARY' }],
  ])('import %s: created, unchanged, configured, no difference, listed, deleted', async (system, flags, env) => {
    const ns = await namespace();
    const server = await serve(cloud);
    const target = ['-n', ns, '--kubeconfig', kubeconfigFor({ namespace: ns })];
    const imported = (...more: string[]): ReturnType<typeof run> =>
      run(['import', system, ...flags, '--endpoint', server.url, ...target, '-q', ...more], { env });
    expect(await imported('--diff')).toMatchObject({ code: 1 });
    const first = await imported('--apply');
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toMatch(/^clusterprofile\.multicluster\.x-k8s\.io\/\S+ created\n$/);
    expect((await imported('--apply')).out).toMatch(/ unchanged\n$/);
    expect((await imported('--apply', '--clusterset', 'shop-fleet')).out).toMatch(/ configured\n$/);
    expect(await imported('--diff', '--clusterset', 'shop-fleet')).toEqual({ code: 0, out: '', err: '' });
    const listed = await run([
      'list',
      '--clusterset',
      'shop-fleet',
      ...target,
      '-o',
      'jsonpath={.items[*].metadata.name}',
    ]);
    expect(listed.out).toMatch(/^prod-/);
    expect(await run(['delete', listed.out, ...target])).toMatchObject({ code: 0 });
    await server.close();
  });
});
