import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { createAuthority } from '../../support/certificates.ts';
import { describeHub, kubeconfigFor, theHub } from '../../support/hub/hub.ts';
import { run } from '../../support/run.ts';
import { scratch } from '../../support/paths.ts';

const authority = createAuthority('shop');
const caData = Buffer.from(authority.cert).toString('base64');

/** A server in the place of an API server, with what it was asked. */
async function startServer(answer: RequestListener): Promise<{ server: string; asked: (string | undefined)[] }> {
  const asked: (string | undefined)[] = [];
  const { cert, key } = authority.issue({ commonName: 'localhost', hosts: ['localhost'] });
  const server = createServer({ cert, key }, (request, response) => {
    asked.push(request.headers.authorization);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server: `https://localhost:${(server.address() as AddressInfo).port}`, asked };
}

interface Profile {
  status?: { conditions?: { type: string; status: string; reason: string; message: string }[] };
}

/** What an import with --probe says of the health of the one cluster of a kubeconfig. */
async function probe(cluster: object, user: object = {}, ...flags: string[]): Promise<string> {
  const file = join(scratch(), 'kubeconfig');
  writeFileSync(
    file,
    JSON.stringify({
      kind: 'Config',
      clusters: [{ name: 'shop', cluster }],
      contexts: [{ name: 'shop', context: { cluster: 'shop', user: 'ops' } }],
      users: [{ name: 'ops', user }],
    }),
  );
  const { out, err, code } = await run(['import', 'kubeconfig', '-f', file, '--probe', ...flags]);
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(`${out}${err}`).not.toContain('LEAKCANARY');
  const [health] = (parse(out) as Profile).status?.conditions ?? [];
  return `${health?.status} ${health?.reason} ${health?.message.replace(/localhost:\d+/, 'HOST')}`.trim();
}

describe('--probe', () => {
  it('says what the words of an API server say, and of anything else that it is not known', async () => {
    const cases: [answer: RequestListener, verdict: string][] = [
      [(_request, response) => response.end('ok'), 'True Ready'],
      [
        (_request, response) =>
          response.writeHead(500).end('[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n'),
        'False NotReady /readyz: etcd failed',
      ],
      [
        (_request, response) => response.end('<html>Sign in</html>'),
        'Unknown NoAnswer /readyz was answered with 200, not as an API server does',
      ],
      [(_request, response) => response.writeHead(401).end(), 'Unknown NotAllowed /readyz was answered with 401'],
      [
        (_request, response) => response.writeHead(404).end('404 page not found\n'),
        'Unknown NoAnswer /readyz was answered with 404, not as an API server does',
      ],
    ];
    for (const [answer, verdict] of cases) {
      const { server } = await startServer(answer);
      expect(await probe({ server, 'certificate-authority-data': caData })).toBe(verdict);
    }
  });

  it('logs in only where nobody else is answered, and never to a server that is not checked', async () => {
    const answer: RequestListener = (request, response) =>
      request.headers.authorization === 'Bearer LEAKCANARY-token' ? response.end('ok') : response.writeHead(401).end();
    const user = { token: 'LEAKCANARY-token' };
    const checked = await startServer(answer);
    expect(await probe({ server: checked.server, 'certificate-authority-data': caData }, user)).toBe('True Ready');
    expect(checked.asked).toEqual([undefined, 'Bearer LEAKCANARY-token']);
    const open = await startServer((_request, response) => response.end('ok'));
    await probe({ server: open.server, 'certificate-authority-data': caData }, user);
    expect(open.asked).toEqual([undefined]);
    const unchecked = await startServer(answer);
    expect(await probe({ server: unchecked.server, 'insecure-skip-tls-verify': true }, user)).toBe(
      'Unknown NotAllowed /readyz was answered with 401',
    );
    expect(unchecked.asked).toEqual([undefined]);
    const anyone = await startServer((_request, response) => response.end('ok'));
    expect(await probe({ server: anyone.server, 'insecure-skip-tls-verify': true }, user)).toBe(
      'Unknown NotVerified the server certificate is not checked',
    );
  });

  it('does not take a cluster that is not reached for one that is broken', async () => {
    const { server } = await startServer((_request, response) => response.end('ok'));
    expect(await probe({ server })).toMatch(/^Unknown NotReached cannot reach HOST: /);
    const silent = await startServer(() => undefined);
    const access = { server: silent.server, 'certificate-authority-data': caData };
    expect(await probe(access, {}, '--request-timeout', '1s')).toBe('Unknown NoAnswer HOST did not answer in time');
    expect(await probe({ server: 'https://127.0.0.1:1' })).toBe(
      'Unknown NotReached cannot reach 127.0.0.1:1: connection refused',
    );
  });

  it('asks nobody where the source tells the health, or no server', async () => {
    const { server, asked } = await startServer((_request, response) => response.end('ok'));
    const file = join(scratch(), 'clusters.json');
    const cluster = (name: string, status: string | undefined, apiEndpoint: string | undefined): object => ({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { apiEndpoint },
      status: { conditions: status ? [{ type: 'Ready', status, reason: 'ClusterReady', message: '' }] : [] },
    });
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [cluster('told', 'True', server), cluster('bare', undefined, undefined)],
      }),
    );
    const { out, err } = await run(['import', 'karmada', '-f', file, '--probe']);
    expect(asked).toEqual([]);
    expect(err).toContain('note: 1 cluster without a server not asked for /readyz\n');
    expect(parseAllDocuments(out)).toHaveLength(2);
  });
});

describeHub('--probe of a real API server', () => {
  it('finds it ready without a login, and a second run changes nothing', async () => {
    const { caFile } = theHub();
    const ca = readFileSync(caFile).toString('base64');
    const config = parse(readFileSync(kubeconfigFor({}), 'utf8')) as { clusters: { cluster: { server: string } }[] };
    const { server } = config.clusters[0]!.cluster;
    expect(await probe({ server, 'certificate-authority-data': ca })).toBe('True Ready');
    const [file, inventory] = [join(scratch(), 'kubeconfig'), scratch()];
    writeFileSync(
      file,
      JSON.stringify({
        kind: 'Config',
        clusters: [{ name: 'hub', cluster: { server, 'certificate-authority-data': ca } }],
      }),
    );
    const words = ['import', 'kubeconfig', '-f', file, '--probe', '-n', 'x', '--inventory', inventory, '--apply'];
    expect(await run(words)).toMatchObject({ code: 0 });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await run(words)).out).toContain('unchanged');
    expect(readdirSync(join(inventory, 'x'))).toEqual(['hub.yaml']);
  });
});
