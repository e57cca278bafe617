import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  gkeCluster,
  googleError,
  membership,
  recordingProxy,
  sequence,
  serve,
  startServer,
  scratchFolder,
  type Answer,
  type CloudServer,
  type SeenRequest,
} from '../support/cloud-servers.ts';
import { nowhere, run, runBuilt, type Ran } from '../support/run.ts';
import { lines } from '../support/text.ts';

const token = 'LEAKCANARY-google-token';

const memberships = '/v1/projects/prod-fleet/locations/-/memberships';
const project = { name: 'projects/123456789012', projectId: 'prod-fleet' };

/** A fleet of one member, `prod-us`, with the answers of a test before its own. */
const fleetOf =
  (answers: Record<string, Answer | ((request: SeenRequest) => Answer)> = {}) =>
  (request: SeenRequest): Answer | undefined => {
    const own = answers[request.path];
    if (own) return typeof own === 'function' ? own(request) : own;
    if (request.path === memberships)
      return { body: { resources: [membership('prod-fleet', 'us-central1', 'prod-us')] } };
    if (request.path === '/v3/projects/prod-fleet') return { body: project };
    if (request.path === '/v1/projects/prod-clusters/locations/-/clusters')
      return { body: { clusters: [gkeCluster('us-central1', 'prod-us')] } };
    return undefined;
  };

/** `import gke` with a token, against a server. */
async function importGke(server: CloudServer, args: string[] = [], env: Record<string, string> = {}): Promise<Ran> {
  const ran = await run(['import', 'gke', '--project', 'prod-fleet', '--endpoint', server.url, ...args], {
    env: { CLOUDSDK_AUTH_ACCESS_TOKEN: token, ...env },
  });
  expect(`${ran.out}${ran.err}`).not.toContain('LEAKCANARY');
  return ran;
}

const names = ['-o', 'name'];

const busy = (seconds: string): Answer => ({
  ...googleError(429, "Quota exceeded for quota metric 'Read requests'", 'RATE_LIMIT_EXCEEDED'),
  headers: { 'retry-after': seconds },
});

const federated = (server: CloudServer, folder: string, more: object = {}): string => {
  writeFileSync(join(folder, 'subject'), 'LEAKCANARY-subject-token');
  const file = join(folder, 'credentials.json');
  writeFileSync(
    file,
    JSON.stringify({
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/ci',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${server.url}/sts`,
      credential_source: { file: join(folder, 'subject') },
      ...more,
    }),
  );
  return file;
};

/** `import gke` with an environment of its own and no token. */
async function importWith(server: CloudServer, env: Record<string, string>, args: string[] = []): Promise<Ran> {
  const ran = await run(['import', 'gke', '--project', 'prod-fleet', '--endpoint', server.url, ...names, ...args], {
    env: { METADATA_SERVER_DETECTION: 'none', ...env },
  });
  expect(`${ran.out}${ran.err}`).not.toContain('LEAKCANARY');
  return ran;
}

describe('reading a fleet', () => {
  it('reads memberships, project number and clusters with one token', async () => {
    const server = await startServer(fleetOf());
    const { out, err, code } = await importGke(server);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toContain('name: prod-us-us-central1');
    expect(out).toContain('environment: production');
    expect(out).toContain(
      'server: https://us-central1-connectgateway.googleapis.com/v1/projects/123456789012/locations/us-central1/gkeMemberships/prod-us',
    );
    expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${token}`]));
    expect(server.paths().toSorted()).toEqual([
      '/v1/projects/prod-clusters/locations/-/clusters',
      memberships,
      '/v3/projects/prod-fleet',
    ]);
  });

  it('follows pages to the end, over an empty one', async () => {
    const pages: Record<string, Answer> = {
      '': { body: { resources: [membership('prod-fleet', 'us-central1', 'prod-us')], nextPageToken: 'two' } },
      two: { body: { nextPageToken: 'three' } },
      three: { body: { resources: [membership('prod-fleet', 'europe-west4', 'prod-eu')] } },
    };
    const server = await startServer(
      fleetOf({ [memberships]: ({ query }) => pages[query.get('pageToken') ?? ''] as Answer }),
    );
    const { out, code } = await importGke(server, names);
    expect(code).toBe(0);
    expect(out).toContain('prod-eu-europe-west4');
    expect(out).toContain('prod-us-us-central1');
    expect(
      server.requests.filter(({ path }) => path === memberships).map(({ query }) => query.get('pageSize')),
    ).toEqual(['500', '500', '500']);
  });

  it('takes an empty answer for an empty last page', async () => {
    const more = { body: { resources: [membership('prod-fleet', 'us-central1', 'prod-us')], nextPageToken: 'two' } };
    const server = await startServer(fleetOf({ [memberships]: sequence<Answer>(more, { body: {} }) }));
    expect(await importGke(server, names)).toMatchObject({ err: '', code: 0 });
  });

  it('stops when the server hands out the same page again', async () => {
    const server = await startServer(fleetOf({ [memberships]: { body: { resources: [], nextPageToken: 'again' } } }));
    const { err, code } = await importGke(server, names);
    expect(code).toBe(7);
    expect(err).toBe('error: project prod-fleet: GKE Hub answers the same page again\n');
  });

  it('lists the clusters of a project once, whatever number of members is there', async () => {
    const resources = Array.from({ length: 1200 }, (_, index) =>
      membership('prod-fleet', 'us-central1', `prod-${index}`),
    );
    const server = await startServer(fleetOf({ [memberships]: { body: { resources } } }));
    const { out, code } = await importGke(server, names);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(1200);
    expect(server.requests).toHaveLength(3);
  });

  it('reads less with --no-enrich and --project-number', async () => {
    const server = await startServer(fleetOf());
    const { out, code } = await importGke(server, ['--no-enrich', '--project-number', '42']);
    expect(code).toBe(0);
    expect(out).toContain('/v1/projects/42/locations/us-central1/gkeMemberships/prod-us');
    expect(server.paths()).toEqual([memberships]);
  });

  it('reads one location', async () => {
    const server = await startServer((request) =>
      fleetOf()({
        ...request,
        path: request.path.replace('locations/us-central1/memberships', 'locations/-/memberships'),
      }),
    );
    expect((await importGke(server, ['--location', 'us-central1', ...names])).code).toBe(0);
    expect(server.paths()).toContain('/v1/projects/prod-fleet/locations/us-central1/memberships');
    const pruned = await importGke(server, [
      '--location',
      'us-central1',
      '--prune',
      '--diff',
      '--inventory',
      scratchFolder(),
    ]);
    expect(pruned).toMatchObject({ code: 2 });
    expect(pruned.err).toBe('error: --prune takes the whole fleet: without --location\n');
  });

  it.each([
    ['CLOUDSDK_API_ENDPOINT_OVERRIDES_GKEHUB', memberships],
    ['CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER', '/v1/projects/prod-clusters/locations/-/clusters'],
    ['CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER', '/v3/projects/prod-fleet'],
  ])('honours %s', async (variable, path) => {
    const common = await startServer(fleetOf());
    const special = await startServer(fleetOf());
    const env: Record<string, string> = Object.fromEntries(
      ['GKEHUB', 'CONTAINER', 'CLOUDRESOURCEMANAGER'].map((api) => [
        `CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`,
        `${common.url}/`,
      ]),
    );
    const { code } = await run(['import', 'gke', ...names], {
      env: { ...env, [variable]: special.url, GOOGLE_OAUTH_ACCESS_TOKEN: token, GOOGLE_CLOUD_PROJECT: 'prod-fleet' },
    });
    expect(code).toBe(0);
    expect(special.paths()).toEqual([path]);
    expect(common.paths()).toHaveLength(2);
  });

  it.each([
    ['http://api.example.com', 'must be an https URL, since a token is sent to it'],
    ['nowhere', 'takes a URL such as https://api.example.com'],
    ['https://me:LEAKCANARY@api.example.com', 'takes a URL without user, query and fragment'],
  ])('sends no token to %s', async (endpoint, message) => {
    const { err, code } = await run(['import', 'gke', '--project', 'prod-fleet', '--endpoint', endpoint], {
      env: { CLOUDSDK_AUTH_ACCESS_TOKEN: token },
    });
    expect(code).toBe(2);
    expect(err).toBe(`error: project prod-fleet: --endpoint ${message}\n`);
  });

  it('wants a project', async () => {
    const { err, code } = await run(['import', 'gke'], { env: { CLOUDSDK_AUTH_ACCESS_TOKEN: token } });
    expect(code).toBe(2);
    expect(err).toBe(
      lines(
        'error: which fleet? --project names its host project',
        'hint: gcloud config get-value project shows yours',
      ),
    );
  });
});

describe('parts that cannot be read', () => {
  const both = ['--project', 'staging-fleet'];

  it('reports unreachable locations and missing zones, and prunes nothing', async () => {
    const server = await startServer(
      fleetOf({
        [memberships]: {
          body: {
            resources: [membership('prod-fleet', 'us-central1', 'prod-us')],
            unreachable: ['projects/prod-fleet/locations/us-west4'],
          },
        },
        '/v1/projects/prod-clusters/locations/-/clusters': { body: { missingZones: ['europe-west4-a'] } },
      }),
    );
    const { out, err, code } = await importGke(server, names);
    expect(code).toBe(4);
    expect(out).toContain('prod-us-us-central1');
    const missing = [
      'error: GKE Hub could not reach projects/prod-fleet/locations/us-west4: memberships there are missing',
      'error: GKE did not answer for europe-west4-a: versions, labels and health of clusters there are missing',
    ];
    expect(err).toBe(lines(...missing));
    const applied = await importGke(server, ['--apply', '--prune', '--yes', '--inventory', scratchFolder()]);
    expect(applied.code).toBe(4);
    expect(applied.err).toContain(`${lines(...missing)}not pruned: part of the source could not be read\n`);
  });

  it('prints the other projects when one is not allowed', async () => {
    const denied =
      "Permission 'gkehub.memberships.list' denied on resource '//gkehub.googleapis.com/projects/staging-fleet'";
    const server = await startServer(
      fleetOf({
        '/v1/projects/staging-fleet/locations/-/memberships': googleError(403, denied, 'IAM_PERMISSION_DENIED'),
      }),
    );
    const { out, err, code } = await importGke(server, [...both, '-o', 'yaml']);
    expect(code).toBe(4);
    // A project of its own each, even while one of them fails.
    expect(out).toContain('namespace: prod-fleet');
    expect(err).toBe(
      lines(
        `error: project staging-fleet: ${denied}`,
        'hint: gcloud projects add-iam-policy-binding staging-fleet --member <who> --role roles/gkehub.viewer',
      ),
    );
  });

  it('fails with every reason when no project can be read', async () => {
    const server = await startServer(() => googleError(403, 'no', 'IAM_PERMISSION_DENIED'));
    const { out, err, code } = await importGke(server, both);
    expect({ out, code }).toEqual({ out: '', code: 6 });
    expect(err).toBe(
      lines(
        ...['prod-fleet', 'staging-fleet'].flatMap((project) => [
          `error: project ${project}: no (it takes gkehub.memberships.list)`,
          `hint: gcloud projects add-iam-policy-binding ${project} --member <who> --role roles/gkehub.viewer`,
        ]),
        'error: nothing could be read',
      ),
    );
  });

  it('says which API is not enabled, and how to enable it', async () => {
    const metadata = { service: 'gkehub.googleapis.com', consumer: 'projects/123456789012' };
    const answer = googleError(
      403,
      'GKE Hub API has not been used in project 123456789012',
      'SERVICE_DISABLED',
      metadata,
    );
    const { err, code } = await importGke(await startServer(() => answer));
    expect(code).toBe(6);
    expect(err).toBe(
      lines(
        'error: project prod-fleet: GKE Hub API has not been used in project 123456789012',
        'hint: gcloud services enable gkehub.googleapis.com --project 123456789012',
      ),
    );
  });

  it('makes profiles without what may not be read (exit 4), and says what does without', async () => {
    const server = await startServer(
      fleetOf({
        '/v1/projects/prod-clusters/locations/-/clusters': googleError(403, 'no clusters', 'IAM_PERMISSION_DENIED'),
        '/v3/projects/prod-fleet': googleError(403, 'no project', 'IAM_PERMISSION_DENIED'),
      }),
    );
    const { out, err, code } = await importGke(server);
    expect(code).toBe(4);
    expect(out).toContain('kubernetes: v1.34.3-gke.1245000');
    expect(out).not.toContain('accessProviders');
    expect(err.match(/^error:/gm)).toHaveLength(2);
    expect(err).toContain('GKE clusters of project prod-clusters: no clusters (it takes container.clusters.list)');
    expect(err).toContain('; or leave them out with --no-enrich\n');
    expect(err).toContain('; or give it with --project-number, which needs no look-up\n');
    const less = await importGke(server, ['--no-enrich', '--project-number', '123456789012']);
    expect(less).toMatchObject({ err: '', code: 0 });
  });

  it.each([['x'], [['x', 5]], [null]])(
    'is a partial read when what is answered is no list of clusters: %j',
    async (clusters) => {
      const answer = { body: { clusters } };
      const server = await startServer(fleetOf({ '/v1/projects/prod-clusters/locations/-/clusters': answer }));
      const { code, err } = await importGke(server, names);
      expect(code).toBe(4);
      expect(err).toContain('what GKE answered is no list of the clusters of project prod-clusters');
    },
  );

  it('is a partial read when clusters fail for a reason that passes', async () => {
    const server = await startServer(
      fleetOf({ '/v1/projects/prod-clusters/locations/-/clusters': googleError(400, 'strange') }),
    );
    expect(await importGke(server, names)).toMatchObject({ code: 4 });
  });
});

describe('throttling and slowness', () => {
  const good: Answer = { body: { resources: [membership('prod-fleet', 'us-central1', 'prod-us')] } };

  it('waits as long as a 429 says', async () => {
    const server = await startServer(fleetOf({ [memberships]: sequence(busy('1'), good) }));
    const before = Date.now();
    const { code } = await importGke(server, names);
    expect(code).toBe(0);
    expect(Date.now() - before).toBeGreaterThan(900);
  });

  it('does not wait longer than half a minute, and says what the service says', async () => {
    const server = await startServer(fleetOf({ [memberships]: busy('31') }));
    const { err, code } = await importGke(server, names);
    expect(code).toBe(8);
    expect(err).toBe("error: project prod-fleet: Quota exceeded for quota metric 'Read requests'\n");
    expect(server.requests).toHaveLength(1);
  });

  it('tries again after 503', async () => {
    const server = await startServer(fleetOf({ [memberships]: sequence({ status: 503, body: 'busy' }, good) }));
    expect(await importGke(server, names)).toMatchObject({ code: 0 });
  });

  it('ends a slow page with --timeout', async () => {
    const server = await startServer(fleetOf({ [memberships]: { delay: Number.POSITIVE_INFINITY } }));
    const before = Date.now();
    const { err, code } = await importGke(server, ['--timeout', '1s', ...names]);
    expect(code).toBe(8);
    expect(err).toBe(lines('error: not done within 1s', 'hint: give it more time with --timeout'));
    expect(Date.now() - before).toBeLessThan(10_000);
  });

  it('ends a slow page that is read as another service account', async () => {
    const account = '/v1/projects/-/serviceAccounts/sre@prod-fleet.iam.gserviceaccount.com:generateAccessToken';
    const impersonated = { accessToken: 'LEAKCANARY-impersonated', expireTime: '2999-01-01T00:00:00Z' };
    const server = await startServer(
      fleetOf({ [memberships]: { delay: Number.POSITIVE_INFINITY }, [account]: { body: impersonated } }),
    );
    const { code } = await importGke(server, ['--timeout', '1s', ...names], {
      CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT: 'sre@prod-fleet.iam.gserviceaccount.com',
      CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: server.url,
    });
    expect(code).toBe(8);
  });

  it('does not follow redirects', async () => {
    const elsewhere = await startServer(() => good);
    const server = await startServer(() => ({ status: 302, headers: { location: elsewhere.url } }));
    expect(await importGke(server, names)).toMatchObject({ code: 7 });
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('says so when nobody listens', async () => {
    const server = await serve(() => ({}));
    await server.close();
    const { err, code } = await importGke(server, names);
    expect(code).toBe(7);
    expect(err).toBe(`error: project prod-fleet: cannot reach ${server.host}: connection refused\n`);
  });

  it.each([
    ['text/html', '<html>LEAKCANARY</html>'],
    ['application/json', { status: 'LEAKCANARY' }],
    ['application/json', []],
  ])('takes no answer of another service for a list: %s %j', async (type, body) => {
    const server = await startServer(() => ({ body, headers: { 'content-type': type } }));
    const { out, err, code } = await importGke(server, names);
    expect({ out, err, code }).toEqual({
      out: '',
      err:
        `error: project prod-fleet: ${server.host} answered with ${type}, not with its API\n` +
        'hint: is this the address of the API, and is nothing in between that wants a login?\n',
      code: 7,
    });
  });
});

describe('credentials', () => {
  const sts = { body: { access_token: 'LEAKCANARY-sts', expires_in: 3600, token_type: 'Bearer' } };

  it('exchanges a federated token, and looks up no project for it', async () => {
    const server = await startServer(fleetOf({ '/sts': sts }));
    const { code } = await importWith(server, { GOOGLE_APPLICATION_CREDENTIALS: federated(server, scratchFolder()) });
    expect(code).toBe(0);
    expect(server.paths()[0]).toBe('/sts');
    expect(server.paths()[1]).toBe(memberships);
    expect(server.requests[1]?.authorization).toBe('Bearer LEAKCANARY-sts');
  });

  it('impersonates the service account of a credential file', async () => {
    const account = '/v1/projects/-/serviceAccounts/ci@prod-fleet.iam.gserviceaccount.com:generateAccessToken';
    const impersonated = { accessToken: 'LEAKCANARY-impersonated', expireTime: '2999-01-01T00:00:00Z' };
    const server = await startServer(fleetOf({ '/sts': sts, [account]: { body: impersonated } }));
    const file = federated(server, scratchFolder(), { service_account_impersonation_url: `${server.url}${account}` });
    expect(await importWith(server, { GOOGLE_APPLICATION_CREDENTIALS: file })).toMatchObject({ code: 0 });
    expect(server.requests[1]?.authorization).toBe('Bearer LEAKCANARY-sts');
    expect(server.requests.at(-1)?.authorization).toBe('Bearer LEAKCANARY-impersonated');
  });

  it('impersonates the service account that gcloud is told to', async () => {
    const account = '/v1/projects/-/serviceAccounts/sre@prod-fleet.iam.gserviceaccount.com:generateAccessToken';
    const impersonated = { accessToken: 'LEAKCANARY-impersonated', expireTime: '2999-01-01T00:00:00Z' };
    const server = await startServer(fleetOf({ [account]: { body: impersonated } }));
    const { code } = await importGke(server, names, {
      CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT: 'sre@prod-fleet.iam.gserviceaccount.com',
      CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: server.url,
    });
    expect(code).toBe(0);
    expect(server.requests[0]).toMatchObject({ path: account, authorization: `Bearer ${token}` });
    expect(server.requests.at(-1)?.authorization).toBe('Bearer LEAKCANARY-impersonated');
  });

  it('finds the file that gcloud writes, and names the quota project in it', async () => {
    const server = await startServer(fleetOf({ '/sts': sts }));
    const folder = scratchFolder();
    const file = federated(server, folder, { quota_project_id: 'billing' });
    writeFileSync(join(folder, 'application_default_credentials.json'), readFileSync(file));
    expect(await importWith(server, { CLOUDSDK_CONFIG: folder })).toMatchObject({ code: 0 });
    expect(server.requests.at(-1)?.headers['x-goog-user-project']).toBe('billing');
  });

  it('uses the metadata server', async () => {
    const metadata = await startServer(({ path, headers }) => {
      if (headers['metadata-flavor'] !== 'Google') return undefined;
      const flavor = { 'metadata-flavor': 'Google' };
      return path.endsWith('/token')
        ? { body: { access_token: 'LEAKCANARY-metadata', expires_in: 3600, token_type: 'Bearer' }, headers: flavor }
        : { body: 'instance/', headers: flavor };
    });
    const server = await startServer(fleetOf());
    const { code } = await importWith(server, { METADATA_SERVER_DETECTION: '', GCE_METADATA_HOST: metadata.host });
    expect(code).toBe(0);
    expect(server.requests[0]?.authorization).toBe('Bearer LEAKCANARY-metadata');
  });

  it('takes no answer of another server for one of the metadata server', async () => {
    const proxy = await startServer(() => ({ body: 'welcome to the hotel' }));
    const server = await startServer(fleetOf());
    const env = { METADATA_SERVER_DETECTION: '', GCE_METADATA_HOST: proxy.host };
    const { err, code } = await importWith(server, env);
    expect(code).toBe(6);
    expect(err).toBe(lines('error: no Google Cloud credentials found', 'hint: gcloud auth application-default login'));
  });

  it('says how to log in when there are none, within three seconds', async () => {
    const silent = await startServer(() => ({ delay: Number.POSITIVE_INFINITY }));
    const server = await startServer(fleetOf());
    const before = Date.now();
    const { err, code } = await importWith(server, { METADATA_SERVER_DETECTION: '', GCE_METADATA_HOST: silent.host });
    expect(Date.now() - before).toBeLessThan(10_000);
    expect({ err, code }).toEqual({
      err: 'error: no Google Cloud credentials found\nhint: gcloud auth application-default login\n',
      code: 6,
    });
    expect(server.requests).toHaveLength(0);
  });

  it('never shows what is in a credential file', async () => {
    const server = await startServer(fleetOf());
    const file = join(scratchFolder(), 'credentials.json');
    writeFileSync(file, 'LEAKCANARY: not JSON');
    const { err, code } = await importWith(server, { GOOGLE_APPLICATION_CREDENTIALS: file });
    expect(code).toBe(6);
    expect(err).toBe(
      lines(`error: ${file} is not a Google Cloud credential file`, 'hint: gcloud auth application-default login'),
    );
  });

  it('says so when the file is not there', async () => {
    const server = await startServer(fleetOf());
    const { err, code } = await importWith(server, { GOOGLE_APPLICATION_CREDENTIALS: nowhere });
    expect(code).toBe(6);
    expect(err).toBe(
      lines(
        `error: cannot read the Google Cloud credentials in ${nowhere}: ENOENT`,
        'hint: gcloud auth application-default login',
      ),
    );
  });

  it('says so when a token is refused', async () => {
    const refused = googleError(401, 'Request had invalid authentication credentials.');
    const { err, code } = await importGke(await startServer(() => refused));
    expect(code).toBe(6);
    expect(err).toBe(
      lines(
        'error: project prod-fleet: Request had invalid authentication credentials.',
        'hint: the token is not valid (any more): gcloud auth application-default login',
      ),
    );
  });

  it.each(['CLOUDSDK_AUTH_ACCESS_TOKEN', 'GOOGLE_OAUTH_ACCESS_TOKEN'])(
    'shows nothing of a token that is none in %s',
    async (variable) => {
      const server = await startServer(fleetOf());
      for (const text of ['LEAK\nCANARY', 'LEAKCANARY\n\nLEAK', 'LEAKCANARY\u2026', 'LEAK CANARY'])
        expect(await importWith(server, { [variable]: text })).toEqual({
          out: '',
          err: `error: ${variable} is no bearer token: it has blanks, line breaks or other characters in it\n`,
          code: 6,
        });
      expect(server.requests).toEqual([]);
    },
  );

  it('follows no redirect with its token, and says what answered', async () => {
    const server = await startServer(() => ({
      status: 302,
      headers: { location: 'http://127.0.0.1:9/login' },
      body: '',
    }));
    const { err, code } = await importGke(server, names);
    expect({ err, code }).toEqual({
      err:
        `error: project prod-fleet: ${server.host} answered 302, and not as its API does\n` +
        'hint: is there a proxy in between that does not let it through?\n',
      code: 7,
    });
  });

  it('says so when the exchange is refused, or never ends', async () => {
    const invalid = { status: 400, body: { error: 'invalid_grant', error_description: 'the token has expired' } };
    const server = await startServer(fleetOf({ '/sts': invalid, '/hangs': { delay: Number.POSITIVE_INFINITY } }));
    const env = { GOOGLE_APPLICATION_CREDENTIALS: federated(server, scratchFolder()) };
    const refused = await importWith(server, env);
    expect(refused.code).toBe(6);
    expect(refused.err).toBe(
      lines(
        'error: project prod-fleet: cannot get a token from Google Cloud: Error code invalid_grant: the token has expired',
        'hint: gcloud auth application-default login',
      ),
    );
    const hanging = federated(server, scratchFolder(), { token_url: `${server.url}/hangs` });
    const ended = await importWith(server, { GOOGLE_APPLICATION_CREDENTIALS: hanging }, ['--timeout', '1s']);
    expect(ended.code).toBe(8);
  });
});

describe('the built program', () => {
  const spawned = (words: string[], env: Record<string, string>): Promise<Ran> => runBuilt(words, { env });

  it('prints a fleet, and nothing of the token', async () => {
    const server = await startServer(fleetOf());
    const args = ['import', 'gke', '--project', 'prod-fleet', '--endpoint', server.url];
    const ran = await spawned(args, { CLOUDSDK_AUTH_ACCESS_TOKEN: token });
    expect(ran).toMatchObject({ err: '', code: 0 });
    expect(ran.out).toContain('name: prod-us-us-central1');
    expect(ran.out).not.toContain('LEAKCANARY');
  });

  it('ends when it should while a server for tokens hangs', async () => {
    const server = await startServer(() => ({ delay: Number.POSITIVE_INFINITY }));
    const file = federated(server, scratchFolder());
    const before = Date.now();
    const { code } = await spawned(
      ['import', 'gke', '--project', 'prod-fleet', '--endpoint', server.url, '--timeout', '1s'],
      { GOOGLE_APPLICATION_CREDENTIALS: file },
    );
    expect(code).toBe(8);
    expect(Date.now() - before).toBeLessThan(4000);
  });

  it('goes through the proxy that the environment names', async () => {
    const proxy = await recordingProxy();
    const { err, code } = await spawned(['import', 'gke', '--project', 'prod-fleet', '--timeout', '20s'], {
      CLOUDSDK_AUTH_ACCESS_TOKEN: token,
      HTTPS_PROXY: proxy.url,
    });
    expect(code).toBe(7);
    expect(err).toBe(
      lines(
        'error: project prod-fleet: gkehub.googleapis.com answered 403, and not as its API does',
        'hint: is there a proxy in between that does not let it through?',
      ),
    );
    expect(new Set(proxy.connects)).toEqual(new Set(['gkehub.googleapis.com:443']));
  });
});
