import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { findField, listFields } from '../../../src/commands/explain/field.ts';
import { checkKnowledge } from '../../../src/doctor/knowledge.ts';
import { loadAllRules } from '../../../src/lint/catalogue.ts';
import type { Example } from '../../../src/lint/knowledge/example.ts';
import { ruleKnowledge } from '../../../src/lint/knowledge/index.ts';
import { listSystems, listWords } from '../../../src/systems/index.ts';
import { yamlOfExample } from '../../lint/examples.ts';
import { root } from '../../support/paths.ts';
import { profile, yamlOf } from '../../support/profiles.ts';
import { run } from '../../support/run.ts';
import { lines } from '../../support/text.ts';

const explain = async (...words: string[]): ReturnType<typeof run> => run(['explain', ...words]);

describe('explain a rule', () => {
  it('says what it is, why, where from, with examples, and how it is left out', async () => {
    const { out, code } = await explain('CP085');
    expect(code).toBe(0);
    expect(out).toMatch(/^CP085 \(warning\): server and proxy can be reached from elsewhere\n\nWHY:\n {4}\S/);
    expect(out).toContain('\nFOUND IN:\n    status:\n');
    expect(out).toContain('server: https://127.0.0.1:6443\n\nNOT IN:\n');
    expect(out).toContain('    the comment # clusterprofile:ignore CP085 in its YAML document\n');
    expect((await explain('cp085')).out).toBe(out);
  });

  it('has text and JSON for all of them, and no comment for JSON files', async () => {
    for (const { id, title } of await loadAllRules()) {
      const json = JSON.parse((await explain(id, '-o', 'json')).out) as object;
      expect(json).toMatchObject({
        id,
        title,
        why: expect.any(String) as string,
        source: expect.any(String) as string,
      });
    }
    expect((await explain('PF007')).out).toMatch(/LEFT OUT BY:\n {4}validate --ignore PF007\n$/);
    expect((await explain('CP029')).out).toContain('FOUND IN (with --against what it was):');
    expect((await explain('CF003')).out).toContain(
      'FOUND IN (with --for a consumer that looks for ControlPlaneHealthy):',
    );
  });

  it('shows examples that are YAML', async () => {
    const { out } = await explain('CP120');
    const [, bad = ''] = /FOUND IN:\n([\s\S]*?)\n\nNOT IN/.exec(out) ?? [];
    expect([...parseAllDocuments(bad.replaceAll(/^ {4}/gm, ''))].flatMap(({ errors }) => errors)).toEqual([]);
  });

  it.each([
    ['CF001', 'argocd'],
    ['CF002', 'argocd'],
    ['CF003', 'multicluster-runtime'],
    ['CF004', 'multicluster-runtime'],
  ])('%s: %s finds the bad example, and nothing in the good one', async (id, consumer) => {
    const { bad = '', good = '' } = ruleKnowledge[id] ?? {};
    const isFound = async (example: Example): Promise<boolean> => {
      const words = ['validate', '-f', '-', '--for', consumer, '-v'];
      return (await run(words, { stdin: yamlOfExample(example) })).out.includes(` ${id}: `);
    };
    expect({ bad: await isFound(bad), good: await isFound(good) }).toEqual({ bad: true, good: false });
  });

  it('lists them', async () => {
    const all = await loadAllRules();
    const { out } = await explain('rules');
    expect(
      out
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(' ')[0]),
    ).toEqual(all.map(({ id }) => id));
    expect(JSON.parse((await explain('rules', '-o', 'json')).out)).toHaveLength(all.length);
  });

  it('is part of SARIF', async () => {
    const { out } = await run(['validate', '-f', '-', '-o', 'sarif', '--for', 'kueue'], { stdin: yamlOf(profile()) });
    const sarif = JSON.parse(out) as { runs: { tool: { driver: { rules: { fullDescription?: object }[] } } }[] };
    const rules = sarif.runs[0]?.tool.driver.rules ?? [];
    expect(rules.length).toBeGreaterThan(100);
    expect(rules.filter(({ fullDescription }) => fullDescription === undefined)).toEqual([]);
  });
});

describe('explain a field', () => {
  it('as kubectl does', async () => {
    const { out } = await explain('status.accessProviders.cluster.server');
    expect(out).toBe(
      'GROUP:      multicluster.x-k8s.io\nKIND:       ClusterProfile\nVERSION:    v1alpha1\n\nFIELD: server <string> -required-\n\nDESCRIPTION:\n    URL of the API server.\n',
    );
    expect((await explain('.status.accessProviders[0].cluster.server')).out).toBe(out);
    expect((await explain('clusterprofiles.status.accessProviders.cluster.server')).out).toBe(out);
    const conditions = await explain('status.conditions');
    expect(conditions.out).toContain('FIELD: conditions <[]Object>\n');
    expect(conditions.out).toContain('\n  reason\t<string> -required-\n    Why the status is');
    expect((await explain('decisions.clusterProfileRef')).out).toContain('KIND:       PlacementDecision\n');
    expect(JSON.parse((await explain('status.conditions.status', '-o', 'json')).out)).toMatchObject({
      name: 'status',
      required: true,
      limits: ['one of True, False, Unknown'],
    });
  });

  it('finds all that it lists, and none has the name of a system', () => {
    expect(listFields().filter((path) => !findField(path))).toEqual([]);
    const words = listSystems().flatMap(([name]) => listWords(name));
    expect(words.filter((word) => findField(word))).toEqual([]);
  });
});

describe('explain', () => {
  it('says what there is, also near a name that is mistyped', async () => {
    const { out } = await explain();
    expect(out).toContain('explain rules, explain CP085\n');
    expect(out).toContain('explain clusterprofile, explain status.conditions\n');
    for (const [word, near] of [
      ['karmadda', 'karmada'],
      ['CP085x', 'CP085'],
      ['status.condition', 'status.conditions'],
    ] as const)
      expect(await explain(word)).toMatchObject({
        code: 2,
        err: `error: no system to import from, rule or field ${JSON.stringify(word)}\nhint: did you mean ${near}?\n`,
      });
  });

  it('fits a terminal, and is the same for programs however wide that is', async () => {
    const shown = async (name: string, columns: string): Promise<string> =>
      (await run(['explain', name], { terminal: true, env: { COLUMNS: columns } })).out;
    const piped = (await run(['explain', 'gke'], { env: { COLUMNS: '80' } })).out;
    expect(await shown('gke', '300')).toBe(piped);
    expect(piped).toMatch(/^SOURCE +CLUSTERPROFILE +NOTE$/m);
    const narrow = await shown('gke', '80');
    expect(narrow).toContain(
      lines(
        '',
        'metadata.name, spec.displayName',
        '    from memberships[].name',
        '    <id>-<location>, as GKE itself names them',
        '',
      ),
    );
    for (const name of ['CP085', 'DR005', 'spec', 'status.conditions', 'karmada']) {
      const text = await shown(name, '90');
      // A word may be longer than a line.
      const tooWide = text
        .split('\n')
        .filter((line) => line.length > 90 && /^ *\S+ /.test(line) && !/^\S+ \(/.test(line));
      expect(tooWide, name).toEqual([]);
    }
    expect(await shown('CP085', '60')).toContain(
      '\nWHY:\n    The address means another machine, or none, for each\n    consumer: ',
    );
  });

  it('is completed', async () => {
    const complete = async (...words: string[]): Promise<string[]> =>
      (await run(['__complete', '--', ...words])).out.split('\n').map((line) => line.split('\t')[0] ?? '');
    expect(await complete('explain', 'CP08')).toContain('CP085');
    expect(await complete('explain', 'status.cond')).toContain('status.conditions.reason');
    expect(await complete('explain', 'karm')).toContain('karmada');
    expect(await complete('explain', 'CP085', '')).toEqual([':4', '']);
    expect(await complete('validate', '--ignore', 'PF')).toContain('PF007');
  });
});

describe('explain a check of the doctor', () => {
  const folder = join(root, 'src', 'doctor');
  const made = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/createChecker\('(DR\d+)'/g)].map(([, id]) => id),
  );
  const command = readFileSync(join(root, 'src', 'commands', 'fleet', 'doctor.ts'), 'utf8');
  const ids = [...made, ...(command.match(/DR\d+/g) ?? [])];

  it('knows all of them, and no others', () => {
    expect(new Set(ids)).toEqual(new Set(Object.keys(checkKnowledge)));
  });

  it('says why, and how to mend it', async () => {
    for (const [id, { title, why, mend }] of Object.entries(checkKnowledge)) {
      const text = `${id} (doctor): ${title}\n\nWHY:\n    ${why}\n\nMENDED BY:\n    ${mend}\n`;
      expect(await explain(id.toLowerCase())).toEqual({ code: 0, out: text, err: '' });
      expect(JSON.parse((await explain(id, '-o', 'json')).out)).toEqual({ id, title, why, mend });
    }
  });
});
