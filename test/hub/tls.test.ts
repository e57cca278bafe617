import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createAuthority, type Certificate } from '../support/certificates.ts';
import { describeHub, kubeconfigFor, kubectl, namespace, theHub } from '../support/hub/hub.ts';
import { run } from '../support/run.ts';
import { scratch } from '../support/paths.ts';
import { lines } from '../support/text.ts';

/** A server that has a certificate and no answer. */
async function startServer({ cert, key }: Certificate): Promise<string> {
  const server = createServer({ cert, key }, (_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

describeHub('TLS as client-go has it', () => {
  it('refuses a CA beside insecure-skip-tls-verify, in a file or as data, and as two flags', async () => {
    const ns = await namespace();
    const { caFile } = theHub();
    const message = lines(
      'error: insecure-skip-tls-verify is set beside a CA: clients refuse both',
      'hint: --certificate-authority FILE checks the certificate; or remove one of the two from the kubeconfig',
    );
    const inFile = kubeconfigFor({ namespace: ns, cluster: { 'insecure-skip-tls-verify': true } });
    const inData = kubeconfigFor({
      namespace: ns,
      cluster: {
        'insecure-skip-tls-verify': true,
        'certificate-authority': undefined,
        'certificate-authority-data': Buffer.from(createAuthority('shop').cert).toString('base64'),
      },
    });
    for (const kubeconfig of [inFile, inData]) {
      expect(await run(['list', '--kubeconfig', kubeconfig])).toEqual({ out: '', err: message, code: 3 });
      const theirs = await kubectl(['get', 'namespaces', '--kubeconfig', kubeconfig]);
      expect(theirs.stderr).toMatch(/insecure/);
    }
    const flags = ['--certificate-authority', caFile, '--insecure-skip-tls-verify'];
    const plain = kubeconfigFor({ namespace: ns });
    expect(await run(['list', '--kubeconfig', plain, ...flags])).toEqual({ out: '', err: message, code: 3 });
    expect(await run(['list', '--kubeconfig', inFile, '--certificate-authority', caFile])).toMatchObject({ code: 0 });
  });

  it('refuses a certificate that has a Common Name only, directly and by another name', async () => {
    const authority = createAuthority('shop-ca');
    const ca = join(scratch(), 'ca.crt');
    writeFileSync(ca, authority.cert);
    const server = await startServer(authority.issue({ commonName: 'localhost', withoutNames: true }));
    const kubeconfig = kubeconfigFor({ cluster: { server, 'certificate-authority': ca } });
    const { host } = new URL(server);
    const message = lines(
      `error: cannot reach ${host}: its certificate has a Common Name only, and no Subject Alternative Name`,
      'hint: the server needs a certificate with a SAN: Go clients, kubectl among them, refuse this one',
    );
    expect(await run(['list', '--kubeconfig', kubeconfig])).toEqual({ out: '', err: message, code: 7 });
    const theirs = await kubectl(['get', 'namespaces', '--kubeconfig', kubeconfig]);
    expect(theirs.stderr).toContain('certificate relies on legacy Common Name field, use SANs instead');
    expect(await run(['list', '--kubeconfig', kubeconfig, '--tls-server-name', 'localhost'])).toMatchObject({
      code: 7,
    });
  });

  it('takes no Common Name beside a SAN that is for another name', async () => {
    const authority = createAuthority('shop-ca');
    const ca = join(scratch(), 'ca.crt');
    writeFileSync(ca, authority.cert);
    const server = await startServer(authority.issue({ commonName: 'localhost', hosts: ['192.0.2.1'] }));
    const kubeconfig = kubeconfigFor({ cluster: { server, 'certificate-authority': ca } });
    expect(await run(['list', '--kubeconfig', kubeconfig])).toMatchObject({
      code: 7,
      err: expect.stringContaining('--tls-server-name names what the certificate is for') as string,
    });
  });

  it('dials a server without a scheme by TLS where the kubeconfig has a CA', async () => {
    const ns = await namespace();
    const { host } = new URL(theHub().url);
    const kubeconfig = kubeconfigFor({ namespace: ns, cluster: { server: host } });
    expect(await run(['list', '--kubeconfig', kubeconfig])).toMatchObject({ code: 0 });
  });
});
