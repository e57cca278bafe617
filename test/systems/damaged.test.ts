import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byText } from '../../src/util/text.ts';
import { run } from '../support/run.ts';
import { scratch } from '../support/paths.ts';
import { writeProviders } from '../support/written.ts';

type Kubernetes = { apiVersion: string; kind: string; metadata: object } & Record<string, unknown>;

/** Clusters as their systems write them: enough to be read. */
const systems: Record<string, (name: string) => Kubernetes> = {
  'cluster-api': (name) => ({
    apiVersion: 'cluster.x-k8s.io/v1beta1',
    kind: 'Cluster',
    metadata: { name, namespace: 'shop' },
    spec: { controlPlaneEndpoint: { host: `${name}.example.test`, port: 6443 } },
  }),
  karmada: (name) => ({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name }, spec: {} }),
  kubefleet: (name) => ({
    apiVersion: 'cluster.kubernetes-fleet.io/v1',
    kind: 'MemberCluster',
    metadata: { name },
    spec: {},
  }),
  ocm: (name) => ({
    apiVersion: 'cluster.open-cluster-management.io/v1',
    kind: 'ManagedCluster',
    metadata: { name },
    spec: { hubAcceptsClient: true },
  }),
  sveltos: (name) => ({
    apiVersion: 'lib.projectsveltos.io/v1beta1',
    kind: 'SveltosCluster',
    metadata: { name, namespace: 'shop' },
    spec: {},
  }),
  eks: (name) => ({
    apiVersion: 'eks.services.k8s.aws/v1alpha1',
    kind: 'Cluster',
    metadata: { name, namespace: 'shop' },
    spec: { name },
  }),
  kubevela: (name) => ({
    apiVersion: 'cluster.core.oam.dev/v1alpha1',
    kind: 'ClusterGateway',
    metadata: { name },
    spec: { access: { endpoint: { type: 'Const', const: { address: `https://${name}.example.test` } } } },
  }),
  kubeconfig: (name) =>
    ({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server: `https://${name}.example.test` } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      users: [{ name, user: {} }],
    }) as unknown as Kubernetes,
};

const secretOf = (name: string, labels: object, stringData: object): Kubernetes => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'shop', labels },
  stringData,
});

/** Systems that know their Secrets by a label. */
const marked: Record<string, (name: string) => Kubernetes> = {
  argocd: (name) =>
    secretOf(
      name,
      { 'argocd.argoproj.io/secret-type': 'cluster' },
      { name, server: `https://${name}.example.test`, config: '{}' },
    ),
  istio: (name) =>
    secretOf(
      `istio-remote-secret-${name}`,
      { 'istio/multiCluster': 'true' },
      { [name]: json(systems['kubeconfig']!(name)) },
    ),
  kubevela: (name) =>
    secretOf(
      name,
      { 'cluster.core.oam.dev/cluster-credential-type': 'ServiceAccountToken' },
      { endpoint: `https://${name}.example.test`, token: 'LEAKCANARY' },
    ),
};

const withoutLabels = (object: Kubernetes): Kubernetes => ({
  ...object,
  metadata: { ...object.metadata, labels: undefined },
});

/** What becomes of such a Secret. */
const lostMarks: Record<string, (object: Kubernetes) => object> = {
  'its labels are gone': withoutLabels,
  'its name is gone': (object) => ({ ...object, metadata: { ...object.metadata, name: undefined } }),
  'its name is a number': (object) => ({ ...object, metadata: { ...object.metadata, name: 5 } }),
  'its namespace is a map': (object) => ({ ...object, metadata: { ...object.metadata, namespace: {} } }),
  'its values are encrypted': (object) => ({ ...object, sops: { mac: 'ENC[]', version: '3.9.0' } }),
  'its kind is in lower case': (object) => ({ ...object, kind: 'secret' }),
  'its version is another': (object) => ({ ...object, apiVersion: 'v2' }),
  'its metadata is all': ({ metadata }) => ({
    apiVersion: 'meta.k8s.io/v1',
    kind: 'PartialObjectMetadata',
    metadata,
  }),
  'an ExternalSecret makes it': ({ metadata }) => ({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'x' },
    spec: { target: { template: { metadata } } },
  }),
  'a SealedSecret makes it': ({ metadata }) => ({
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { name: 'x' },
    spec: { template: { metadata } },
  }),
  'a VaultStaticSecret makes it': ({ metadata }) => ({
    apiVersion: 'secrets.hashicorp.com/v1beta1',
    kind: 'VaultStaticSecret',
    metadata: { name: 'x' },
    spec: { destination: { create: true, labels: (metadata as { labels: object }).labels } },
  }),
};

/** A file of the input, damaged: its name and its bytes. */
type Damage = (object: Kubernetes, file: string) => [file: string, content: string | Buffer];

const json = (object: unknown): string => JSON.stringify(object, undefined, 2);
const listOf = (...items: unknown[]): object => ({ apiVersion: 'v1', kind: 'List', items });
const groupOf = ({ apiVersion }: Kubernetes): string =>
  apiVersion.includes('/') ? `${apiVersion.split('/')[0]}/` : '';

const damages: Record<string, Damage> = {
  'an older version': (object, file) => [file, json({ ...object, apiVersion: `${groupOf(object)}v1alpha0` })],
  'its kind in lower case': (object, file) => [file, json({ ...object, kind: object.kind.toLowerCase() })],
  'no apiVersion': (object, file) => [file, json({ ...object, apiVersion: undefined })],
  'no kind': (object, file) => [file, json({ ...object, kind: undefined })],
  'its kind in plural': (object, file) => [file, json({ ...object, kind: `${object.kind}s` })],
  'its group in capitals': (object, file) => [file, json({ ...object, apiVersion: object.apiVersion.toUpperCase() })],
  'a group without a version': (object, file) => [file, json({ ...object, apiVersion: groupOf(object).slice(0, -1) })],
  'a list whose items are a map': (object, file) => [file, json({ ...listOf(), items: { one: object } })],
  'a list in lower case': (object, file) => [file, json({ ...listOf(object), kind: 'list' })],
  'a table of kubectl': (object, file) => [
    file,
    json({ apiVersion: 'meta.k8s.io/v1', kind: 'Table', rows: [{ object }] }),
  ],
  'null alone': (_object, file) => [file, 'null\n'],
  'a directory around it': (object, file) => [join('below', file), json(object)],
  'nothing in it': (_object, file) => [file, ''],
  'blanks only': (_object, file) => [file, ' \n\n'],
  'an error of an API server': (_object, file) => [
    file,
    json({ apiVersion: 'v1', kind: 'Status', status: 'Failure', code: 503 }),
  ],
  'a page of a proxy': (_object, file) => [file, '<html><body>503 Service Unavailable</body></html>\n'],
  'half of it': (object, file) => [file, json(object).slice(0, 40)],
  'a list that goes on': (_object, file) => [file, json({ ...listOf(), metadata: { continue: 'abc' } })],
  'null in a list': (_object, file) => [file, json(listOf(null))],
  'a list of other things': (_object, file) => [file, json([{ Name: 'x', Arn: 'y' }])],
  'another name, without an ending': (object, file) => [file.replace(/\.\w+$/, ''), json(object)],
  'another name, with a strange ending': (object, file) => [file.replace(/\.\w+$/, '.txt'), json(object)],
  'lists in lists': (object, file) => [file, json(listOf(listOf(listOf(object))))],
  'UTF-16': (object, file) => [file, Buffer.from(`\ufeff${json(object)}`, 'utf16le')],
  'a JSON stream with something foreign': (object, file) => [
    file,
    `${json({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } })}\n${json(object)}`,
  ],
  'its metadata alone': ({ metadata }, file) => [
    file,
    json({ apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata }),
  ],
  'a list with more items than it has': (_object, file) => [
    file,
    json({ ...listOf(), metadata: { remainingItemCount: 1 } }),
  ],
  'comments only': (_object, file) => [file.replace('.json', '.yaml'), '# kind: Cluster\n---\n# was here\n'],
  'a file that is compressed': (object, file) => [`${file}.gz`, gzipSync(json(object))],
  'an archive of files': (object, file) => [file.replace('.json', '.tar.gz'), gzipSync(json(object))],
  'a ZIP archive': (object, file) => [file.replace('.json', '.zip'), Buffer.from(`PK\u0003\u0004${json(object)}`)],
  'a file in a format nobody knows': (_object, file) => [`${file}.zst`, Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 255])],
  'a file that is encrypted': (_object, file) => [`${file}.age`, '-----BEGIN AGE ENCRYPTED FILE-----\nabc\n'],
  'a directory around it and another name': (object, file) => [join('below', file.replace('.json', '')), json(object)],
  'a directory around a compressed file': (object, file) => [join('below', `${file}.gz`), gzipSync(json(object))],
  'a hidden directory around it': (object, file) => [join('.below', file), json(object)],
  'a wrong type': (object, file) => [file, json({ ...object, metadata: { name: 5 }, clusters: 'none' })],
};

/** How a kubeconfig loses its clusters and stays one. */
const lostClusters: Record<string, (config: Record<string, unknown>) => object> = {
  'cluster for clusters': ({ clusters, ...rest }) => ({ ...rest, cluster: clusters }),
  'Clusters for clusters': ({ clusters, ...rest }) => ({ ...rest, Clusters: clusters }),
  'another word for clusters': ({ clusters, ...rest }) => ({ ...rest, kubernetes: clusters }),
  'no clusters': ({ clusters: _clusters, ...rest }) => rest,
  'clusters are null': (config) => ({ ...config, clusters: null }),
  'clusters are null, and there are users alone': ({ users, ...rest }) => ({
    ...rest,
    users,
    clusters: null,
    contexts: null,
  }),
  'contexts of no cluster': ({ clusters: _clusters, ...rest }) => ({
    ...rest,
    contexts: [{ name: 'oslo', context: {} }],
  }),
  'its kind in lower case': (config) => ({ ...config, kind: 'config' }),
  'its kind cut': (config) => ({ ...config, kind: 'Confi' }),
  'its kind with a blank': (config) => ({ ...config, kind: 'Config ' }),
  'another version': (config) => ({ ...config, apiVersion: 'v2' }),
  'another version and clusters alone': ({ clusters }) => ({ apiVersion: 'v2', kind: 'Config', clusters }),
};

const cases = fc.sample(
  fc.record({
    system: fc.constantFrom(...Object.keys(systems)),
    names: fc.uniqueArray(fc.constantFrom('tokyo', 'oslo', 'lima', 'cairo', 'quito'), { minLength: 2, maxLength: 5 }),
    damage: fc.constantFrom(...Object.keys(damages)),
    which: fc.nat(),
  }),
  { numRuns: 280, seed: 12 },
);

describe('a damaged input', () => {
  it.each(cases.map((each, index) => ({ ...each, title: `${index}: ${each.system} with ${each.damage}` })))(
    '$title, and prune deletes no cluster that is in the whole one',
    async ({ system, names, damage, which }) => {
      const make = systems[system]!;
      const [input, inventory] = [scratch(), scratch()];
      for (const name of names) writeFileSync(join(input, `${name}.json`), json(make(name)));
      const words = ['import', system, '-f', input, '-n', 'fleet', '--inventory', inventory, '--apply', '-q'];
      expect(await run(words)).toMatchObject({ code: 0 });
      const whole = readdirSync(join(inventory, 'fleet'));
      expect(whole).toHaveLength(names.length);
      const name = names[which % names.length]!;
      const [file, content] = damages[damage]!(make(name), `${name}.json`);
      rmSync(join(input, `${name}.json`));
      mkdirSync(dirname(join(input, file)), { recursive: true });
      writeFileSync(join(input, file), content);
      const { code } = await run([...words, '--prune', '--yes', '--max-delete', '100%']);
      expect({ code, files: readdirSync(join(inventory, 'fleet')) }).toEqual({
        code: expect.any(Number) as number,
        files: whole,
      });
    },
  );

  it.each(Object.keys(marked).flatMap((system) => Object.keys(lostMarks).map((damage) => ({ system, damage }))))(
    'of $system, whose Secret is found by a label: $damage, and prune deletes nothing',
    async ({ system, damage }) => {
      const [input, inventory] = [scratch(), scratch()];
      const file = join(input, 'oslo.json');
      writeFileSync(join(input, 'lima.json'), json(marked[system]!('lima')));
      writeFileSync(file, json(marked[system]!('oslo')));
      const words = ['import', system, '-f', input, '-n', 'fleet', '--inventory', inventory, '--apply', '-q'];
      expect(await run(words)).toMatchObject({ code: 0 });
      const whole = readdirSync(join(inventory, 'fleet'));
      expect(whole).toHaveLength(2);
      writeFileSync(file, json(lostMarks[damage]!(marked[system]!('oslo'))));
      expect(await run([...words, '--prune', '--yes', '--max-delete', '100%'])).toMatchObject({ code: 4 });
      expect(readdirSync(join(inventory, 'fleet'))).toEqual(whole);
    },
  );

  it.each(Object.keys(lostClusters).flatMap((damage) => ['kubeconfig', 'auto'].map((system) => ({ damage, system }))))(
    'of import $system, a kubeconfig with $damage, and prune deletes nothing',
    async ({ damage, system }) => {
      const [input, inventory] = [scratch(), scratch()];
      const file = join(input, 'oslo.yaml');
      const make = systems['kubeconfig']!;
      for (const name of ['lima', 'oslo']) writeFileSync(join(input, `${name}.yaml`), json(make(name)));
      const words = ['import', system, '-f', input, '-n', 'fleet', '--inventory', inventory, '--apply', '-q'];
      expect(await run(words)).toMatchObject({ code: 0 });
      const whole = readdirSync(join(inventory, 'fleet'));
      expect(whole).toHaveLength(2);
      writeFileSync(file, json(lostClusters[damage]!(make('oslo'))));
      expect(await run([...words, '--prune', '--yes', '--max-delete', '100%'])).toMatchObject({ code: 4 });
      expect(readdirSync(join(inventory, 'fleet'))).toEqual(whole);
    },
  );

  it('that lost a cluster for good still lets prune delete it', async () => {
    const [input, inventory] = [scratch(), scratch()];
    mkdirSync(join(input, 'all'));
    for (const name of ['tokyo', 'oslo'])
      writeFileSync(join(input, 'all', `${name}.json`), json(systems['karmada']!(name)));
    const words = [
      'import',
      'karmada',
      '-f',
      join(input, 'all'),
      '-n',
      'fleet',
      '--inventory',
      inventory,
      '--apply',
      '-q',
    ];
    await run(words);
    cpSync(join(input, 'all', 'oslo.json'), join(input, 'kept.json'));
    rmSync(join(input, 'all', 'tokyo.json'));
    expect(await run([...words, '--prune', '--yes', '--max-delete', '100%'])).toMatchObject({ code: 0 });
    expect(readdirSync(join(inventory, 'fleet'))).toEqual(['oslo.yaml']);
  });
});

const listBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted(byText);

/** Profiles as somebody has damaged them. */
const damagedProfiles: Record<string, Damage> = {
  'its kind in lower case': damages['its kind in lower case']!,
  'its kind in plural': damages['its kind in plural']!,
  'no apiVersion': damages['no apiVersion']!,
  'no kind': damages['no kind']!,
  'neither kind nor apiVersion': ({ kind: _kind, apiVersion: _version, ...object }, file) => [file, json(object)],
  'a version without its group': (object, file) => [file, json({ ...object, apiVersion: 'v1alpha1' })],
  'its group in capitals': damages['its group in capitals']!,
  'a list whose items are a map': damages['a list whose items are a map']!,
  'a list that goes on': damages['a list that goes on']!,
  'a table of kubectl': damages['a table of kubectl']!,
  'nothing in it': damages['nothing in it']!,
  'a directory around it': damages['a directory around it']!,
  'another name': damages['another name, with a strange ending']!,
  'half of it': damages['half of it']!,
  'its metadata alone': damages['its metadata alone']!,
  'comments only': damages['comments only']!,
  'a file that is compressed': damages['a file that is compressed']!,
  'an archive of files': damages['an archive of files']!,
  'a directory around a compressed file': damages['a directory around a compressed file']!,
  'a hidden directory around it': damages['a hidden directory around it']!,
  'a list with more items than it has': damages['a list with more items than it has']!,
};

/** What a directory that is read whole with all its files may lose. */
const inInventories = Object.keys(damagedProfiles).filter(
  (damage) => !/another name|half of it|a list that|a list with|compressed|archive|directory/.test(damage),
);

describe('damaged profiles', () => {
  it.each([
    ...Object.keys(damagedProfiles).map((damage) => ({ damage, from: '-f' })),
    ...inInventories.map((damage) => ({ damage, from: '--inventory' })),
  ])('$damage, read by $from: an export that prunes takes nothing from its consumer', async ({ damage, from }) => {
    const [input, output] = [scratch(), scratch()];
    const providers = writeProviders();
    const profile = (name: string): Kubernetes => ({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name, namespace: 'fleet' },
      spec: { displayName: name, clusterManager: { name: 'shop' } },
      status: { accessProviders: [{ name: 'google', cluster: { server: `https://${name}.example.test` } }] },
    });
    for (const name of ['lima', 'oslo']) writeFileSync(join(input, `${name}.json`), json(profile(name)));
    writeFileSync(join(input, 'values.yaml'), 'replicas: 2\n');
    writeFileSync(join(input, 'kustomization.yaml'), 'resources: [lima.json]\n');
    const words = ['export', 'argocd', from, input, '--provider-file', providers, '--output-dir', output];
    expect(await run([...words, '--prune', '--yes'])).toMatchObject({ code: 0 });
    const whole = listBelow(output);
    const [file, content] = damagedProfiles[damage]!(profile('oslo'), 'oslo.json');
    rmSync(join(input, 'oslo.json'));
    mkdirSync(dirname(join(input, file)), { recursive: true });
    writeFileSync(join(input, file), content);
    const ran = await run([...words, '--prune', '--yes', '--max-delete', '100%']);
    expect({ code: ran.code > 0, files: listBelow(output) }).toEqual({
      code: true,
      files: whole,
    });
  });
});
