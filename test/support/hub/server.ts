import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthority, keyPair, pemOf, type Certificate } from '../certificates.ts';
import { installCrd } from './crd.ts';
import { hubRequest } from './request.ts';
import { hubPrograms } from './programs.ts';
import { kubeconfig } from './kubeconfig.ts';

export type HubUser = 'admin' | 'viewer' | 'nobody';

/** Paths of PEM files. */
interface CertificateFiles {
  cert: string;
  key: string;
}

/** A running hub, as plain data: vitest hands it from the process that started it to the tests. */
export interface Hub {
  /** The versions of the API that it serves; none without the CRD. */
  versions: readonly string[];
  url: string;
  /** Where its etcd listens for clients, without TLS. */
  etcd: string;
  caFile: string;
  /** admin is in system:masters; viewer and nobody have the rights that a test grants them. */
  tokens: Record<HubUser, string>;
  /** Of user `certificate-admin` in system:masters. */
  clientCertificate: CertificateFiles;
  /** For 127.0.0.1, localhost and hub.example.test, signed by the hub's CA: for a proxy in front of the hub. */
  serverCertificate: CertificateFiles;
  kubectl: string;
  /** Of admin. */
  kubeconfig: string;
  /** A folder that goes when the hub does. */
  dir: string;
}

export interface RunningHub {
  hub: Hub;
  stop(): Promise<void>;
}

type Credentials = Pick<Hub, 'caFile' | 'tokens' | 'clientCertificate' | 'serverCertificate'>;

const startTimeout = 90_000;

function writeCertificate(dir: string, name: string, { cert, key }: Certificate): CertificateFiles {
  const files = { cert: join(dir, `${name}.crt`), key: join(dir, `${name}.key`) };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  return files;
}

const token = (): string => randomBytes(16).toString('hex');

function writeCredentials(dir: string): Credentials {
  const authority = createAuthority('clusterprofile test hub');
  const caFile = join(dir, 'ca.crt');
  writeFileSync(caFile, authority.cert);
  const server = authority.issue({ commonName: 'hub', hosts: ['127.0.0.1', 'localhost', 'hub.example.test'] });
  const client = authority.issue({ commonName: 'certificate-admin', organization: 'system:masters' });
  const tokens = { admin: token(), viewer: token(), nobody: token() };
  const line = (user: HubUser, groups = ''): string => `${tokens[user]},${user},${user},${groups}\n`;
  const lines = line('admin', '"system:masters"') + line('viewer') + line('nobody');
  writeFileSync(join(dir, 'tokens.csv'), lines, { mode: 0o600 });
  const serviceAccounts = keyPair();
  writeFileSync(join(dir, 'sa.pub'), pemOf(serviceAccounts.publicKey));
  writeFileSync(join(dir, 'sa.key'), pemOf(serviceAccounts.privateKey), { mode: 0o600 });
  return {
    caFile,
    tokens,
    clientCertificate: writeCertificate(dir, 'client', client),
    serverCertificate: writeCertificate(dir, 'server', server),
  };
}

const apiserverArguments = (dir: string, { caFile, serverCertificate }: Credentials): string[] => [
  '--bind-address=127.0.0.1',
  '--advertise-address=127.0.0.1',
  `--cert-dir=${dir}`,
  `--tls-cert-file=${serverCertificate.cert}`,
  `--tls-private-key-file=${serverCertificate.key}`,
  `--client-ca-file=${caFile}`,
  `--token-auth-file=${join(dir, 'tokens.csv')}`,
  '--authorization-mode=RBAC',
  '--service-account-issuer=https://kubernetes.default.svc',
  `--service-account-key-file=${join(dir, 'sa.pub')}`,
  `--service-account-signing-key-file=${join(dir, 'sa.key')}`,
  '--service-cluster-ip-range=10.0.0.0/24',
  '--disable-admission-plugins=ServiceAccount',
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/**
 * Two programs that know nothing of us: a shell between ends them when our end of its standard input closes. SIGKILL, since a
 * graceful shutdown waits for watches, and the data is thrown away.
 */
const pairScript = `
exec 3<&0
trap '' INT
trap 'exit 0' TERM
trap 'kill -9 $etcd $server 2>/dev/null; wait; rm -rf "$DIR/etcd"' EXIT
"$ETCD" --data-dir="$DIR/etcd" --unsafe-no-fsync --log-level=error --listen-client-urls="$CLIENT" \\
  --advertise-client-urls="$CLIENT" --listen-peer-urls="$PEER" --initial-advertise-peer-urls="$PEER" \\
  --initial-cluster="default=$PEER" & etcd=$!
"$APISERVER" --etcd-servers="$CLIENT" "$@" & server=$!
cat <&3 >/dev/null & wait $!
`;

type Addresses = Pick<Hub, 'url' | 'etcd'>;

interface Started {
  child: ChildProcess;
  /** Of the server and its etcd, once it is ready. */
  addresses: Promise<Addresses>;
}

function startOwn(hub: string, args: string[], dir: string, log: number): Started {
  const child = spawn(hub, ['-data-dir', dir, '--', ...args], { stdio: ['pipe', 'pipe', log] });
  const addresses = once(createInterface({ input: child.stdout! }), 'line').then(
    ([line]) => JSON.parse(String(line)) as Addresses,
  );
  return { child, addresses };
}

async function startPair(
  programs: { etcd: string; apiserver: string },
  args: string[],
  dir: string,
  log: number,
): Promise<Started> {
  const [port, client, peer] = [await freePort(), await freePort(), await freePort()];
  const env = {
    ...process.env,
    ETCD: programs.etcd,
    APISERVER: programs.apiserver,
    DIR: dir,
    CLIENT: `http://127.0.0.1:${client}`,
    PEER: `http://127.0.0.1:${peer}`,
  };
  const shellArguments = ['-c', pairScript, 'hub', ...args, `--secure-port=${port}`];
  const child = spawn('/bin/sh', shellArguments, { env, stdio: ['pipe', log, log] });
  const url = readyz(`https://127.0.0.1:${port}`, join(dir, 'ca.crt'));
  return { child, addresses: url.then((ready) => ({ url: ready, etcd: env.CLIENT })) };
}

async function readyz(url: string, caFile: string): Promise<string> {
  for (const deadline = Date.now() + startTimeout; Date.now() < deadline; await sleep(50)) {
    const answer = await hubRequest({ url, caFile }, '/readyz').catch(() => undefined);
    if (answer?.status === 200) return url;
  }
  throw new Error('it never was ready');
}

async function stop(child: ChildProcess, dir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.stdin?.end();
    if (!(await Promise.race([gone, sleep(10_000, undefined, { ref: false })]))) child.kill('SIGKILL');
  }
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
}

async function whenReady({ child, addresses }: Started, logFile: string): Promise<Addresses> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`it ended with exit code ${code}`);
  });
  const late = sleep(startTimeout, undefined, { ref: false }).then(() => {
    throw new Error(`it was not ready after ${startTimeout / 1000} s`);
  });
  try {
    return await Promise.race([addresses, ended, late]);
  } catch (error) {
    const log = readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n');
    throw new Error(`the test hub did not start: ${(error as Error).message}\n${log}`, { cause: error });
  }
}

/** The versions of the API that hubs serve where a test does not say: `CLUSTERPROFILE_HUB_VERSIONS`, joined by commas. */
const hubVersions = (process.env['CLUSTERPROFILE_HUB_VERSIONS'] ?? 'v1alpha1').split(',');

/** Starts a hub, with the ClusterProfile CRD in some versions unless `crd` is false. It dies with this process, however that ends. */
export async function startHub({ crd = hubVersions }: { crd?: readonly string[] | false } = {}): Promise<RunningHub> {
  const programs = await hubPrograms();
  const dir = mkdtempSync(join(tmpdir(), 'clusterprofile-hub-'));
  const credentials = writeCredentials(dir);
  const args = apiserverArguments(dir, credentials);
  const logFile = join(dir, 'hub.log');
  const log = openSync(logFile, 'w');
  const started =
    'hub' in programs ? startOwn(programs.hub, args, dir, log) : await startPair(programs, args, dir, log);
  closeSync(log);
  started.child.stdin?.on('error', () => {}); // it ended before we closed its standard input
  try {
    const { url, etcd } = await whenReady(started, logFile);
    const hub = {
      ...credentials,
      url,
      etcd,
      versions: crd || [],
      kubectl: programs.kubectl,
      kubeconfig: join(dir, 'admin.kubeconfig'),
      dir,
    };
    writeFileSync(hub.kubeconfig, kubeconfig(hub), { mode: 0o600 });
    if (crd) await installCrd(hub, crd);
    return { hub, stop: () => stop(started.child, dir) };
  } catch (error) {
    await stop(started.child, dir);
    throw error;
  }
}
