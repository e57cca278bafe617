import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixtures } from '../../support/paths.ts';
import { lines } from '../../support/text.ts';
import { defaultsOf, makeWorld } from './world.ts';

/** Clusters with a warning each: of a server that only its own machine reaches, of none that is checked, of no TLS. */
const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: prod-us
  cluster: {server: "https://127.0.0.1:6443"}
- name: prod-eu
  cluster: {server: "https://prod-eu.example.com", insecure-skip-tls-verify: true}
- name: shop-us
  cluster: {server: "http://shop-us.example.com"}
`;
const near = 'repository/clusterprofile.yaml';
const accepted = defaultsOf('accept:\n  CP085: [dev-*, prod-*]\n  CP091: [fleet/prod-eu]\n');
const importAll = ['import', 'kubeconfig', '-f', 'kubeconfig', '-n', 'fleet'];
const world = makeWorld({ 'repository/kubeconfig': kubeconfig, [near]: accepted });
const plain = makeWorld({ 'repository/kubeconfig': kubeconfig });
const [local, unchecked, open] = [
  'prod-us: its server 127.0.0.1 can be reached from its own machine or cluster only',
  'prod-eu: its server certificate is not verified (insecure-skip-tls-verify)',
  'shop-us: its server is reached without TLS (http)',
] as const;

describe('warnings that are accepted', () => {
  it('of an import are counted, and named with -v', async () => {
    const ran = await world.run([...importAll, '-o', 'name']);
    expect(ran.err).toBe(lines(`warning: ${open}`, '2 warnings accepted (clusterprofile.yaml:3)'));
    expect(ran.code).toBe(0);
    expect((await world.run([...importAll, '-o', 'name', '-v'])).err).toBe(
      lines(
        'note: defaults: --accept CP085=dev-*,CP085=prod-*,CP091=fleet/prod-eu (clusterprofile.yaml:3)',
        `warning: ${open}`,
        `accepted: ${local}`,
        `accepted: ${unchecked}`,
        '2 warnings accepted (clusterprofile.yaml:3)',
      ),
    );
  });

  it('of an import are those that validate has too: a CA without a certificate', async () => {
    const input = join(fixtures, 'kubeconfig', 'token-user-and-ca', 'import.yaml');
    const ran = await plain.run(['import', 'kubeconfig', '-f', input, '-o', 'name', '--accept', 'CP088']);
    expect({ err: ran.err, code: ran.code }).toEqual({ err: '1 warning accepted (--accept)\n', code: 0 });
  });

  it('of an import are none with --strict', async () => {
    const strict = [...importAll, '-o', 'name', '--strict', '--exclude', 'shop-*'];
    expect((await world.run(strict)).code).toBe(0);
    expect((await plain.run(strict)).code).toBe(4);
  });

  it('of validate are counted, also with --strict, and are in no format', async () => {
    const { out } = await plain.run(importAll);
    world.write('repository/fleet.yaml', out);
    const check = ['validate', '-f', 'fleet.yaml', '--strict'];
    const found = await world.run([...check, '-o', 'json']);
    expect((JSON.parse(found.out) as { id: string }[]).map(({ id }) => id)).toEqual(['CP084']);
    expect((await world.run(check)).err).toMatch(
      /^1 error in 3 ClusterProfiles \(\d+ notes not shown, -v shows them\)\n2 warnings accepted \(clusterprofile\.yaml:3\)\n$/,
    );
    const all = await world.run([...check, '--accept', 'CP084,CP085', '--accept', 'CP091']);
    expect(all).toEqual({ out: '', err: expect.stringMatching(/\n3 warnings accepted \(--accept\)\n$/), code: 0 });
    expect((await world.run([...check, '-v'])).err).toMatch(
      /^accepted: fleet\.yaml:\d+:\d+: error CP085: the host of server is .* \(fleet\/prod-us .*\)$/m,
    );
  });

  it('of an export are counted', async () => {
    const { out } = await plain.run(importAll);
    world.write('repository/fleet.yaml', out);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'login', interactiveMode: 'Never' };
    world.write('repository/providers.json', JSON.stringify({ providers: [{ name: 'kubeconfig', execConfig: exec }] }));
    const words = ['export', 'kubeconfig', '-f', 'fleet.yaml', '--allow-insecure', '--provider-file', 'providers.json'];
    const labels = 'note: kubeconfig does not carry labels: fleet/prod-eu, fleet/prod-us, fleet/shop-us';
    expect((await world.run(words)).err).toBe(
      lines(`warning: fleet/${open}`, labels, '2 warnings accepted (clusterprofile.yaml:3)'),
    );
    const { err, code } = await world.run([...words, '--accept', 'CP084', '--accept', 'CP091', '-v']);
    expect({ err, code }).toEqual({
      err: lines(
        `warning: fleet/${local}`,
        labels,
        `accepted: fleet/${unchecked}`,
        `accepted: fleet/${open}`,
        '2 warnings accepted (--accept)',
      ),
      code: 0,
    });
  });

  it('are no errors', async () => {
    const broken = `apiVersion: multicluster.x-k8s.io/v1alpha1\nkind: ClusterProfile\nmetadata: {name: Tokyo, namespace: fleet}\nspec: {clusterManager: {name: web}}\n`;
    plain.write('repository/broken.yaml', broken);
    const ran = await plain.run(['validate', '-f', 'broken.yaml', '--accept', 'CP010', '--accept', 'CP023']);
    expect(ran.out).toMatch(/ error CP010: /);
    expect(ran.err).toMatch(/\n1 warning accepted \(--accept\)\n$/);
    expect(ran.code).toBe(1);
  });

  it('are of rules that there are', async () => {
    world.write(near, defaultsOf('accept: {CP85: [prod-*]}\n'));
    const message = lines('error: clusterprofile.yaml:3: there is no rule "CP85"', 'hint: did you mean CP085?');
    for (const words of [importAll, ['validate', '-f', 'kubeconfig'], ['config', 'view']])
      expect(await world.run(words)).toEqual({ out: '', err: message, code: 2 });
    world.write(near, defaultsOf('accept:\n  CP085: []\n'));
    expect(await world.run(importAll)).toEqual({
      out: '',
      err: 'error: clusterprofile.yaml:4: CP085 must be a list of names, in which * and ? stand for others\n',
      code: 2,
    });
  });
});
