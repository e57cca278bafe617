import { describe, expect, it } from 'vitest';
import { lint, rules, type Finding } from '../../../src/lint/index.ts';
import { testCases } from '../../../src/lint/report.ts';
import { splitDocuments, locate } from '../../../src/lint/source.ts';
import { formatJunit } from '../../../src/output/findings/junit.ts';
import { formatSarif } from '../../../src/output/findings/sarif.ts';
import { noReason, now, profile, property, yamlOf } from '../../support/profiles.ts';
import { assertXml } from '../../support/text.ts';

async function located(text: string): Promise<Finding[]> {
  const documents = splitDocuments(text, 'fleet.yaml');
  return locate(lint(documents, { now }).findings, documents);
}

describe('reporters', () => {
  const nasty = profile({
    metadata: { name: 'a<b>&"c\'\u0001', labels: { '<&"\u0007>': ']]>' } },
    spec: { '<x>\n': 1 },
    status: { properties: [property('<&\ud800>.k8s.io', 'x')] },
  });

  it('junit: a test case for each object, well-formed whatever the names are', () => {
    const documents = splitDocuments(yamlOf([profile(), nasty]), 'a&b.yaml');
    const result = lint(documents, { now });
    const xml = formatJunit(testCases(result, result.findings));
    assertXml(xml);
    expect(xml).toContain('tests="2" failures="1"');
    expect(xml).toContain('<testcase name="ClusterProfile shop/tokyo" classname="a&amp;b.yaml" file="a&amp;b.yaml"/>');
    expect(xml).toMatch(/<failure type="CP004|<failure type="CP010/);
    assertXml(formatJunit([]));
  });

  it('sarif: what the standard and code scanning require', async () => {
    const findings = await located(yamlOf([nasty, noReason]));
    const log = JSON.parse(formatSarif(findings, rules)) as {
      version: string;
      $schema: string;
      runs: { tool: { driver: { name: string; rules: { id: string }[] } }; results: Record<string, any>[] }[];
    };
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-schema-2.1.0') as string });
    const [run] = log.runs;
    const listed = run!.tool.driver.rules.map(({ id }) => id);
    expect(run!.tool.driver.name).toBe('clusterprofile');
    expect(listed).toEqual(rules.map(({ id }) => id));
    expect(run!.results).toHaveLength(findings.length);
    for (const result of run!.results) {
      expect(listed[result['ruleIndex'] as number]).toBe(result['ruleId']);
      expect(['error', 'warning', 'note']).toContain(result['level']);
      expect(result).toMatchObject({
        message: { text: expect.any(String) as string },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'fleet.yaml' },
              region: { startLine: expect.any(Number) as number },
            },
          },
        ],
      });
    }
    const prints = run!.results.map((result) => JSON.stringify(result['partialFingerprints']));
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('sarif: names files as relative URIs, and objects of a hub without one', () => {
    const [finding] = lint(splitDocuments(yamlOf(noReason), './flotte/größe 1.yaml'), { now }).findings;
    expect(formatSarif([{ ...finding!, line: 3 }], rules)).toContain('"uri": "flotte/gr%C3%B6%C3%9Fe%201.yaml"');
    expect(formatSarif([{ ...finding!, file: 'hub https://hub.example.com' }], rules)).not.toContain(
      'physicalLocation',
    );
  });
});
