import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { merge, profile, server, type Tree } from './profiles.ts';
import { scratch } from './paths.ts';

/** A profile to apply: of that name, with a server of its own. */
export const written = (name: string, namespace: string, patch: Tree = {}): Tree => {
  const { uid: _uid, resourceVersion: _version, generation: _generation, ...metadata } = profile()['metadata'] as Tree;
  const labels = { 'multicluster.x-k8s.io/inventory-member-id': `m-${name}` };
  const own = merge(profile(), {
    status: { accessProviders: [{ name: 'google', cluster: { server: server(name) } }] },
  });
  return merge({ ...own, metadata: merge(metadata, { name, namespace, labels }) }, patch);
};

/** A file of its own with that text, or with objects as JSON documents. */
export function writeScratch(name: string, content: string | readonly object[]): string {
  const file = join(scratch(), name);
  const text = typeof content === 'string' ? content : content.map((each) => `${JSON.stringify(each)}\n`).join('');
  writeFileSync(file, text);
  return file;
}

/** Names a command for the provider of these profiles. */
export const writeProviders = (): string =>
  writeScratch(
    'providers.json',
    JSON.stringify({
      providers: [
        {
          name: 'google',
          execConfig: { apiVersion: 'client.authentication.k8s.io/v1', command: 'gke-gcloud-auth-plugin' },
        },
      ],
    }),
  );

/** A profile whose access provider is of no cloud, so that its server may be any host. */
export const vaulted = (name: string, patch: Tree = {}): Tree => {
  const accessProviders = [{ name: 'vault', cluster: { server: server('vault') } }];
  return written(name, 'shop', merge({ status: { accessProviders } }, patch));
};

/** The flags that name a command for that provider. */
export function vaultFlags(): string[] {
  const execConfig = { apiVersion: 'client.authentication.k8s.io/v1', command: 'vault-login' };
  const providers = [{ name: 'vault', execConfig }];
  return ['--provider-file', writeScratch('providers.json', JSON.stringify({ providers }))];
}
