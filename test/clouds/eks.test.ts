import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  scratchFolder,
  sequence,
  startServer,
  type Answer,
  type CloudServer,
  type SeenRequest,
} from '../support/cloud-servers.ts';
import { ca } from '../support/profiles.ts';
import { run, runBuilt, type Ran } from '../support/run.ts';
import { lines } from '../support/text.ts';

const account = '111122223333';

/** A cluster as the API answers it: times are seconds. */
const cluster = (region: string, name: string, more: object = {}): Record<string, unknown> => ({
  name,
  arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
  createdAt: 1_772_359_200.123,
  version: '1.33',
  status: 'ACTIVE',
  endpoint: `https://${name.toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
  certificateAuthority: { data: ca },
  platformVersion: 'eks.9',
  health: { issues: [] },
  tags: { environment: 'production', 'aws:cloudformation:stack-name': `eksctl-${name}-cluster` },
  ...more,
});

/** An error as the service writes it: its type is in a header. */
const awsError = (status: number, type: string, message: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'x-amzn-errortype': type, ...headers },
  body: { message },
});

const denied = (action: string): Answer =>
  awsError(
    403,
    'AccessDeniedException',
    `User: arn:aws:iam::${account}:user/ci is not authorized to perform: ${action}`,
  );

/** A request says in its signature which region it is for. */
const regionOf = ({ authorization }: SeenRequest): string => authorization?.split('/')[2] ?? '';

type Handler = Answer | ((request: SeenRequest) => Answer);

/** Clusters by region, with the answers of a test before them: `us-east-1/clusters/prod-us`, `us-east-1/clusters`. */
const regions =
  (clusters: Record<string, string[]>, answers: Record<string, Handler> = {}) =>
  (request: SeenRequest): Answer | undefined => {
    const region = regionOf(request);
    const own = answers[`${region}${request.path}`];
    if (own) return typeof own === 'function' ? own(request) : own;
    if (request.path === '/clusters') return { body: { clusters: clusters[region] ?? [] } };
    const name = request.path.replace('/clusters/', '');
    return clusters[region]?.includes(name) ? { body: { cluster: cluster(region, name) } } : undefined;
  };

const keysIn = (server: CloudServer): Record<string, string> => ({
  AWS_ENDPOINT_URL_EKS: server.url,
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'LEAKCANARY-secret-key',
  AWS_SESSION_TOKEN: 'LEAKCANARY-session-token',
});

async function importEks(server: CloudServer, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const ran = await run(['import', 'eks', ...args], { env: { ...keysIn(server), ...env } });
  expect(`${ran.out}${ran.err}`).not.toContain('LEAKCANARY');
  return ran;
}

/** An environment without credentials but what a test writes into its files. */
function withoutCredentials(
  metadata: string,
): Record<'AWS_SHARED_CREDENTIALS_FILE' | 'AWS_CONFIG_FILE' | 'AWS_EC2_METADATA_SERVICE_ENDPOINT', string> {
  const folder = scratchFolder();
  return {
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata,
  };
}

const names = ['-o', 'name'];

describe('reading clusters', () => {
  it('reads two regions with one set of keys', async () => {
    const server = await startServer(regions({ 'us-east-1': ['prod-us'], 'eu-west-1': ['prod-eu'] }));
    const { out, err, code } = await importEks(server, ['--region', 'us-east-1,eu-west-1']);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toContain('name: prod-us');
    expect(out).toContain('server: https://PROD-EU.gr7.eu-west-1.eks.amazonaws.com');
    expect(out).toContain('lastTransitionTime: "2026-03-01T10:00:00Z"');
    const lists = server.requests.filter(({ path }) => path === '/clusters');
    expect(lists.map(regionOf).toSorted()).toEqual(['eu-west-1', 'us-east-1']);
    expect(lists.map(({ query }) => query.get('include'))).toEqual(['all', 'all']);
    expect(server.requests.every(({ headers }) => headers['x-amz-security-token'] !== undefined)).toBe(true);
  });

  it.each([['AWS_REGION'], ['AWS_DEFAULT_REGION']])('takes the region of %s', async (variable) => {
    const server = await startServer(regions({ 'ap-south-1': ['staging-asia'] }));
    const { out, code } = await importEks(server, names, { [variable]: 'ap-south-1' });
    expect({ out, code }).toEqual({ out: 'clusterprofile.multicluster.x-k8s.io/staging-asia\n', code: 0 });
  });

  it('follows pages to the end, over an empty one and one that repeats a name', async () => {
    const pages: Record<string, Answer> = {
      '': { body: { clusters: ['prod-us'], nextToken: 'two' } },
      two: { body: { clusters: [], nextToken: 'three' } },
      three: { body: { clusters: ['prod-us', 'staging-us'] } },
    };
    const server = await startServer(
      regions(
        { 'us-east-1': ['prod-us', 'staging-us'] },
        { 'us-east-1/clusters': ({ query }) => pages[query.get('nextToken') ?? ''] as Answer },
      ),
    );
    const { out, err, code } = await importEks(server, ['--region', 'us-east-1', ...names]);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out.trim().split('\n')).toHaveLength(2);
    expect(server.paths().filter((path) => path === '/clusters/prod-us')).toHaveLength(1);
    expect(server.requests[0]?.query.get('maxResults')).toBe('100');
  });

  it('stops when the same page comes again', async () => {
    const again = { 'us-east-1/clusters': { body: { clusters: ['prod-us'], nextToken: 'two' } } };
    const server = await startServer(regions({ 'us-east-1': ['prod-us'] }, again));
    const { err, code } = await importEks(server, ['--region', 'us-east-1']);
    expect(err).toBe('error: region us-east-1: EKS answers the same page again\n');
    expect(code).toBe(7);
  });

  it('has at most 5 descriptions in flight', async () => {
    let [inFlight, most] = [0, 0];
    const many = Array.from({ length: 20 }, (_each, index) => `prod-${index}`);
    const slow = many.map((name) => [
      `us-east-1/clusters/${name}`,
      (): Answer => {
        most = Math.max(most, ++inFlight);
        setTimeout(() => inFlight--, 15);
        return { body: { cluster: cluster('us-east-1', name) }, delay: 20 };
      },
    ]);
    const server = await startServer(
      regions({ 'us-east-1': many }, Object.fromEntries(slow) as Record<string, Handler>),
    );
    const { out, code } = await importEks(server, ['--region', 'us-east-1', ...names]);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(20);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(5);
  });

  it('tells clusters of one name in two regions apart', async () => {
    const server = await startServer(regions({ 'us-east-1': ['prod', 'staging-us'], 'eu-west-1': ['prod'] }));
    const { out, code } = await importEks(server, ['--region', 'us-east-1', '--region', 'eu-west-1', ...names]);
    expect(code).toBe(0);
    expect(out.match(/[^/\n]+$/gm)).toEqual(['prod-eu-west-1', 'prod-us-east-1', 'staging-us']);
  });

  it('leaves out a cluster that was deleted after the list was read', async () => {
    const gone = { 'us-east-1/clusters/prod-us': awsError(404, 'ResourceNotFoundException', 'No cluster found') };
    const server = await startServer(regions({ 'us-east-1': ['prod-us', 'staging-us'] }, gone));
    const { out, err, code } = await importEks(server, ['--region', 'us-east-1', ...names]);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).not.toContain('prod-us');
  });

  it('never shows how a connected cluster is activated', async () => {
    const connectorConfig = {
      provider: 'RANCHER',
      activationId: 'LEAKCANARY-id',
      activationCode: 'LEAKCANARY-code',
      activationExpiry: 1_772_704_800,
    };
    const body = {
      cluster: cluster('us-east-1', 'onprem', { status: 'PENDING', endpoint: undefined, connectorConfig }),
    };
    const server = await startServer(regions({ 'us-east-1': ['onprem'] }, { 'us-east-1/clusters/onprem': { body } }));
    const { out, code } = await importEks(server, ['--region', 'us-east-1']);
    expect(code).toBe(0);
    expect(out).toContain('value: eks-connector/rancher');
    expect(out).not.toContain('accessProviders');
  });
});

describe('throttling and failures', () => {
  const args = ['--region', 'us-east-1', ...names];

  it('waits as long as Retry-After says', async () => {
    const busy = awsError(429, 'ThrottlingException', 'Rate exceeded', { 'retry-after': '1' });
    const next = sequence<Answer>(busy, { body: { clusters: ['prod-us'] } });
    const server = await startServer(regions({ 'us-east-1': ['prod-us'] }, { 'us-east-1/clusters': next }));
    const before = Date.now();
    expect(await importEks(server, args)).toMatchObject({ err: '', code: 0 });
    expect(Date.now() - before).toBeGreaterThanOrEqual(950);
  });

  it('does not wait an hour', async () => {
    const busy = awsError(429, 'ThrottlingException', 'Rate exceeded', { 'retry-after': '3600' });
    const server = await startServer(regions({}, { 'us-east-1/clusters': busy }));
    const { err, code } = await importEks(server, args);
    expect(err).toBe('error: region us-east-1: ThrottlingException: Rate exceeded\n');
    expect(code).toBe(8);
    expect(server.requests).toHaveLength(1);
  });

  it('reports a cluster that may not be described, and gives the others (exit 4)', async () => {
    const server = await startServer(
      regions(
        { 'us-east-1': ['prod-us', 'secret-us'] },
        { 'us-east-1/clusters/secret-us': denied('eks:DescribeCluster') },
      ),
    );
    const { out, err, code } = await importEks(server, args);
    expect(code).toBe(4);
    expect(out).toBe('clusterprofile.multicluster.x-k8s.io/prod-us\n');
    expect(err).toBe(
      `error: cluster secret-us (us-east-1): AccessDeniedException: User: arn:aws:iam::${account}:user/ci is not authorized to perform: eks:DescribeCluster\n` +
        'hint: aws sts get-caller-identity shows who asks; it takes eks:ListClusters and eks:DescribeCluster\n' +
        'warning: not described and left out, what the inventory has of them stays: secret-us\n',
    );
  });

  it('takes no description of another cluster for one that was asked for', async () => {
    const other = { body: { cluster: cluster('us-east-1', 'prod-us') } };
    const server = await startServer(
      regions({ 'us-east-1': ['prod-us', 'prod-eu'] }, { 'us-east-1/clusters/prod-eu': other }),
    );
    const { out, err, code } = await importEks(server, args);
    expect({ out, code }).toEqual({ out: 'clusterprofile.multicluster.x-k8s.io/prod-us\n', code: 4 });
    expect(err).toContain('error: cluster prod-eu (us-east-1): ');
  });

  it('takes no list for one of names that has something else in it', async () => {
    const server = await startServer(regions({}, { 'us-east-1/clusters': { body: { clusters: ['prod-us', 5] } } }));
    const { out, code } = await importEks(server, args);
    expect({ out, code }).toEqual({ out: '', code: 7 });
  });

  it('reports a region that may not be listed, and gives the others (exit 4)', async () => {
    const server = await startServer(
      regions({ 'us-east-1': ['prod-us'] }, { 'eu-west-1/clusters': denied('eks:ListClusters') }),
    );
    const { out, err, code } = await importEks(server, ['--region', 'us-east-1,eu-west-1', ...names]);
    expect({ out, code }).toEqual({ out: 'clusterprofile.multicluster.x-k8s.io/prod-us\n', code: 4 });
    expect(err).toBe(
      lines(
        'error: region eu-west-1: AccessDeniedException: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: eks:ListClusters',
        'hint: aws sts get-caller-identity shows who asks; it takes eks:ListClusters and eks:DescribeCluster',
      ),
    );
  });

  it('shows nothing of a request that was refused for its signature', async () => {
    const message =
      'The request signature we calculated does not match.\n\nThe Canonical String for this request should have been\n' +
      "'GET\n/clusters\nx-amz-security-token:LEAKCANARY-session-token'";
    const server = await startServer(
      regions({}, { 'us-east-1/clusters': awsError(403, 'InvalidSignatureException', message) }),
    );
    const { err, code } = await importEks(server, args);
    expect(err).toBe(
      'error: region us-east-1: InvalidSignatureException: The request signature we calculated does not match.\n' +
        'hint: aws configure, or aws sso login\n',
    );
    expect(code).toBe(6);
  });

  it.each([
    ['text/html', '<h1>LEAKCANARY</h1>'],
    ['no content type', { status: 'LEAKCANARY' }],
    ['no content type', {}],
  ])('takes no answer of another service for a list: %s %j', async (type, body) => {
    const headers: Record<string, string> = type.includes('/') ? { 'content-type': type } : {};
    const server = await startServer(() => ({ headers, body }));
    const { out, err, code } = await importEks(server, args);
    expect({ out, err, code }).toEqual({
      out: '',
      err:
        `error: region us-east-1: EKS answered with ${type}, not with its API\n` +
        'hint: is this the address of the API, and is nothing in between that wants a login?\n',
      code: 7,
    });
  });

  it.each([[403], [407], [404]])('shows nothing of a page that a proxy answers with %d', async (status) => {
    const headers = { 'content-type': 'text/html' };
    const server = await startServer(() => ({ status, headers, body: '<h1>LEAKCANARY</h1>' }));
    const { err, code } = await importEks(server, args);
    expect({ err, code }).toEqual({
      err:
        `error: region us-east-1: EKS answered ${status}, and not as its API does\n` +
        'hint: is there a proxy in between that does not let it through?\n',
      code: 7,
    });
  });

  it('ends with --timeout on a server that never answers', async () => {
    const server = await startServer(() => ({ delay: Number.POSITIVE_INFINITY }));
    const { err, code } = await importEks(server, [...args, '--timeout', '300ms']);
    expect(err).toBe(lines('error: not done within 300ms', 'hint: give it more time with --timeout'));
    expect(code).toBe(8);
  });
});

describe('credentials and flags', () => {
  it('ends soon without credentials, even where a metadata server hangs', async () => {
    const hanging = await startServer(() => ({ delay: Number.POSITIVE_INFINITY }));
    const env = withoutCredentials(hanging.url);
    const before = Date.now();
    const { out, err, code } = await run(['import', 'eks', '--region', 'us-east-1'], { env });
    expect(Date.now() - before).toBeLessThan(10_000);
    expect({ out, err, code }).toEqual({
      out: '',
      err: 'error: no AWS credentials found\nhint: aws configure, or aws sso login\n',
      code: 6,
    });
  });

  it('reads region and keys of a profile', async () => {
    const server = await startServer(regions({ 'eu-west-1': ['prod-eu'] }));
    const env = withoutCredentials('http://127.0.0.1:9');
    writeFileSync(env.AWS_CONFIG_FILE, '[profile fleet]\nregion = eu-west-1\n');
    writeFileSync(
      env.AWS_SHARED_CREDENTIALS_FILE,
      '[fleet]\naws_access_key_id = AKIAFLEET\naws_secret_access_key = LEAKCANARY-profile\n',
    );
    const { out, err, code } = await importEks(server, ['--profile', 'fleet', ...names], env);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toContain('prod-eu');
    expect(server.requests[0]?.authorization).toContain('Credential=AKIAFLEET/');
  });

  it('says what a profile lacks, and nothing of its credential process', async () => {
    const env = withoutCredentials('http://127.0.0.1:9');
    writeFileSync(
      env.AWS_CONFIG_FILE,
      '[profile fleet]\nregion = eu-west-1\ncredential_process = false --token LEAKCANARY\n',
    );
    const { err, code } = await run(['import', 'eks', '--profile', 'fleet'], { env });
    expect(err).toBe(
      'error: no AWS credentials found for profile fleet\nhint: aws configure --profile fleet, or aws sso login --profile fleet\n',
    );
    expect(code).toBe(6);
  });

  it.each([
    [[], 'which region? --region names it\nhint: aws configure get region shows yours'],
    [['--region', 'us east'], '"us east" is not the name of a region'],
    [
      ['--region', 'us-east-1', '--tags-as-labels', 'no/prefix'],
      '--tags-as-labels takes the prefix of label keys, such as aws.example.com',
    ],
  ])('refuses %j', async (args, message) => {
    const env = withoutCredentials('http://127.0.0.1:9');
    const { err, code } = await run(['import', 'eks', ...args], { env });
    expect(err).toBe(`error: ${message}\n`);
    expect(code).toBe(2);
  });

  it('sends no request without TLS to another machine', async () => {
    const env = { AWS_ENDPOINT_URL_EKS: 'http://eks.example.com', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    const { err, code } = await run(['import', 'eks', '--region', 'us-east-1'], { env });
    expect(err).toBe('error: AWS_ENDPOINT_URL_EKS must be an https URL, since a token is sent to it\n');
    expect(code).toBe(2);
  });
});

it('reads the objects of ACK from a cluster, without asking AWS', async () => {
  const ack = {
    metadata: { name: 'prod-us', namespace: 'prod-fleet', creationTimestamp: '2026-03-01T10:00:00Z' },
    spec: { name: 'prod-us', version: '1.33' },
    status: {
      status: 'ACTIVE',
      endpoint: 'https://PRODUS.gr7.us-east-1.eks.amazonaws.com',
      certificateAuthority: { data: ca },
    },
  };
  const hub = await startServer(({ path }) =>
    path === '/apis/eks.services.k8s.aws/v1alpha1/clusters'
      ? { body: { apiVersion: 'eks.services.k8s.aws/v1alpha1', kind: 'ClusterList', metadata: {}, items: [ack] } }
      : undefined,
  );
  const config = join(scratchFolder(), 'config');
  const clusters = [{ name: 'hub', cluster: { server: hub.url } }];
  const contexts = [{ name: 'hub-a', context: { cluster: 'hub', user: 'ci' } }];
  writeFileSync(config, JSON.stringify({ kind: 'Config', clusters, contexts, users: [{ name: 'ci', user: {} }] }));
  const source = ['--source-kubeconfig', config, '--source-context', 'hub-a'];
  const { out, err, code } = await run(['import', 'eks', '--ack', ...source, ...names]);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toBe('clusterprofile.multicluster.x-k8s.io/prod-us\n');
});

it('works as it is shipped', async () => {
  const server = await startServer(regions({ 'us-east-1': ['prod-us'] }));
  const ran = await runBuilt(['import', 'eks', '--region', 'us-east-1', ...names], { env: keysIn(server) });
  expect(ran).toEqual({ code: 0, out: 'clusterprofile.multicluster.x-k8s.io/prod-us\n', err: '' });
});

it('goes through the proxy of the environment', async () => {
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIALEAKCANARY',
    AWS_SECRET_ACCESS_KEY: 'LEAKCANARY',
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
  };
  const { code, err } = await run(['import', 'eks', '--region', 'eu-west-1', '--timeout', '10s'], { env });
  proxy.close();
  expect(asked[0]).toBe('eks.eu-west-1.amazonaws.com:443');
  expect(code).not.toBe(0);
  expect(err).not.toContain('LEAKCANARY');
});
