import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSystemsFor } from '../../src/systems/index.ts';
import { nowhere, run, runQuickly } from '../support/run.ts';
import { fixtures, scratch, sharedData } from '../support/paths.ts';

const shared = join(sharedData, 'fanout', '_input');
const consumers = listSystemsFor('export').map(([name]) => name);

interface Finding {
  id: string;
  severity: string;
  message: string;
  object?: string;
  path: string;
  line?: number;
}

const forConsumer = ({ id }: Finding): boolean => id.startsWith('CF');

/** What only a provider file can tell is no refusal of `validate --for`, which says it once instead. */
const wantsFile = /no provider file says which command logs in/;

const differ = (what: string, a: unknown, b: unknown): string[] =>
  JSON.stringify(a) === JSON.stringify(b) ? [] : [`${what}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`];

/** Runs `export` and `validate --for` on the same input. Who is refused by one of them only, and what else differs. */
async function disagreements(consumer: string, words: readonly string[]): Promise<string[]> {
  const exported = await runQuickly(['export', consumer, ...words, '-v']);
  const checked = await runQuickly(['validate', '--for', consumer, ...words, '-o', 'json']);
  const errorIn = (text: string): string => text.slice(text.indexOf('error: '));
  if (exported.code === 2) return differ('usage', [2, errorIn(exported.err)], [checked.code, errorIn(checked.err)]);
  // A broken provider file ends an export; validate says so and goes on without.
  if (checked.out.includes('PF001')) return [];
  const findings = (JSON.parse(checked.out) as Finding[]).filter(forConsumer);
  const refusals = exported.err.split('\n').filter((line) => line.startsWith(`error: ${consumer}: `));
  const nameIn = (line: string): string => line.split(': ')[2]!;
  const refused = refusals.filter((line) => !wantsFile.test(line)).map(nameIn);
  const forWantOfFile = new Set(refusals.filter((line) => wantsFile.test(line)).map(nameIn));
  const judged = findings.filter(({ id }) => id === 'CF001').map(({ object }) => object!.split(' ').slice(1).join(' '));
  const said = checked.err.includes(`note: ${consumer} needs a --provider-file`);
  const asWhole = exported.code !== 0 && refusals.length === 0;
  return [
    // What is refused for want of a file may have something else wrong with it, which validate goes on to find.
    ...differ('refused', refused.toSorted(), judged.filter((name) => !forWantOfFile.has(name)).toSorted()),
    ...(forWantOfFile.size > judged.length ? differ('for want of a file', true, said) : []),
    ...(judged.length > 0 || asWhole ? differ('code', 1, checked.code) : []),
    ...(forWantOfFile.size > 0
      ? []
      : differ(
          'as a whole',
          asWhole,
          findings.some(({ id }) => id === 'CF002'),
        )),
  ].map((text) => `${text} (${words.join(' ')})`);
}

/** Which profiles are chosen, and what a plugin answers when it runs, is no matter of validate. */
const ofExportAlone = /^(-l|--selector|--placement|--credentials=embed)/m;

it('is strict about a login that nothing says the command of, as the export is', async () => {
  const words = ['-f', join(fixtures, 'kubeconfig', 'export-three-clouds', 'export-input.yaml'), '--argocd-builtin'];
  const checked = await run(['validate', '--for', 'argocd', ...words, '--strict']);
  const exported = await run(['export', 'argocd', ...words]);
  expect([checked.code, exported.code]).toEqual([1, 5]);
  const named = /no provider file says which command logs in/;
  expect(checked.out).toMatch(named);
  expect(exported.err).toMatch(named);
  const lax = await run(['validate', '--for', 'argocd', ...words]);
  expect(lax).toMatchObject({
    code: 0,
    err: expect.stringContaining('note: argocd needs a --provider-file') as string,
  });
});

describe('validate --for says no where export does', () => {
  for (const consumer of consumers) {
    const cases = readdirSync(join(fixtures, consumer)).filter((name) =>
      existsSync(join(fixtures, consumer, name, 'export-input.yaml')),
    );
    it(`${consumer}: runs no plugin and asks for no token`, async () => {
      const input = join(fixtures, 'kubeconfig', 'export-three-clouds', 'export-input.yaml');
      const folder = scratch();
      const [command, file] = [join(folder, 'plugin'), join(folder, 'providers.json')];
      writeFileSync(command, `#!/bin/sh\ntouch ${folder}/ran\n`, { mode: 0o755 });
      const execConfig = { apiVersion: 'client.authentication.k8s.io/v1', command };
      const names = ['google', 'kubelogin', 'secretreader'];
      writeFileSync(file, JSON.stringify({ providers: names.map((name) => ({ name, execConfig })) }));
      for (const flags of [[], ['--credentials=embed'], ['--exec=self']]) {
        const { code, err } = await run([
          'validate',
          '--for',
          consumer,
          '-f',
          input,
          '--provider-file',
          file,
          ...flags,
        ]);
        // A flag that the consumer does not have.
        if (code === 2) expect(err).toMatch(/^error: (unknown option|--credentials takes)/);
        else expect(code).toBeLessThan(2);
      }
      expect(existsSync(join(folder, 'ran'))).toBe(false);
    });

    it.for(cases)(`${consumer}: %s`, async (name) => {
      const folder = join(fixtures, consumer, name);
      const file = (path: string): string | undefined =>
        existsSync(join(folder, path)) ? join(folder, path) : undefined;
      const flags = (file('flags.txt') ? readFileSync(join(folder, 'flags.txt'), 'utf8') : '')
        .split('\n')
        .filter((flag) => flag !== '' && flag !== '--skip-refused')
        .map((flag) => flag.replace('{folder}', folder));
      if (flags.some((flag) => ofExportAlone.test(flag))) return;
      const providers = file('providers.json') ? ['--provider-file', join(folder, 'providers.json')] : [];
      expect(await disagreements(consumer, ['-f', join(folder, 'export-input.yaml'), ...providers, ...flags])).toEqual(
        [],
      );
    });

    it(`${consumer}: the input of every other consumer`, async () => {
      const found: string[] = [];
      for (const other of consumers)
        for (const name of readdirSync(join(fixtures, other))) {
          const input = join(fixtures, other, name, 'export-input.yaml');
          const providers = join(fixtures, other, name, 'providers.json');
          if (!existsSync(input)) continue;
          found.push(...(await disagreements(consumer, ['-f', input])));
          if (existsSync(providers))
            found.push(...(await disagreements(consumer, ['-f', input, '--provider-file', providers])));
        }
      expect(found).toEqual([]);
    });
  }

  it.skipIf(!existsSync(shared)).each(consumers)('%s: the examples of the format pages', async (consumer) => {
    const found: string[] = [];
    for (const name of readdirSync(shared).filter((file) => file.endsWith('.yaml')))
      for (const providers of ['providers.json', 'providers.argocd.json'])
        found.push(
          ...(await disagreements(consumer, ['-f', join(shared, name), '--provider-file', join(shared, providers)])),
        );
    const two = ['onprem-lab.yaml', 'gke-shop-prod.yaml'].flatMap((name) => ['-f', join(shared, name)]);
    found.push(...(await disagreements(consumer, two)));
    expect(found).toEqual([]);
  });
});

const profile = (name: string, more: { metadata?: object; status?: object } = {}): object => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name, namespace: 'inventory', ...more.metadata },
  spec: { displayName: name, clusterManager: { name: 'platform' } },
  status: { accessProviders: [{ name: 'google', cluster: { server: 'https://10.0.0.1' } }], ...more.status },
});

const member = (name: string, creationTimestamp?: string): object =>
  profile(name, {
    metadata: { labels: { 'multicluster.x-k8s.io/inventory-member-id': 'tokyo-1' }, creationTimestamp },
  });

const healthy = { conditions: [{ type: 'ControlPlaneHealthy', status: 'True' }] };
const at = (cluster: object): object => ({
  accessProviders: [{ name: 'google', cluster: { server: 'https://10.0.0.1', ...cluster } }],
});

/** `severity name path message` of what is said for a consumer. */
async function said(consumer: string, profiles: readonly object[], ...flags: string[]): Promise<string[]> {
  const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: profiles });
  const { out } = await run(['validate', '--for', consumer, '-f', '-', '-v', '-o', 'json', ...flags], { stdin });
  return (JSON.parse(out) as Finding[])
    .filter(forConsumer)
    .map(({ severity, object, path, message }) => `${severity} ${object?.split('/')[1]} ${path} ${message}`);
}

const providerFile = (...names: string[]): string => {
  const file = join(scratch(), 'providers.json');
  const execConfig = { apiVersion: 'client.authentication.k8s.io/v1', command: 'login' };
  writeFileSync(file, JSON.stringify({ providers: names.map((name) => ({ name, execConfig })) }));
  return file;
};

describe('what consumers do with profiles that no export shows', () => {
  it.each(['knative', 'multicluster-runtime'])('%s leaves alone what is not healthy', async (consumer) => {
    const unknown = { conditions: [{ type: 'ControlPlaneHealthy', status: 'Unknown' }] };
    const found = await said(consumer, [
      profile('osaka', { status: healthy }),
      profile('kyoto', { status: unknown }),
      profile('tokyo'),
    ]);
    expect(found.filter((line) => line.includes('ControlPlaneHealthy'))).toEqual([
      `warning kyoto .status.conditions ${consumer}: not acted on: ControlPlaneHealthy is Unknown, and has to be True`,
      `warning tokyo .status.conditions ${consumer}: not acted on: ControlPlaneHealthy is missing, and has to be True (import … --probe asks the server)`,
    ]);
    expect((await said('headlamp', [profile('tokyo')])).join('\n')).not.toContain('ControlPlaneHealthy');
  });

  it.each([
    ['tls-server-name', 'warning', at({ 'tls-server-name': 'tokyo' }), 'it does not carry tls-server-name'],
    ['disable-compression', 'info', at({ 'disable-compression': true }), 'it does not carry disable-compression'],
    [
      'insecure-skip-tls-verify',
      'warning',
      at({ 'insecure-skip-tls-verify': true }),
      'it does not carry insecure-skip-tls-verify',
    ],
    [
      'extensions',
      'warning',
      at({
        extensions: [{ name: 'clusterprofiles.multicluster.x-k8s.io/exec/additional-envs', extension: { A: 'b' } }],
      }),
      'its additional-envs are ignored without a word',
    ],
  ])('%s', async (key, severity, status, message) => {
    const found = await said('headlamp', [profile('tokyo', { status })]);
    expect(found.find((line) => line.includes(message))).toMatch(
      new RegExp(String.raw`^${severity} tokyo \.status\.accessProviders\[0\]\.cluster\.${key} `),
    );
    const clean = await said('headlamp', [profile('tokyo')]);
    expect(clean).toEqual([expect.stringMatching(/^info .*HTTPS_PROXY is not read/)]);
  });

  it('with policies of the provider file, says what is still ignored', async () => {
    const name = 'clusterprofiles.multicluster.x-k8s.io/exec/additional-envs';
    const status = at({ extensions: [{ name, extension: { A: 'b' } }] });
    const file = providerFile('google');
    const ignored = async (): Promise<boolean> =>
      (await said('headlamp', [profile('tokyo', { status })], '--provider-file', file)).some((line) =>
        line.includes('are ignored'),
      );
    expect(await ignored()).toBe(true);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"name"', '"profileSourcedEnvVarsPolicy":"Replace","name"'));
    expect(await ignored()).toBe(false);
  });

  it('the order of the provider file, and a provider that is not in it', async () => {
    const status = { accessProviders: ['secretreader', 'google'].map((name) => ({ name })) };
    const two = await said(
      'headlamp',
      [profile('tokyo', { status })],
      '--provider-file',
      providerFile('google', 'secretreader'),
    );
    expect(two).toContain(
      'info tokyo .status.accessProviders[1] headlamp: access provider google is used, not secretreader: the order of the provider file decides',
    );
    const other = await said('headlamp', [profile('tokyo')], '--provider-file', providerFile('kubelogin'));
    expect(other.join('\n')).toContain(
      'warning tokyo .status.accessProviders[0] headlamp: the provider file has no entry for google',
    );
  });

  it('names that are too long for what is made of them', async () => {
    expect((await said('headlamp', [profile('a'.repeat(64))])).join('\n')).toContain('its name has 64 characters');
    expect((await said('headlamp', [profile('a'.repeat(63))])).join('\n')).not.toContain('its name has');
  });

  it('names that the other way to Argo CD fails on', async () => {
    const long = 'a'.repeat(60);
    const twin = profile('tokyo', { metadata: { namespace: 'other' } });
    const found = await said('argocd', [profile(long), profile('tokyo'), twin], '--argocd-builtin');
    expect(found.filter((line) => line.includes('argoproj-labs')).map((line) => line.split(' ').slice(0, 2))).toEqual([
      ['info', long],
      ['info', 'tokyo'],
      ['info', 'tokyo'],
    ]);
  });

  it('profiles of one member: the oldest is acted on, none of several oldest', async () => {
    const [day, later] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
    const about = async (...profiles: object[]): Promise<string[]> =>
      (await said('headlamp', profiles)).filter((line) => line.includes('member id'));
    expect(await about(member('osaka', day), member('tokyo', later))).toEqual([
      expect.stringMatching(/^warning tokyo .*not acted on: inventory\/osaka has the same member id and is older$/),
    ]);
    expect(await about(member('osaka', day), member('tokyo', day))).toEqual([
      expect.stringMatching(/^warning osaka .*inventory\/tokyo .* as old, so neither is$/),
      expect.stringMatching(/^warning tokyo .*inventory\/osaka .* as old, so neither is$/),
    ]);
    expect(await about(member('osaka'), member('tokyo'))).toHaveLength(2);
    expect(await about(member('osaka', day), profile('tokyo'))).toEqual([]);
  });
});

describe('validate --for says what an export would', () => {
  it('says that Kueue and readers have nothing to connect by', async () => {
    const none = profile('kyoto', { status: { accessProviders: undefined } });
    const http = profile('osaka', { status: at({ server: 'http://10.0.0.1' }) });
    const serverless = profile('tokyo', { status: { accessProviders: [{ name: 'google' }] } });
    const about = async (consumer: string): Promise<string[]> =>
      (await said(consumer, [none, http, serverless], '--kueue-namespace=inventory', '--for=kueue'))
        .filter((line) => line.includes(`${consumer}: `) && /missing|server/.test(line))
        .map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(await about('kueue')).toEqual(['warning kyoto', 'error osaka', 'warning tokyo']);
    expect(await about('headlamp')).toEqual(['error kyoto', 'warning osaka', 'warning tokyo']);
  });

  it('leaves profiles of one member out, as export does', async () => {
    const found = await said('argocd', [member('osaka'), member('tokyo'), profile('kyoto')]);
    expect(found.filter((line) => line.includes('CF001') || line.includes('member id'))).toEqual([
      expect.stringMatching(/^warning osaka \.metadata\.labels\S* argocd: inventory\/tokyo has the same member id/),
      expect.stringMatching(/^warning tokyo \.metadata\.labels\S* argocd: inventory\/osaka has the same member id/),
    ]);
    // One name in two namespaces is two of one name only where both are exported.
    const day = '2026-01-01T00:00:00Z';
    const twins = [member('tokyo', day), member('osaka', '2026-01-02T00:00:00Z')];
    const clash = profile('osaka', { metadata: { namespace: 'other' } });
    expect((await said('argocd', [...twins, clash])).join('\n')).not.toContain('would both be');
  });

  it('tells what is lost in the form that is asked for', async () => {
    const status = at({ 'proxy-url': 'http://10.0.0.2:3128', 'tls-server-name': 'tokyo' });
    const lost = async (...flags: string[]): Promise<string[]> =>
      (await said('flux', [profile('tokyo', { status })], '--allow-host=10.0.0.1', ...flags)).filter((line) =>
        /does not carry (?:proxy-url|tls-server-name|insecure-skip-tls-verify)/.test(line),
      );
    const place = 'warning tokyo .status.accessProviders[0].cluster';
    const proxy = `${place}.proxy-url flux: it does not carry proxy-url`;
    const roots = join(fixtures, 'flux/export-with-ca-file/roots.crt');
    expect(await lost('--flux-provider=generic', '--ca-file', roots)).toEqual([
      proxy,
      `${place}.tls-server-name flux: it does not carry tls-server-name`,
    ]);
    // Flux copies a kubeconfig without its proxy.
    expect(await lost('--credentials=embed')).toEqual([proxy]);
    const insecure = profile('tokyo', { status: at({ 'insecure-skip-tls-verify': true }) });
    expect(await said('flux', [insecure], '--credentials=embed', '--allow-insecure')).toContain(
      `${place}.insecure-skip-tls-verify flux: it does not carry insecure-skip-tls-verify`,
    );
  });

  it('blames no profile for a file of a flag that is not there', async () => {
    const words = ['flux', '-f', '-', '--allow-host=10.0.0.1', `--ca-file=${nowhere}`];
    const stdin = JSON.stringify(profile('tokyo'));
    const exported = await runQuickly(['export', ...words], { stdin });
    const checked = await runQuickly(['validate', '--for', ...words], { stdin });
    expect(exported).toMatchObject({ code: 3, out: '' });
    expect(checked).toMatchObject({ code: 3, out: '', err: exported.err });
  });

  it('says where a name is that no object has', async () => {
    const names = [profile('PROD'), profile('tokyo', { metadata: { namespace: '../x' } })];
    const found = await said('flux', names, '--credentials=embed');
    expect(found.filter((line) => line.startsWith('error')).map((line) => line.split(' ')[2])).toEqual([
      '.metadata.name',
      '.metadata.namespace',
    ]);
  });
});

describe('validate --for', () => {
  const input = join(fixtures, 'kubeconfig', 'export-three-clouds', 'export-input.yaml');

  it('takes several consumers, their aliases and their flags, all at once', async () => {
    const all = consumers.flatMap((name) => ['--for', name]);
    const { code, err } = await run(['validate', ...all, '--for=rancher-fleet', '-f', input, '-q']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const istio = ['validate', '--for', 'istio', '-f', input, '-o', 'json'];
    expect((await run(istio)).out).toContain('--credentials exec');
    expect((await run([...istio, '--credentials', 'exec'])).out).not.toContain('CF001');
  });

  it('says what there is for a word that is no consumer', async () => {
    expect(await run(['validate', '--for', 'argcd', '-f', input])).toEqual({
      code: 2,
      out: '',
      err: 'error: no consumer "argcd" to validate for\nhint: did you mean argocd?\n',
    });
    expect((await run(['validate', '--for', 'gke', '-f', input])).err).toMatch(
      /^error: no consumer "gke" to validate for\nhint: consumers: argocd .*rancher-fleet.*\n$/,
    );
  });

  it('has places, exit codes and every format of the other rules', async () => {
    const words = ['validate', '--for', 'flux', '-f', input];
    const { out, code } = await run(words);
    expect(code).toBe(1);
    expect(out).toMatch(/export-input\.yaml:\d+:\d+: error CF001: flux: provider gcp needs address and ca\.crt both/);
    expect((await run([...words, '-o', 'sarif'])).out).toContain('"id": "CF001"');
    expect((await run([...words, '-o', 'junit'])).out).toMatch(/<failure[^>]*CF001/);
    const kueue = ['validate', '--for', 'kueue', '-f', input, '-q'];
    expect((await run(kueue)).code).toBe(0);
    expect((await run([...kueue, '--strict'])).code).toBe(1);
  });

  it('leaves profiles of a wrong shape to the other rules', async () => {
    const stdin = JSON.stringify(profile('tokyo', { status: { accessProviders: 'LEAKCANARY' } }));
    const { out, err, code } = await run(['validate', '--for', 'kubeconfig', '-f', '-'], { stdin });
    expect(code).toBe(1);
    expect(out).not.toContain('CF00');
    expect(`${out}${err}`).not.toContain('LEAKCANARY');
  });
});
