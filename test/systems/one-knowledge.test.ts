import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fixtures, scratch } from '../support/paths.ts';
import { ca } from '../support/profiles.ts';
import { runQuickly, type Ran } from '../support/run.ts';

/** Whatever an import prints, `validate` finds no error in, by the rules of both versions. */

/**
 * What `--strict` makes an error of although import prints it: that no namespace was asked for, what the source itself
 * says, and what is risky, which import has to have said (the words of its warning).
 */
const strictOnly = new Map<string, RegExp>([
  ['CP013', /^/],
  ['CP018', /^/],
  ['CP031', /^/],
  ['CP041', /^/],
  ['CP052', /^/],
  ['CP056', /^/],
  ['CP057', /^/],
  ['CP084', /is reached without TLS/],
  ['CP085', /can be reached from its own machine or cluster only/],
  ['CP088', /its CA has no X.509 certificate/],
  ['CP090', /^/],
  ['CP091', /its server certificate is not verified/],
  ['CP122', /^/],
  ['CP126', /^/],
  ['CP131', /^/],
]);

interface Finding {
  id: string;
  severity: string;
  message: string;
}

async function findWrong({ out, err }: Ran, subject: string): Promise<string[]> {
  if (out.trim() === '') return [];
  const found: string[] = [];
  for (const target of ['v1alpha1', 'v1alpha2'])
    for (const strict of [[], ['--strict']]) {
      const words = ['validate', '-f', '-', '--target', target, '-o', 'json', ...strict];
      const report = JSON.parse((await runQuickly(words, { stdin: out })).out) as Finding[];
      const wrong = report
        .filter(({ severity }) => severity === 'error')
        .filter(({ id }) => strict.length === 0 || !(strictOnly.get(id)?.test(err) ?? false));
      found.push(...wrong.map(({ id, message }) => `${subject}: ${id} ${message}`));
    }
  return found;
}

const readFlags = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];

describe('what import prints of the fixtures is accepted by validate', () => {
  for (const system of readdirSync(fixtures))
    it(system, async () => {
      for (const name of readdirSync(join(fixtures, system))) {
        const folder = join(fixtures, system, name);
        const input = readdirSync(folder).find((each) => /^import\.(ya?ml|json)$/.test(each));
        // What OCM itself writes of its proxy is kept as it is, certificate or not.
        if (!input || name.startsWith('cluster-proxy-certificate')) continue;
        const flags = readFlags(join(folder, 'flags.txt'));
        const ran = await runQuickly(['import', system, '-f', join(folder, input), ...flags]);
        expect(await findWrong(ran, `${system}/${name}`)).toEqual([]);
      }
    });
});

const jwt = 'eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJzaG9wOmFnZW50In0.c2lnbmF0dXJl';
const credential = fc.constantFrom(
  jwt,
  `Bearer ${jwt}`,
  'https://admin:hunter22@shop.example.com/healthz',
  'AKIAIOSFODNN7EXAMPLE',
  `ghp_${'a'.repeat(36)}`,
  `glpat-${'b'.repeat(20)}`,
  '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----',
  Buffer.from(`token: ${jwt}`).toString('base64'),
);
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ minLength: 900, maxLength: 3000 }),
  credential,
  credential.map((text) => `could not log in: ${text} was refused`),
  fc.constantFrom('', 'shop', 'true', 'eu-west-1', '2.5', 'a b', 'a,b', 'C:\\path'),
);
const fieldName = fc.oneof(
  fc.constantFrom(
    'token',
    'clientSecret',
    'tokenSecretKey',
    'example.com/api-key',
    'password.example.com',
    'region',
    'Zone',
    'k8s.io/x',
  ),
  fc.stringMatching(/^[a-z][a-z0-9./_-]{0,20}$/),
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.constant('n'.repeat(300)),
);
const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.constantFrom('localhost', 'kubernetes.default.svc', '127.0.0.1', '[::1]', 'kind-control-plane', 'h\\x', 'a b', ''),
);
const scheme = fc.constantFrom('https://', 'https://', 'http://', '', 'HTTPS://', 'socks5://', 'socks5h://', 'ftp://');
const user = fc.constantFrom('', '', '', 'admin@', 'admin:hunter22@');
const rest = fc.oneof(
  fc.constantFrom(
    '',
    ':6443',
    ':443/',
    '/k8s/clusters/c-1',
    '?agentName=a',
    '/?token=x',
    `?a=${jwt}`,
    '#f',
    '?',
    ':99999',
  ),
  fc.constantFrom(`/${jwt}`, '/a@b', '/%zz', '?a=b&sig=c#d', `/${'p'.repeat(2100)}`, '/\u0001', '/a|b'),
  fc.webQueryParameters().map((query) => `?${query}`),
);
const url = fc.oneof(
  fc.tuple(scheme, user, host, rest).map((parts) => parts.join('')),
  fc.constantFrom('https:/a.example', 'https:///a', '-', '::'),
);
const authorityData = fc.constantFrom(
  undefined,
  undefined,
  ca,
  Buffer.from(ca, 'base64').toString(),
  Buffer.from(ca).toString('base64'),
  'DATA+OMITTED',
  '%%%',
  Buffer.from(
    `${Buffer.from(ca, 'base64').toString()}-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n`,
  ).toString('base64'),
);
const condition = (type: string): fc.Arbitrary<object> =>
  fc.record({
    type: fc.constant(type),
    status: fc.constantFrom('True', 'False', 'Unknown', 'Maybe'),
    reason: fc.oneof(words, fc.constant(undefined)),
    message: words,
    lastTransitionTime: fc.constantFrom('2026-03-01T10:00:00Z', '2026-03-01T10:00:00.123+02:00'),
  });
const labels = fc.dictionary(fieldName, words, { maxKeys: 4 });

/** Names of their own, so that nothing collides. */
const numbered = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<[string, T][]> =>
  fc.array(one, { minLength: 20, maxLength: 30 }).map((all) => all.map((each, index) => [`shop-${index}`, each]));

const kubeconfigCluster = fc.record(
  {
    server: url,
    'certificate-authority-data': authorityData,
    'insecure-skip-tls-verify': fc.boolean(),
    'tls-server-name': fc.domain(),
    'proxy-url': url,
    extensions: fc.uniqueArray(fc.record({ name: fieldName, extension: labels }), {
      maxLength: 3,
      selector: ({ name }) => name,
    }),
  },
  { requiredKeys: ['server'] },
);
const kubeconfig = numbered(kubeconfigCluster).map((clusters) => [
  { apiVersion: 'v1', kind: 'Config', clusters: clusters.map(([name, cluster]) => ({ name, cluster })) },
]);

const argocdConfig = fc.record({
  tlsClientConfig: fc.record({ caData: authorityData, insecure: fc.boolean(), serverName: fc.domain() }),
  awsAuthConfig: fc.constantFrom(undefined, { clusterName: 'shop' }),
  proxyUrl: url,
});
const argocd = numbered(fc.record({ server: url, config: argocdConfig, labels, project: words })).map((secrets) =>
  secrets.map(([name, { server, config, labels: own, project }]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace: 'argocd',
      creationTimestamp: '2026-03-01T10:00:00Z',
      labels: { ...own, 'argocd.argoproj.io/secret-type': 'cluster' },
    },
    stringData: { name, server: server || 'x', config: JSON.stringify(config), project },
  })),
);

const claim = fc.record({ name: fieldName, value: words });
const ocm = numbered(
  fc.record({
    claims: fc.array(claim, { maxLength: 6 }),
    labels,
    server: url,
    caBundle: authorityData,
    conditions: fc.tuple(condition('ManagedClusterConditionAvailable'), condition('ManagedClusterJoined')),
    kubernetes: words,
  }),
).map((clusters) =>
  clusters.map(([name, each]) => ({
    apiVersion: 'cluster.open-cluster-management.io/v1',
    kind: 'ManagedCluster',
    metadata: { name, creationTimestamp: '2026-03-01T10:00:00Z', labels: each.labels },
    spec: { hubAcceptsClient: true, managedClusterClientConfigs: [{ url: each.server, caBundle: each.caBundle }] },
    status: { clusterClaims: each.claims, conditions: each.conditions, version: { kubernetes: each.kubernetes } },
  })),
);

const karmada = numbered(
  fc.record({
    server: url,
    proxy: url,
    insecure: fc.boolean(),
    condition: condition('Ready'),
    region: words,
    version: words,
  }),
).map((clusters) =>
  clusters.map(([name, each]) => ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, creationTimestamp: '2026-03-01T10:00:00Z' },
    spec: {
      syncMode: 'Push',
      apiEndpoint: each.server,
      proxyURL: each.proxy,
      insecureSkipTLSVerification: each.insecure,
      region: each.region,
    },
    status: { conditions: [each.condition], kubernetesVersion: each.version },
  })),
);

const capi = numbered(
  fc.record({
    host,
    port: fc.integer({ min: 0, max: 70_000 }),
    failure: words,
    labels,
    condition: condition('ControlPlaneReady'),
  }),
).map((clusters) =>
  clusters.map(([name, each]) => ({
    apiVersion: 'cluster.x-k8s.io/v1beta1',
    kind: 'Cluster',
    metadata: { name, namespace: 'shop', creationTimestamp: '2026-03-01T10:00:00Z', labels: each.labels },
    spec: { controlPlaneEndpoint: { host: each.host, port: each.port } },
    status: { phase: 'Failed', failureMessage: each.failure, conditions: [each.condition] },
  })),
);

const generated: [system: string, objects: fc.Arbitrary<object[]>, flags: string[]][] = [
  ['kubeconfig', kubeconfig, []],
  ['argocd', argocd, []],
  ['ocm', ocm, ['--copy-labels']],
  ['karmada', karmada, []],
  ['cluster-api', capi, []],
];

describe('what import prints of generated inputs is accepted by validate', () => {
  it.for(generated)('%s', async ([system, objects, flags]) => {
    const file = join(scratch(), 'input.json');
    await fc.assert(
      fc.asyncProperty(objects, async (input) => {
        writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: input }));
        const ran = await runQuickly(['import', system, '-f', file, '-n', 'shop', ...flags]);
        expect(await findWrong(ran, system)).toEqual([]);
      }),
      { numRuns: 20, endOnFailure: true, seed: 1747221116 },
    );
  });
});

/** Credentials as they stand in texts of people and programs. */
const hostile = [
  'password=LEAKCANARY',
  'dial https://admin:LEAKCANARY@shop.example.com:6443/healthz: refused',
  'Authorization: Bearer LEAKCANARY0123456789',
  'glpat-LEAKCANARYbbbbbbbbbb was refused',
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzaG9wIn0.LEAKCANARY',
  'https://vault.example.com/v1/hvs.LEAKCANARYaaaaaaaaaaaaaa',
  'kubeconfig-u-abcde:LEAKCANARYabcdefghij',
  `Basic ${Buffer.from('admin:LEAKCANARY').toString('base64')}`,
  '-----BEGIN PRIVATE KEY-----\nLEAKCANARY\n-----END PRIVATE KEY-----',
  'https://shop.example.com/?access_token=LEAKCANARY&a=b',
  'client_secret: LEAKCANARY-1~x',
  'plugin --token LEAKCANARY --password LEAKCANARY failed',
  'Set-Cookie: R_SESS=LEAKCANARY',
  'asked with key=LEAKCANARY01',
];
const canary = /LEAKCANARY|TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ/i;

type Place = (string | number)[];

/** Where the texts of objects are, without what says which kind they are. */
function listTexts(value: unknown, at: Place = []): Place[] {
  if (typeof value === 'string') return /^(?:apiVersion|kind)$/.test(String(at.at(-1))) ? [] : [at];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    listTexts(inner, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A copy with another text in one place, or with another key there. */
function withText(value: unknown, [key, ...rest]: Place, text: string, asKey: boolean): unknown {
  if (key === undefined) return text;
  if (Array.isArray(value))
    return value.map((each, index) => (index === key ? withText(each, rest, text, asKey) : (each as unknown)));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, inner]) => {
      if (name !== key) return [name, inner];
      return asKey && rest.length === 0 ? [text, inner] : [name, withText(inner, rest, text, asKey)];
    }),
  );
}

/** A fixture with a hostile text in one place after the other; a place of a list stands for all of its items. */
function* hostileInputs(documents: unknown[], seen: Set<string>): Generator<[place: string, input: unknown[]]> {
  for (const at of listTexts(documents)) {
    const asKey = /^(?:labels|annotations)$/.test(String(at.at(-2)));
    for (const key of asKey ? [false, true] : [false]) {
      const shape = `${at.map((each) => (typeof each === 'number' ? '' : each)).join('.')}${key ? ' (key)' : ''}`;
      if (seen.has(shape)) continue;
      seen.add(shape);
      // Another pair of them at each place, so that all of them get everywhere over all systems.
      for (const offset of [0, 5])
        yield [shape, withText(documents, at, hostile[(seen.size + offset) % hostile.length] ?? '', key) as unknown[]];
    }
  }
}

const linesWith = (pattern: RegExp, { out, err }: Ran): string[] =>
  `${out}${err}`.split('\n').filter((line) => pattern.test(line));

describe('a credential in any text of a source leaves in no output', () => {
  for (const system of readdirSync(fixtures))
    it(
      system,
      async () => {
        const file = join(scratch(), 'input.json');
        const seen = new Set<string>();
        for (const name of readdirSync(join(fixtures, system))) {
          const folder = join(fixtures, system, name);
          const input = join(folder, 'import.yaml');
          if (!existsSync(input)) continue;
          const documents = parseAllDocuments(readFileSync(input, 'utf8'), { uniqueKeys: false, merge: true });
          const objects = documents.map((document) => document.toJS() as unknown).filter(Boolean);
          const flags = readFlags(join(folder, 'flags.txt'));
          for (const [place, changed] of hostileInputs(objects, seen)) {
            writeFileSync(file, changed.map((each) => JSON.stringify(each)).join('\n'));
            const ran = await runQuickly(['import', system, '-f', file, '-v', ...flags]);
            expect(linesWith(canary, ran), `${name}: ${place}`).toEqual([]);
            const wrong = await findWrong(ran, `${name}: ${place}`);
            expect(wrong.filter((each) => /CP11[0-3]/.test(each))).toEqual([]);
          }
        }
      },
      120_000,
    );
});
