import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readOwn } from '../../src/object.ts';
import type { ClusterProfile } from '../../src/profile/clusterprofile.ts';
import { makeSafeLine } from '../../src/util/safe-text.ts';
import { fixtures, scratch } from '../support/paths.ts';
import { ca } from '../support/profiles.ts';
import { runQuickly, type Ran } from '../support/run.ts';

/** Whatever an import prints, `validate` finds no error in, by the rules of both versions. */

/**
 * What `--strict` makes an error of although import prints it, and what import has to have said of the very cluster; or why
 * it says nothing.
 */
const strictOnly: Readonly<Record<string, { said: RegExp } | { why: string }>> = {
  CP013: { why: 'nobody asked for a namespace, and whoever applies the output says which' },
  CP018: { why: 'the namespace is the one that was asked for, or that the source keeps its inventory in' },
  CP031: {
    why: "with --compat the label is OCM's own; else it is beside the property, or a claim of the cluster says more",
  },
  CP041: { said: /its version .* is no Kubernetes version/ },
  CP052: { why: 'facts that a source names itself keep their names, and KubeFleet has some under k8s.io' },
  CP055: { said: /property cluster\.clusterset\.k8s\.io has 128 characters or more/ },
  CP057: { said: /property clusterset\.k8s\.io looks like several ClusterSets/ },
  CP084: { said: /is reached without TLS/ },
  CP085: { said: /can be reached from its own machine or cluster only/ },
  CP088: { said: /its CA (?:has no X.509 certificate in block \d+|is not a PEM certificate)$/ },
  CP090: { why: 'a CA runs out on a day, and a file is read the same on all days' },
  CP091: { said: /its server certificate is not verified/ },
  CP122: { said: /its member id is that of \S+ too/ },
  CP126: { said: /its server is that of \S+ too: is it the same cluster\?/ },
  CP131: {
    why: 'a display name is what the source calls a cluster, and two that are called alike are told apart by name',
  },
};

interface Finding {
  id: string;
  severity: string;
  message: string;
  object: string;
}

/** The names that messages of import have for the profiles of an output, by the names that those of validate have. */
function listSubjects(out: string): ReadonlyMap<string, string[]> {
  const profiles = parseAllDocuments(out).map((each) => each.toJS() as ClusterProfile);
  return new Map(
    profiles.map(({ metadata: { name, namespace }, spec }) => {
      const title = namespace === undefined ? name : `${namespace}/${name}`;
      return [`ClusterProfile ${title}`, [name, title, name.replace(/-[0-9a-f]{8}$/, ''), spec.displayName ?? '']];
    }),
  );
}

/** Whether import said something of a cluster; with `-v` it names each. */
const isSaid = (err: string, said: RegExp, names: readonly string[]): boolean =>
  err
    .split('\n')
    .some((line) => said.test(line) && names.some((name) => line.startsWith(`warning: ${makeSafeLine(name)}: `)));

async function findWrong({ out, err }: Ran, subject: string, compat = false): Promise<string[]> {
  if (out.trim() === '') return [];
  const found: string[] = [];
  const subjects = listSubjects(out);
  const isKnown = ({ id, object }: Finding): boolean => {
    const known = readOwn(strictOnly, id);
    return known !== undefined && ('why' in known || isSaid(err, known.said, subjects.get(object) ?? []));
  };
  for (const target of ['v1alpha1', 'v1alpha2'])
    for (const strict of [[], ['--strict']]) {
      const words = ['validate', '-f', '-', '--target', target, '-o', 'json', ...strict];
      const report = JSON.parse((await runQuickly(words, { stdin: out })).out) as Finding[];
      const wrong = report
        .filter(({ severity }) => severity === 'error')
        // With --compat import prints what the system's own controller writes, and warns.
        .filter((finding) => (strict.length === 0 && !compat) || !isKnown(finding));
      found.push(...wrong.map(({ id, message, object }) => `${subject}: ${id} ${object}: ${message}`));
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
        if (!input) continue;
        const flags = readFlags(join(folder, 'flags.txt'));
        const ran = await runQuickly(['import', system, '-f', join(folder, input), '-v', ...flags]);
        expect(await findWrong(ran, `${system}/${name}`, flags.includes('--compat'))).toEqual([]);
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
    'clusterset.k8s.io',
    'cluster.clusterset.k8s.io',
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

const kubefleet = numbered(
  fc.record({
    properties: fc.dictionary(fieldName, words, { maxKeys: 4 }),
    server: url,
    ca: authorityData,
    version: words,
  }),
).map((clusters) =>
  clusters.map(([name, each]) => ({
    apiVersion: 'cluster.kubernetes-fleet.io/v1',
    kind: 'MemberCluster',
    metadata: { name, creationTimestamp: '2026-03-01T10:00:00Z' },
    status: {
      conditions: [{ type: 'Joined', status: 'True', reason: 'Joined', lastTransitionTime: '2026-03-01T10:00:00Z' }],
      properties: Object.fromEntries(
        Object.entries({
          ...each.properties,
          'k8s.io/k8s-version': each.version,
          'k8s.io/cluster-entrypoint': each.server,
          'k8s.io/cluster-certificate-authority-data': each.ca ?? '',
        }).map(([key, value]) => [key, { value }]),
      ),
    },
  })),
);

const generated: [system: string, objects: fc.Arbitrary<object[]>, flags: string[]][] = [
  ['kubeconfig', kubeconfig, []],
  ['argocd', argocd, []],
  ['ocm', ocm, ['--copy-labels']],
  ['karmada', karmada, []],
  ['cluster-api', capi, []],
  ['kubefleet', kubefleet, []],
];

describe('what import prints of generated inputs is accepted by validate', () => {
  it.for(generated)('%s', async ([system, objects, flags]) => {
    const file = join(scratch(), 'input.json');
    await fc.assert(
      fc.asyncProperty(objects, async (input) => {
        writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: input }));
        const ran = await runQuickly(['import', system, '-f', file, '-n', 'shop', '-v', ...flags]);
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
