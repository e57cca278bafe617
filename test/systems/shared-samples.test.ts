import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClusterProfile } from '../../src/profile/clusterprofile.ts';
import { parseDocuments } from '../../src/documents/yaml-in.ts';
import { listSystemNames } from '../../src/systems/index.ts';
import { run } from '../support/run.ts';
import { sharedData } from '../support/paths.ts';

/**
 * The sample objects of every system and the profiles recommended for some of them, read in place. What this tool leaves
 * out on purpose is named here: usage data is not for a ClusterProfile (KEP-4322, "no dynamic data").
 */
const here = existsSync(sharedData);
const reason = 'the shared data is not beside this clone';
if (!here && process.env['CI'] !== 'true') console.warn(`shared-samples.test.ts is skipped: ${reason}`);

const folders: Record<string, string> = { eks: 'aws-eks' };
const samplesOf = (system: string): string[] => {
  const folder = join(sharedData, folders[system] ?? system, 'samples');
  return existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];
};

const usage = /^resources\.kubernetes-fleet\.io\/available-/;

interface Recommended {
  system: string;
  file: string;
  sample: string;
  flags: string[];
}

const clusternet = ['-n', 'clusternet-inventory', '--parent-server', 'https://10.0.0.10:6443'];
const recommended: Recommended[] = [
  {
    system: 'clusternet',
    file: 'recommended-composed-ready-socket.yaml',
    sample: 'composed-ready-socket.yaml',
    flags: clusternet,
  },
  {
    system: 'clusternet',
    file: 'recommended-docs-managedcluster.yaml',
    sample: 'docs-managedcluster.yaml',
    flags: [...clusternet, '--as-of', '2026-03-05T00:00:00Z'],
  },
  {
    system: 'kubestellar',
    file: 'recommended-e2e-wecs.yaml',
    sample: 'e2e-wecs.yaml',
    flags: ['-n', 'kubestellar-inventory', '--copy-labels', '--customization-properties'],
  },
  {
    system: 'kubefleet',
    file: 'recommended-e2e-azure-member.extended.yaml',
    sample: 'e2e-azure-member.yaml',
    flags: ['-n', 'fleet-system', '--copy-labels'],
  },
  { system: 'ocm', file: 'recommended-docs-full.extended.yaml', sample: 'docs-full.yaml', flags: ['--copy-labels'] },
];

const profiles = (text: string, where: string): ClusterProfile[] =>
  (parseDocuments(text, where) as ClusterProfile[]).filter(({ kind }) => kind === 'ClusterProfile');

/** The facts of a profile, in no order; times of conditions are the source's, and compared elsewhere. */
function facts({ metadata, spec, status = {} }: ClusterProfile): object {
  const properties = (status.properties ?? []).filter(({ name }) => !usage.test(name));
  return {
    labels: metadata.labels,
    spec,
    version: status.version,
    properties: Object.fromEntries(properties.map(({ name, value }) => [name, value])),
    conditions: Object.fromEntries(
      (status.conditions ?? []).map(({ type, status: value, reason: why }) => [type, { value, why }]),
    ),
    access: Object.fromEntries((status.accessProviders ?? []).map(({ name, cluster }) => [name, cluster])),
  };
}

describe.skipIf(!here && process.env['CI'] !== 'true')('shared samples', () => {
  it.each(listSystemNames().filter((system) => here && samplesOf(system).length > 0))(
    '%s gives an honest answer to each of its own',
    async (system) => {
      for (const sample of samplesOf(system)) {
        const { out, err, code } = await run(['import', system, '-f', sample, '--on-collision=hash', '-o', 'json']);
        expect([0, 4], `${sample}: ${err}`).toContain(code);
        const { items } = JSON.parse(out) as { items: ClusterProfile[] };
        for (const { spec } of items) expect(spec.clusterManager.name, sample).not.toBe('');
        const again = await run(['import', system, '-f', sample, '--on-collision=hash', '-o', 'json']);
        expect(again.out, `${sample} twice`).toBe(out);
      }
    },
  );

  it.each(recommended)('$system writes at least what $file recommends', async ({ system, file, sample, flags }) => {
    const folder = join(sharedData, system);
    const { out, err } = await run(['import', system, '-f', join(folder, 'samples', sample), ...flags]);
    const ours = new Map(
      profiles(out, 'stdout').map((profile) => [`${profile.metadata.namespace}/${profile.metadata.name}`, profile]),
    );
    const wanted = profiles(readFileSync(join(folder, file), 'utf8'), file);
    expect(wanted.length, err).toBeGreaterThan(0);
    for (const profile of wanted) {
      const own = ours.get(`${profile.metadata.namespace}/${profile.metadata.name}`);
      expect(own, `${profile.metadata.namespace}/${profile.metadata.name} ${err}`).toBeDefined();
      expect(facts(own as ClusterProfile)).toMatchObject(facts(profile));
    }
  });
});
