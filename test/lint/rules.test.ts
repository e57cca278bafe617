import { array, assert, constantFrom, jsonValue, oneof, property as given, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lint, rules, type Finding, type LintOptions } from '../../src/lint/index.ts';
import { buildJsonReport, formatLine, summarise, testCases } from '../../src/lint/report.ts';
import { splitDocuments, locate } from '../../src/lint/source.ts';
import { formatJunit } from '../../src/output/findings/junit.ts';
import { formatSarif } from '../../src/output/findings/sarif.ts';
import { decision, ocmDecision, slice } from '../support/placements.ts';
import { ruleCases, type Found, type RuleCase } from './cases.ts';
import {
  condition,
  jwt,
  now,
  oslo,
  privateKey,
  profile,
  property,
  provider,
  yamlOf,
  type Source,
} from '../support/profiles.ts';
import { cpuTimeOf } from '../support/cpu.ts';

const check = (text: string, options: Partial<LintOptions> = {}): Finding[] =>
  lint(splitDocuments(text, 'fleet.yaml'), { now, ...options }).findings;

const idsOf = (findings: readonly Finding[]): string[] => [...new Set(findings.map(({ id }) => id))].toSorted();

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const errorsOf = (objects: Record<string, unknown>[]): string[] =>
  check(yamlOf(objects))
    .filter(({ severity }) => severity === 'error')
    .map(({ id, path, object }) => `${id} ${path} ${object}`)
    .toSorted();

describe('rules', () => {
  it('find nothing in clean profiles', () => {
    expect(check(yamlOf([profile(), oslo()]))).toEqual([]);
  });

  const foundBy = ({ id, options }: RuleCase, source: Source): Found[] =>
    check(yamlOf(source), options)
      .filter((finding) => finding.id === id)
      .map(({ document, severity, path, message, hint }) => ({
        document,
        severity,
        path,
        message,
        ...(hint !== undefined && { hint }),
      }));

  it.each(ruleCases)('$title', (ruleCase) => {
    expect(ruleCase.finds).not.toEqual([]);
    expect(foundBy(ruleCase, ruleCase.bad)).toEqual(ruleCase.finds);
    expect(foundBy(ruleCase, ruleCase.good)).toEqual([]);
  });

  it('have each a file of cases, and there is no other', () => {
    expect([...new Set(ruleCases.map(({ id }) => id))]).toEqual(rules.map(({ id }) => id).toSorted());
  });

  it('have an id each, in the order of the list', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(ids.filter((id) => !/^(?:CP|PD)\d{3}$/.test(id))).toEqual([]);
  });

  it('report one problem once', () => {
    for (const { title, bad, options } of ruleCases) {
      const places = check(yamlOf(bad), options).map((finding) => `${finding.id} ${finding.document} ${finding.path}`);
      expect({ title, places }).toEqual({ title, places: [...new Set(places)] });
    }
  });

  it('never throw, whatever the objects are', () => {
    const keys = ['apiVersion', 'kind', 'metadata', 'spec', 'status'] as const;
    const [base, decided] = [profile(), { ...slice('web', 0, ['tokyo']), schedulerName: 'shop' }];
    const places = (value: unknown, at: (string | number)[] = []): (string | number)[][] =>
      typeof value === 'object' && value !== null
        ? [
            at,
            ...Object.entries(value).flatMap(([key, inner]) =>
              places(inner, [...at, Array.isArray(value) ? Number(key) : key]),
            ),
          ]
        : [at];
    const replaced = (value: unknown, [key, ...rest]: (string | number)[], by: unknown): unknown => {
      if (key === undefined) return by;
      const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
        ? [...(value as unknown[])]
        : { ...(value as Record<string, unknown>) };
      Object.assign(copy, { [key]: replaced((value as Record<string | number, unknown>)[key], rest, by) });
      return copy;
    };
    const mutated = oneof(
      ...[base, decided].map((object) =>
        tuple(constantFrom(...places(object)), jsonValue()).map(([at, by]) => replaced(object, at, by)),
      ),
    );
    const loose = record(Object.fromEntries(keys.map((key) => [key, jsonValue()])), { requiredKeys: [] }).map(
      (object) => ({ ...base, ...object }),
    );
    const anything = oneof(jsonValue(), mutated, mutated, loose);
    assert(
      given(
        array(anything, { maxLength: 4 }),
        constantFrom('v1alpha1' as const, 'v1alpha2' as const),
        (objects, target) => {
          const documents = objects.map((object, index) => ({ file: 'f', document: index + 1, object }));
          const result = lint(documents, { now, target, against: objects });
          for (const { id, path } of result.findings) expect(`${id} ${path}`).toMatch(/^(CP|PD)\d{3} [.[]/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('take no long time for any text', () => {
    const size = 500_000;
    const parts = [
      '\n',
      ' ',
      'eyJ-',
      '-----BEGIN A',
      'bearer ',
      'token: ',
      '{"',
      'A',
      'a.',
      '=',
      '%',
      'ghp_',
      '\t"token"',
    ];
    const objects = parts.flatMap((part) => {
      const text = `${part.repeat(size / part.length)}!`;
      return [
        profile({ spec: { displayName: text, clusterManager: { name: text } } }),
        profile({
          metadata: { name: text, annotations: { [text]: text } },
          status: {
            accessProviders: [provider(text, { server: `https://${text}`, 'certificate-authority-data': text })],
          },
        }),
      ];
    });
    const documents = objects.map((object, index) => ({ file: 'f', document: index + 1, object }));
    expect(cpuTimeOf(() => lint(documents, { now }))).toBeLessThan(15_000);
  });

  it('find the same in any order of the input', () => {
    const objects = [
      profile(),
      oslo({ spec: { clusterManager: { name: '' } } }),
      profile({ metadata: { name: 'Kyoto' } }),
    ];
    expect(errorsOf(objects.toReversed())).toEqual(errorsOf(objects));
  });
});

describe('objects of others', () => {
  it('are skipped, and told from ours by API group', () => {
    const sveltos = { ...profile(), apiVersion: 'config.projectsveltos.io/v1beta1' };
    const result = lint(
      splitDocuments(
        yamlOf([sveltos, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }, profile()]),
        'fleet.yaml',
      ),
      { now },
    );
    expect(result.findings).toEqual([]);
    expect(result.skipped.map(({ document }) => document)).toEqual([1, 2]);
    expect(result.checked.map(({ document }) => document)).toEqual([3]);
  });

  it('may be PlacementDecisions of Open Cluster Management, while those of this API are checked', () => {
    const result = lint(
      splitDocuments(yamlOf([profile(), ocmDecision('web'), decision('web', ['tokyo'])]), 'fleet.yaml'),
      {
        now,
      },
    );
    expect(result).toMatchObject({ findings: [], placements: 1 });
    expect(result.skipped.map(({ document }) => document)).toEqual([2]);
    expect(summarise({ ...result, ignored: 0 }, [])).toBe('1 ClusterProfile, 1 PlacementDecision valid');
  });

  it('are taken out of a List', () => {
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'ConfigMap' }, profile({ spec: { clusterManager: { name: null } } })],
    };
    expect(check(yamlOf(list))).toMatchObject([{ id: 'CP020', document: 1, item: 2 }]);
  });
});

/** An example as the documents print it: as short as they are. */
const example = (status: string, labels = '  labels:\n    x-k8s.io/cluster-manager: some-cluster-manager\n'): string =>
  `apiVersion: multicluster.x-k8s.io/v1alpha1
kind: ClusterProfile
metadata:
  name: some-cluster-name
  namespace: fleet
${labels}spec:
  displayName: some-cluster
  clusterManager:
    name: some-cluster-manager
status:
${status}`;

describe('known objects', () => {
  it('the example of KEP-4322 is not valid', () => {
    const kep = example(`  version:
    kubernetes: 1.28.0
  properties:
  - name: clusterset.k8s.io
    value: some-clusterset
  - name: location
    value: apac
  conditions:
  - type: ControlPlaneHealthy
    status: True
    lastTransitionTime: "2023-05-08T07:56:55Z"
    message: ""
  - type: Joined
    status: True
    lastTransitionTime: "2023-05-08T07:58:55Z"
    message: ""
`);
    const found = check(kep);
    expect(idsOf(found.filter(({ severity }) => severity === 'error'))).toEqual(['CP006', 'CP071']);
    expect(idsOf(found)).toContain('CP053');
  });

  it('its example of additional-args cannot be stored', () => {
    const args = `  accessProviders:
  - name: spire-agent
    cluster:
      server: https://spire.example.com
      extensions:
      - name: clusterprofiles.multicluster.x-k8s.io/exec/additional-args
        extension:
        - --spiffe-id=spiffe://example.com/tokyo
`;
    const found = check(example(args)).filter(({ severity }) => severity === 'error');
    expect(found).toMatchObject([
      {
        id: 'CP096',
        hint: 'KEP-4322 defines additional-args as a list, but the CRD takes objects only: put the arguments into the provider file of the consumer',
      },
    ]);
  });

  it('its GKE example, and the profile that the Argo CD guide makes by hand, have no manager label', () => {
    const google = `  accessProviders:
  - name: google
    cluster:
      server: https://connectgateway.example.com/v1/projects/1/locations/eu/memberships/x
`;
    expect(idsOf(check(example(google, '')))).toContain('CP023');
    expect(idsOf(check(example(google, '')))).not.toContain('CP104');
    expect(
      idsOf(check(yamlOf(profile({ metadata: { labels: undefined }, spec: { clusterManager: { name: 'manual' } } })))),
    ).toEqual(['CP023', 'CP026']);
  });

  it('the example of the SIG site has a placeholder for its CA', () => {
    const site = yamlOf(
      profile({
        status: {
          properties: [property('clusterset.k8s.io', 'some-clusterset'), property('location', 'apac')],
          accessProviders: [
            provider('google', { 'certificate-authority-data': Buffer.from('<ca>').toString('base64') }),
          ],
        },
      }),
    );
    expect(idsOf(check(site))).toEqual(['CP053', 'CP056', 'CP088']);
  });

  it('a dump of an old CRD may have duplicates, and Go clients write null and an empty server', () => {
    const dump = profile({ status: { properties: [property('a.example.com', 'x'), property('a.example.com', 'x')] } });
    expect(idsOf(check(yamlOf(dump)))).toEqual(['CP050']);
    const go = profile({
      status: { conditions: null, accessProviders: [{ name: 'google', cluster: { server: '' } }] },
    });
    expect(idsOf(check(yamlOf(go)))).toEqual(['CP073', 'CP082']);
  });
});

const hintsOf = (patch: Record<string, unknown>): (string | undefined)[] =>
  check(yamlOf(profile(patch))).map(({ hint }) => hint);

describe('fixes', () => {
  it.each([
    [{ spec: { displayname: 'x' } }, 'did you mean displayName?'],
    [{ spec: { clusterSet: 'x' } }, 'the ClusterSet is the property clusterset.k8s.io in .status.properties'],
    [{ status: { clusterManager: {} } }, 'did you mean .spec.clusterManager?'],
    [{ metadata: { label: {} } }, 'did you mean labels?'],
    [
      { status: { accessProviders: [provider('google', { certificateAuthorityData: '' })] } },
      'did you mean certificate-authority-data?',
    ],
  ])('%#', (patch, hint) => {
    expect(hintsOf(patch)).toContain(hint);
  });

  it('shows how a version was written', async () => {
    const text = yamlOf(profile()).replace('kubernetes: v1.34.2', 'kubernetes: 1.30');
    const documents = splitDocuments(text, 'fleet.yaml');
    const [finding] = await locate(lint(documents, { now }).findings, documents);
    expect(finding).toMatchObject({ id: 'CP006', hint: 'write "1.30", with the quotes' });
  });
});

describe('credentials', () => {
  const canary = 'LEAKCANARY';
  const hidden = [canary, ...[0, 1, 2].map((shift) => base64(' '.repeat(shift) + canary.repeat(2)).slice(4, 16))];
  const keyWithCanary = privateKey.replace('-----\n', `-----\n${canary}${canary}\n`);
  const leaky = profile({
    metadata: {
      annotations: {
        [jwt]: 'x',
        note: jwt,
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
          token: canary,
          spec: { displayName: jwt },
        }),
        password: `${canary}\u0000`,
      },
      labels: { [`a ${jwt}`]: canary.repeat(9), token: `${canary} ${canary}` },
      [jwt]: 'unknown',
    },
    spec: {
      displayName: `Bearer ${canary.repeat(3)}\u0007`,
      [jwt]: { token: canary },
      clusterManager: { name: jwt, token: canary },
    },
    status: {
      version: { kubernetes: jwt },
      properties: [
        property(jwt, 'x'),
        property('token', canary.repeat(200)),
        property('cluster.clusterset.k8s.io', jwt),
        property('client-secret', { value: canary }),
        property('password', canary, { lastObservedTime: canary }),
      ],
      conditions: [{ type: jwt, status: jwt, reason: jwt, message: jwt, lastTransitionTime: jwt, token: canary }],
      accessProviders: [
        provider(jwt, { server: `https://me:${canary}@tokyo.example.com`, 'proxy-url': `ftp://me:${canary}@proxy` }),
        provider('google', {
          server: `me:${canary}@tokyo`,
          'certificate-authority-data': base64(keyWithCanary),
          token: canary,
        }),
        provider('eks', {
          server: `https://tokyo.example.com?token=${canary}`,
          'certificate-authority-data': keyWithCanary,
          user: { 'client-key-data': canary, password: canary },
        }),
        provider('aks', {
          extensions: [
            { name: jwt, extension: { password: canary, [jwt]: 1, deep: [jwt, { secret: canary }] } },
            { name: 'x', extension: jwt },
          ],
        }),
      ],
    },
  });

  /** A token that is a legal name, label value and condition type. */
  const legal = `glpat-${canary}${'a'.repeat(20)}`;
  const named = (name: string, manager: string): Record<string, unknown> =>
    profile({
      metadata: { name, namespace: legal, labels: { 'x-k8s.io/cluster-manager': undefined, [legal]: legal } },
      spec: { displayName: legal, clusterManager: { name: manager }, [legal]: 1 },
      status: {
        version: { kubernetes: legal },
        properties: [
          property(legal, legal),
          property('clusterset.k8s.io', legal),
          property('cluster.clusterset.k8s.io', legal),
        ],
        conditions: [condition(legal, { status: legal, reason: legal, [legal]: 1 })],
        accessProviders: [
          provider(legal, { server: `https://${legal}`, extensions: [{ name: legal, extension: { [legal]: 1 } }] }),
        ],
        credentialProviders: [provider(`${legal}b`)],
      },
    });

  const leakyDecisions = [
    profile({ metadata: { namespace: legal, labels: { 'multicluster.x-k8s.io/inventory-member-id': legal } } }),
    ...[0, 7].map((index) => ({
      ...slice(legal, index, [legal, `${legal}/${legal}`, `${legal}/tokyo`]),
      schedulerName: `${legal}${index}`,
      [legal]: { token: canary },
      status: { password: canary },
    })),
    { ...decision(jwt, [{ name: jwt, namespace: jwt, [jwt]: canary, token: canary }, jwt], { [jwt]: canary }) },
    { ...decision('x', []), decisions: [jwt, { [jwt]: canary, clusterProfileRef: canary }], schedulerName: { canary } },
  ];

  it('never show in any output', async () => {
    const texts = [
      yamlOf([named(legal, legal), named('x', legal), named(legal, 'depot'), { ...named('y', legal), kind: legal }]),
      yamlOf(leakyDecisions),
      yamlOf([leaky, leaky, { ...leaky, apiVersion: 'multicluster.x-k8s.io/v1alpha2' }]),
      JSON.stringify(leaky),
      JSON.stringify(leaky).replace('{', `{"token":"${canary}","token":"${canary}",`),
      `${yamlOf(leaky)}\n  token: ${canary}\n "${canary}`,
      `token: ${canary}\ntoken: ${canary}\n---\n*${canary}\n---\n!<${canary}> x\n---\n"${canary}\n---\n${canary}\n---\n- ${canary}\n`,
    ];
    for (const text of texts) {
      const documents = splitDocuments(text, 'fleet.yaml');
      const result = lint(documents, {
        now,
        against: [
          {
            ...leaky,
            metadata: {
              name: 'tokyo',
              namespace: 'shop',
              labels: { 'multicluster.x-k8s.io/inventory-member-id': jwt },
            },
            spec: { clusterManager: { name: jwt } },
          },
        ],
      });
      const findings = await locate(result.findings, documents);
      expect(findings.length).toBeGreaterThan(0);
      const outputs = [
        findings.map(formatLine).join('\n'),
        summarise({ ...result, ignored: 0 }, findings),
        buildJsonReport(findings),
        formatJunit(testCases(result, findings)),
        formatSarif(findings, rules),
      ];
      for (const output of outputs)
        for (const secret of [...hidden, jwt.slice(0, 30)]) expect(output).not.toContain(secret);
    }
  });
});
