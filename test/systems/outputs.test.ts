import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isManagerName } from '../../src/profile/clusterprofile.ts';
import { loadImporters, loadSystem } from '../../src/systems/index.ts';
import { run } from '../support/run.ts';
import { fixtures, scratch } from '../support/paths.ts';
import { lines } from '../support/text.ts';

const outputs = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('clusterprofiles.yaml') && readFileSync(join(fixtures, file), 'utf8') !== '',
);

describe('what is imported', () => {
  it('is there', () => {
    expect(outputs.length).toBeGreaterThan(100);
  });

  it.each(outputs)('%s has nothing in it that the API server or the KEP would refuse', async (file) => {
    const { out } = await run(['validate', '-f', join(fixtures, file), '-o', 'json']);
    // CP088: the CAs of fixtures are PEM, but invented.
    const errors = (JSON.parse(out) as { id: string; severity: string }[]).filter(
      ({ id, severity }) => severity === 'error' && id !== 'CP088',
    );
    expect(errors).toEqual([]);
  });
});

describe('explain', () => {
  it('has a manager, a page to read and a mapping for every source', async () => {
    for (const [name, { source }] of await loadImporters()) {
      const system = await loadSystem(name);
      const { mapping = [] } = (await system?.mapping?.()) ?? {};
      expect(isManagerName(source.manager), name).toBe(true);
      if (name !== 'kubeconfig') expect(system?.docs, name).toMatch(/^https:\/\//);
      expect(mapping.length, name).toBeGreaterThanOrEqual(4);
      for (const [, to] of mapping) expect(to, name).toMatch(/^(metadata|spec|status|$)/);
    }
  });

  it('prints it, for people and for programs', async () => {
    const { out, code } = await run(['explain', 'karmada']);
    expect(code).toBe(0);
    expect(out).toMatch(/spec\.id +metadata\.labels\[multicluster\.x-k8s\.io\/inventory-member-id\]/);
    const json = JSON.parse((await run(['explain', 'karmada', '-o', 'json'])).out) as {
      manager: string;
      mapping: object[];
    };
    expect(json).toMatchObject({ manager: 'karmada' });
    expect((await run(['explain', 'karmadda'])).code).toBe(2);
  });
});

describe('several systems in one view', () => {
  const kubeconfig = (name: string, server: string, ca: string): string => {
    const path = join(scratch(), 'kubeconfig');
    const pem = Buffer.from(`-----BEGIN CERTIFICATE-----\n${ca}\n-----END CERTIFICATE-----\n`).toString('base64');
    writeFileSync(
      path,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name, cluster: { server, 'certificate-authority-data': pem } }],
      }),
    );
    return path;
  };

  it('shows a member once that is the same by server and CA', async () => {
    const a = kubeconfig('prod-us', 'https://prod-us.example.com', 'AAAA');
    const b = kubeconfig('us-again', 'https://prod-us.example.com', 'AAAA');
    const c = kubeconfig('other-ca', 'https://prod-us.example.com', 'BBBB');
    const from = [a, b, c].flatMap((file) => ['--from', `kubeconfig:${file}`]);
    const names = async (...flags: string[]): Promise<string[]> =>
      (await run(['list', ...from, ...flags, '-o', 'name'])).out.trim().split('\n');
    expect(await names()).toHaveLength(3);
    expect(await names('--dedupe')).toEqual([
      'clusterprofile.multicluster.x-k8s.io/other-ca',
      'clusterprofile.multicluster.x-k8s.io/prod-us',
    ]);
    expect((await run(['list', ...from, '--dedupe'])).err).toMatch(
      /^note: us-again of kubeconfig is prod-us of kubeconfig$/m,
    );
  });

  it('merges what is in one file with import auto, each under its own manager', async () => {
    const cases = [
      'karmada/pull-lease-lost',
      'argocd/bearer-token',
      'kueue/v1beta1',
      'argocd/config-with-single-quotes',
    ];
    const dump = join(scratch(), 'dump.yaml');
    writeFileSync(dump, cases.map((name) => readFileSync(join(fixtures, name, 'import.yaml'), 'utf8')).join('\n---\n'));
    const { out, err, code } = await run([
      'import',
      'auto',
      '-f',
      dump,
      '-o',
      'jsonpath={range .items[*]}{.spec.clusterManager.name}/{.metadata.name} {end}',
    ]);
    expect(out.trim().split(' ')).toEqual(['karmada/edge-7', 'kueue/legacy-worker', 'argocd/mycluster.example.com']);
    expect(code).toBe(4);
    expect(err.replaceAll(dump, 'FILE')).toBe(
      lines(
        'error: FILE, document 4: Secret argocd/broken: key config: not a JSON object',
        'warning: edge-7: it refers to no Secret, which its CA would be in',
      ),
    );
  });
});
