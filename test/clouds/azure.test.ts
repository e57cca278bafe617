import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../support/certificates.ts';
import {
  aksId,
  armError,
  fleet,
  fleetId,
  managedCluster,
  member,
  recordingProxy,
  sequence,
  serve,
  startServer,
  scratchFolder,
  subscription,
  type Answer,
  type CloudServer,
  type SeenRequest,
} from '../support/cloud-servers.ts';
import { nowhere, run, runBuilt, type Ran } from '../support/run.ts';
import { endOf, lines } from '../support/text.ts';

const token = 'LEAKCANARY-azure-token';

type Handler = (request: SeenRequest) => Answer | undefined;

const scope = `/subscriptions/${subscription}/providers/Microsoft.ContainerService`;
const fleets = `${scope}/fleets`;
const members = `${fleetId('prod-fleet')}/members`;
const clusters = `${scope}/managedClusters`;
const other = '22222222-2222-3333-4444-555555555555';

/** A subscription with one fleet of one member, `prod-us`, with the answers of a test before its own. */
const subscriptionOf =
  (answers: Record<string, Answer | Handler> = {}): Handler =>
  (request) => {
    const own = answers[request.path];
    if (own) return typeof own === 'function' ? own(request) : own;
    if (request.path === fleets) return { body: { value: [fleet('prod-fleet')] } };
    if (request.path === members) return { body: { value: [member('prod-fleet', 'prod-us')], nextLink: null } };
    if (request.path === clusters) return { body: { value: [managedCluster('prod-us')] } };
    return undefined;
  };

/** `import azure` with a token, against a server. */
async function importAzure(server: CloudServer, args: string[] = [], env: Record<string, string> = {}): Promise<Ran> {
  const ran = await run(['import', 'azure', '--subscription', subscription, '--endpoint', server.url, ...args], {
    env: { AZURE_ACCESS_TOKEN: token, ...env },
  });
  expect(`${ran.out}${ran.err}`).not.toContain('LEAKCANARY');
  return ran;
}

const names = ['-o', 'name'];

const busy = (headers: Record<string, string>): Answer => ({
  ...armError(429, 'TooManyRequests', 'The request is being throttled.'),
  headers,
});

const args = (server: CloudServer): string[] => [
  'import',
  'azure',
  '--subscription',
  subscription,
  '--endpoint',
  server.url,
];

const noCa = 'warning: Azure does not tell the CA of AKS API servers here, so consumers need it from elsewhere\n';

describe('reading fleets', () => {
  it('reads all fleets of a subscription, their members and clusters, labels included', async () => {
    const server = await startServer(
      subscriptionOf({
        [fleets]: { body: { value: [fleet('prod-fleet'), fleet('staging-fleet')] } },
        [`${fleetId('staging-fleet')}/members`]: { body: { value: [member('staging-fleet', 'staging-asia')] } },
        [clusters]: { body: { value: [managedCluster('prod-us'), managedCluster('staging-asia')] } },
      }),
    );
    const { out, err, code } = await importAzure(server);
    expect({ err, code }).toEqual({ err: noCa, code: 0 });
    expect(out.match(/^ {2}namespace: .*$/gm)).toEqual(['  namespace: prod-fleet', '  namespace: staging-fleet']);
    expect(out).toContain('environment: production');
    expect(out).toContain('fleet.azure.com/location: eastus');
    expect(out).toContain('kubernetes: v1.33.2');
    expect(out).toContain('server: https://prod-us-abcd1234.hcp.eastus.azmk8s.io:443');
    expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${token}`]));
    expect(server.paths().filter((path) => path === clusters)).toHaveLength(1);
    expect(server.requests.map(({ query }) => query.get('api-version'))).toContain('2026-06-01');
  });

  it('follows pages to the end', async () => {
    const pages: Record<string, (url: string) => Answer> = {
      '': (url) => ({
        body: { value: [member('prod-fleet', 'prod-us')], nextLink: `${url}${members}?$skipToken=two` },
      }),
      two: (url) => ({ body: { value: [], nextLink: `${url}${members}?$skipToken=three&api-version=2026-06-01` } }),
      three: () => ({ body: { value: [member('prod-fleet', 'prod-eu')], nextLink: '' } }),
    };
    const server: CloudServer = await startServer(
      subscriptionOf({ [members]: ({ query }) => pages[query.get('$skipToken') ?? '']?.(server.url) }),
    );
    const { out, code } = await importAzure(server, names);
    expect(code).toBe(0);
    expect(out).toContain('prod-eu');
    expect(out).toContain('prod-us');
    expect(server.requests.filter(({ path }) => path === members)).toHaveLength(3);
  });

  it('sends nothing to the next page of another origin', async () => {
    const thief = await startServer(() => ({ body: { value: [] } }));
    const server = await startServer(
      subscriptionOf({ [members]: { body: { value: [], nextLink: `${thief.url}/steal` } } }),
    );
    const { out, err, code } = await importAzure(server, names);
    expect({ out, code }).toEqual({ out: '', code: 7 });
    expect(err).toBe(
      `error: fleet prod-fleet: the next page is at ${thief.url}, not at ${server.url}: nothing was sent there\n`,
    );
    expect(thief.requests).toHaveLength(0);
  });

  it('stops when the server hands out the same page again', async () => {
    const server: CloudServer = await startServer(
      subscriptionOf({ [members]: () => ({ body: { value: [], nextLink: `${server.url}${members}?page=1` } }) }),
    );
    const { err, code } = await importAzure(server, names);
    expect(code).toBe(7);
    expect(err).toBe('error: fleet prod-fleet: Azure answers the same page again\n');
  });

  it('reads a fleet by resource group and name without the right to list fleets', async () => {
    const server = await startServer(subscriptionOf({ [fleets]: armError(403, 'AuthorizationFailed', 'no') }));
    const { code } = await importAzure(server, ['--resource-group', 'rg-fleet', '--fleet', 'prod-fleet', ...names]);
    expect(code).toBe(0);
    expect(server.paths()).toEqual([members, clusters]);
  });

  it('finds a fleet by its name, in any case', async () => {
    const server = await startServer(subscriptionOf());
    expect(await importAzure(server, ['--fleet', 'Prod-Fleet', ...names])).toMatchObject({ code: 0 });
    const { err, code } = await importAzure(server, ['--fleet', 'nope', ...names]);
    expect(code).toBe(9);
    expect(err).toBe('error: fleet nope: there is no such fleet\n');
  });

  it('reads the fleets of a resource group', async () => {
    const group = fleetId('prod-fleet').replace('/prod-fleet', '');
    const server = await startServer(subscriptionOf({ [group]: { body: { value: [fleet('prod-fleet')] } } }));
    expect(await importAzure(server, ['--resource-group', 'rg-fleet', ...names])).toMatchObject({ code: 0 });
    expect(server.paths()[0]).toBe(group);
  });

  it('has nothing to say of a subscription without fleets', async () => {
    const server = await startServer(subscriptionOf({ [fleets]: { body: { value: [] } } }));
    expect(await importAzure(server, names)).toEqual({ out: '', err: 'note: no cluster found\n', code: 0 });
  });

  it('does without labels where the newer API is not known', async () => {
    const unknown = armError(
      400,
      'NoRegisteredProviderFound',
      "No registered resource provider found for '2026-06-01'",
    );
    const server = await startServer((request) =>
      request.query.get('api-version') === '2026-06-01' ? unknown : subscriptionOf()(request),
    );
    const { out, err, code } = await importAzure(server);
    expect(code).toBe(0);
    expect(out).toContain('name: prod-us');
    expect(err).toBe(
      lines(
        'warning: this cloud does not know API version 2026-06-01: members come without labels',
        'warning: Azure does not tell the CA of AKS API servers here, so consumers need it from elsewhere',
      ),
    );
  });

  it('reads only members with --no-enrich', async () => {
    const server = await startServer(subscriptionOf());
    const { out, err, code } = await importAzure(server, ['--no-enrich']);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).not.toContain('accessProviders');
    expect(server.paths()).toEqual([fleets, members]);
  });

  it('asks once for each subscription and kind of cluster', async () => {
    const arc = `/subscriptions/${subscription}/resourceGroups/rg-edge/providers/Microsoft.Kubernetes/connectedClusters/shop-1`;
    const value = [
      ...Array.from({ length: 1000 }, (_, index) =>
        member('prod-fleet', `prod-${index}`, index % 2 ? other : undefined),
      ),
      { ...member('prod-fleet', 'shop-1'), properties: { clusterResourceId: arc, provisioningState: 'Succeeded' } },
    ];
    const own = Array.from({ length: 1000 }, (_, index) =>
      managedCluster(`prod-${index}`, index % 2 ? other : undefined),
    );
    const connected = {
      id: arc,
      location: 'eastus',
      properties: { kubernetesVersion: '1.30.4', connectivityStatus: 'Connected' },
    };
    const server = await startServer(
      subscriptionOf({
        [members]: { body: { value } },
        [clusters]: { body: { value: own.filter(({ id }) => String(id).includes(subscription)) } },
        [clusters.replace(subscription, other)]: {
          body: { value: own.filter(({ id }) => String(id).includes(other)) },
        },
        [`/subscriptions/${subscription}/providers/Microsoft.Kubernetes/connectedClusters`]: {
          body: { value: [connected] },
        },
      }),
    );
    const { out, code } = await importAzure(server, names);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(1001);
    expect(server.requests).toHaveLength(5);
  });

  it('takes the subscription from AZURE_SUBSCRIPTION_ID, and wants one', async () => {
    const server = await startServer(subscriptionOf());
    const args = ['import', 'azure', '--endpoint', server.url, ...names];
    const env = { AZURE_ACCESS_TOKEN: token };
    expect(await run(args, { env: { ...env, AZURE_SUBSCRIPTION_ID: subscription } })).toMatchObject({ code: 0 });
    const { err, code } = await run(args, { env });
    expect(code).toBe(2);
    expect(err).toBe(
      lines(
        'error: which subscription? --subscription names it',
        'hint: az account show --query id --output tsv shows yours',
      ),
    );
  });
});

const noRight =
  "AuthorizationFailed: The client 'ci' does not have authorization to perform action 'Microsoft.ContainerService/fleets/members/read' over scope 'x'";
const assignReader = 'hint: az role assignment create --assignee <who> --role Reader --scope <the scope above>';

describe('parts that cannot be read', () => {
  const denied = armError(
    403,
    'AuthorizationFailed',
    "The client 'ci' does not have authorization to perform action 'Microsoft.ContainerService/fleets/members/read' over scope 'x'",
  );

  it('prints the other fleets when one is not allowed, and prunes nothing', async () => {
    const server = await startServer(
      subscriptionOf({
        [fleets]: { body: { value: [fleet('prod-fleet'), fleet('staging-fleet')] } },
        [`${fleetId('staging-fleet')}/members`]: denied,
      }),
    );
    const { out, err, code } = await importAzure(server, names);
    expect(code).toBe(4);
    expect(out).toContain('prod-us');
    expect(endOf(err)).toBe(lines(`error: fleet staging-fleet: ${noRight}`, assignReader));
    const inventory = scratchFolder();
    const pruned = await importAzure(server, ['--apply', '--prune', '--yes', '--inventory', inventory]);
    expect(pruned.code).toBe(4);
    expect(pruned.err).toContain('not pruned: part of the source could not be read\n');
  });

  it('prints the other subscriptions when one is not allowed', async () => {
    const server = await startServer(subscriptionOf({ [fleets.replace(subscription, other)]: denied }));
    const { out, err, code } = await importAzure(server, ['--subscription', other, ...names]);
    expect(code).toBe(4);
    expect(out).toContain('prod-us');
    expect(endOf(err)).toBe(lines(`error: subscription ${other}: ${noRight}`, assignReader));
  });

  it('fails when nothing can be read', async () => {
    const server = await startServer(() => denied);
    expect(await importAzure(server, names)).toMatchObject({ out: '', code: 6 });
    const both = await importAzure(server, ['--subscription', other, ...names]);
    expect(both).toMatchObject({ out: '', code: 6 });
    expect(both.err).toBe(
      lines(
        ...[subscription, other].flatMap((id) => [`error: subscription ${id}: ${noRight}`, assignReader]),
        'error: nothing could be read',
      ),
    );
  });

  it('makes profiles from members alone when clusters may not be read (exit 4), and says what does without', async () => {
    const value = [member('prod-fleet', 'prod-us'), member('prod-fleet', 'prod-eu')];
    const server = await startServer(subscriptionOf({ [members]: { body: { value } }, [clusters]: denied }));
    const { out, err, code } = await importAzure(server);
    expect(code).toBe(4);
    expect(out.match(/^kind: ClusterProfile$/gm)).toHaveLength(2);
    expect(out).not.toContain('ControlPlaneHealthy');
    expect(err.match(/^error: /gm)).toHaveLength(1);
    expect(err).toContain(`error: AKS clusters of subscription ${subscription}: AuthorizationFailed`);
    expect(err).toContain('; or leave them out with --no-enrich\n');
  });

  it('knows a cluster that is gone from one that the list does not show', async () => {
    const value = ['prod-us', 'prod-eu', 'staging-asia'].map((name) => member('prod-fleet', name));
    const server = await startServer(
      subscriptionOf({
        [members]: { body: { value } },
        [aksId('prod-eu')]: armError(404, 'ResourceNotFound', 'The Resource was not found.'),
        [aksId('staging-asia')]: denied,
      }),
    );
    const { out, err, code } = await importAzure(server);
    expect(code).toBe(4);
    expect(err).toContain(`error: AKS clusters of subscription ${subscription}: AuthorizationFailed`);
    expect(out.match(/reason: ClusterMissing/g)).toHaveLength(1);
    const some = await importAzure(server, ['--skip-missing', ...names]);
    expect(some.out).not.toContain('prod-eu');
    expect(some.out).toContain('staging-asia');
  });
});

describe('throttling and slowness', () => {
  const good: Answer = { body: { value: [member('prod-fleet', 'prod-us')] } };

  it.each([[{ 'retry-after': '1' }], [{ 'retry-after-ms': '950' }], [{ 'x-ms-retry-after-ms': '950' }]])(
    'waits as long as a 429 says: %o',
    async (headers) => {
      const server = await startServer(
        subscriptionOf({ [members]: sequence(busy(headers as Record<string, string>), good) }),
      );
      const before = Date.now();
      expect(await importAzure(server, names)).toMatchObject({ code: 0 });
      expect(Date.now() - before).toBeGreaterThan(900);
    },
  );

  it('does not wait for an hour, and says what the service says', async () => {
    const server = await startServer(subscriptionOf({ [members]: busy({ 'retry-after': '3600' }) }));
    const { err, code } = await importAzure(server, names);
    expect(code).toBe(8);
    expect(err).toBe('error: fleet prod-fleet: TooManyRequests: The request is being throttled.\n');
    expect(server.requests.filter(({ path }) => path === members)).toHaveLength(1);
  });

  it('tries again after 503', async () => {
    const server = await startServer(subscriptionOf({ [members]: sequence({ status: 503, body: 'busy' }, good) }));
    expect(await importAzure(server, names)).toMatchObject({ code: 0 });
  });

  it('ends a slow second page with --timeout', async () => {
    const server: CloudServer = await startServer(
      subscriptionOf({
        [members]: ({ query }) =>
          query.get('page') === '2'
            ? { delay: Number.POSITIVE_INFINITY }
            : { body: { value: [], nextLink: `${server.url}${members}?page=2` } },
      }),
    );
    const before = Date.now();
    const { err, code } = await importAzure(server, ['--timeout', '1s', ...names]);
    expect(code).toBe(8);
    expect(err).toBe(lines('error: not done within 1s', 'hint: give it more time with --timeout'));
    expect(Date.now() - before).toBeLessThan(10_000);
  });

  it('does not follow redirects', async () => {
    const elsewhere = await startServer(() => good);
    const server = await startServer(() => ({ status: 307, headers: { location: elsewhere.url } }));
    expect(await importAzure(server, names)).toMatchObject({ code: 7 });
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('says so when nobody listens', async () => {
    const closed = await serve(() => ({}));
    await closed.close();
    const silent = await importAzure(closed, names);
    expect(silent.code).toBe(7);
    expect(silent.err).toBe(`error: subscription ${subscription}: cannot reach ${closed.host}: connection refused\n`);
  });

  it.each([
    ['text/html', '<html>LEAKCANARY</html>'],
    ['application/json', '<html>LEAKCANARY</html>'],
    ['application/json', { status: 'LEAKCANARY' }],
    ['application/json', { value: 'LEAKCANARY' }],
  ])('takes no answer of another service for a list: %s %j', async (type, body) => {
    const server = await startServer(() => ({ body, headers: { 'content-type': type } }));
    const { out, err, code } = await importAzure(server, names);
    expect({ out, err, code }).toEqual({
      out: '',
      err:
        `error: subscription ${subscription}: ${server.host} answered with ${type}, not with its API\n` +
        'hint: is this the address of the API, and is nothing in between that wants a login?\n',
      code: 7,
    });
  });
});

describe('credentials', () => {
  it.each([
    ['http://management.example.com', '--endpoint must be an https URL, since a token is sent to it'],
    ['nowhere', '--endpoint takes a URL such as https://api.example.com'],
  ])('sends no token to %s', async (endpoint, message) => {
    const { err, code } = await run(['import', 'azure', '--subscription', subscription, '--endpoint', endpoint], {
      env: { AZURE_ACCESS_TOKEN: token },
    });
    expect(code).toBe(2);
    expect(err).toBe(`error: ${message}\n`);
  });

  it('takes a managed identity through the chain of the SDK', async () => {
    const identity = await startServer(({ headers, query }) =>
      headers['x-identity-header'] === 'LEAKCANARY-header' && query.has('resource')
        ? {
            body: {
              access_token: 'LEAKCANARY-identity',
              expires_on: String(Math.floor(Date.now() / 1000) + 3600),
              token_type: 'Bearer',
            },
          }
        : undefined,
    );
    const env = {
      IDENTITY_ENDPOINT: `${identity.url}/token`,
      IDENTITY_HEADER: 'LEAKCANARY-header',
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    };
    const server = await startServer(subscriptionOf());
    const words = ['import', 'azure', '--subscription', subscription, '--endpoint', server.url, ...names];
    const ran = await run(words, { env });
    expect(ran).toMatchObject({ code: 0 });
    expect(server.requests[0]?.authorization).toBe('Bearer LEAKCANARY-identity');
    expect(`${ran.out}${ran.err}`).not.toContain('LEAKCANARY');
  });

  it('says so when the chain is told to use what there is not', async () => {
    const env = { AZURE_TOKEN_CREDENTIALS: 'NoSuchCredential' };
    const server = await startServer(subscriptionOf());
    const words = ['import', 'azure', '--subscription', subscription, '--endpoint', server.url];
    const { err, code } = await run(words, { env });
    expect(code).toBe(6);
    expect(err).toMatch(
      /^error: no token from Azure: Invalid value for AZURE_TOKEN_CREDENTIALS = NoSuchCredential\. .*\nhint: az login, or set AZURE_CLIENT_ID, AZURE_TENANT_ID and a secret, certificate or federated token\n$/,
    );
  });

  it('says so when a token is refused', async () => {
    const server = await startServer(() =>
      armError(401, 'ExpiredAuthenticationToken', 'The access token expiry is past.'),
    );
    const { err, code } = await importAzure(server, names);
    expect(code).toBe(6);
    expect(err).toBe(
      lines(
        `error: subscription ${subscription}: ExpiredAuthenticationToken: The access token expiry is past.`,
        'hint: az login (--tenant names another tenant), and check --subscription',
      ),
    );
  });
});

describe('the built program', () => {
  const spawned = (words: string[], env: Record<string, string>): Promise<Ran> =>
    runBuilt(words, { env: { PATH: nowhere, ...env } });
  it('prints a fleet over TLS with an authority of its own, and nothing of the token', async () => {
    const authority = createAuthority('Test Resource Manager');
    const file = join(scratchFolder(), 'ca.pem');
    writeFileSync(file, authority.cert);
    const certificate = authority.issue({ commonName: 'arm', hosts: ['127.0.0.1'] });
    const server: CloudServer = await startServer(
      subscriptionOf({
        [members]: ({ query }) =>
          query.has('$skipToken')
            ? { body: { value: [member('prod-fleet', 'prod-eu')] } }
            : { body: { value: [member('prod-fleet', 'prod-us')], nextLink: `${server.url}${members}?$skipToken=2` } },
      }),
      certificate,
    );
    const ran = await spawned(args(server), { AZURE_ACCESS_TOKEN: token, NODE_EXTRA_CA_CERTS: file });
    expect(ran).toMatchObject({ err: `${noCa}note: no server, so no access provider: prod-eu\n`, code: 0 });
    expect(ran.out).toContain('environment: production');
    expect(ran.out.match(/^kind: ClusterProfile$/gm)).toHaveLength(2);
    expect(ran.out).not.toContain('LEAKCANARY');
    expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${token}`]));
    const unknown = await spawned(args(server), { AZURE_ACCESS_TOKEN: token });
    expect(unknown.code).toBe(7);
    expect(unknown.err).toBe(
      lines(
        `error: subscription ${subscription}: cannot reach ${server.host}: unable to verify the first certificate`,
        'hint: NODE_EXTRA_CA_CERTS names a file with the CA that signed its certificate',
      ),
    );
  });

  it('says how to log in when there are no credentials, within three seconds', async () => {
    const server = await startServer(subscriptionOf());
    const before = Date.now();
    const { err, code } = await spawned(args(server), { AZURE_TOKEN_CREDENTIALS: 'dev' });
    expect(Date.now() - before).toBeLessThan(10_000);
    expect(code).toBe(6);
    expect(err).toBe(
      lines(
        'error: no Azure credentials found',
        'hint: az login, or set AZURE_CLIENT_ID, AZURE_TENANT_ID and a secret, certificate or federated token',
      ),
    );
    expect(server.requests).toHaveLength(0);
  });

  it('goes through the proxy that the environment names', async () => {
    const proxy = await recordingProxy();
    const { err, code } = await spawned(['import', 'azure', '--subscription', subscription, '--timeout', '20s'], {
      AZURE_ACCESS_TOKEN: token,
      HTTPS_PROXY: proxy.url,
    });
    expect(code).toBe(7);
    expect(err).toBe(
      lines(
        `error: subscription ${subscription}: Azure Resource Manager answered 403, and not as its API does`,
        'hint: is there a proxy in between that does not let it through?',
      ),
    );
    expect(new Set(proxy.connects)).toEqual(new Set(['management.azure.com:443']));
  });
});
