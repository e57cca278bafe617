import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startFaultProxy, type FaultProxy } from '../../support/hub/fault-proxy.ts';
import { createNamespace, kubeconfigFor, removeNamespace, theHub } from '../../support/hub/hub.ts';
import { copyProgram, type run } from '../../support/run.ts';
import { makeForeign } from './content.ts';
import { mountDisk, unmountDisk } from './disk.ts';
import type { Plan } from './plan.ts';

/** What one run at a time has: a proxy, and the program in this process with a state of its own. */
export interface Lane {
  proxy: FaultProxy;
  run: typeof run;
}

export const openLane = async (): Promise<Lane> => ({ proxy: await startFaultProxy(theHub()), run: copyProgram() });

/**
 * Where one run takes place, and as whom: a namespace of the hub, a folder that may be a disk of its own, and two ways to the
 * hub. A second manager has the same place, and names and owners of its own.
 */
export interface World extends Lane {
  /** In the environment of every process of this world. */
  id: string;
  ns: string;
  folder: string;
  disk: string;
  /** The folder for temporary files of processes. */
  temporary: string;
  /** How the names of its clusters begin. */
  letter: 'c' | 'd';
  /** Who manages its profiles, and which import and export it is. */
  fleet: string;
  importer: string;
  instance: string;
  /** The flags that reach the hub, and those that reach it through the proxy. */
  direct: string[];
  reach: string[];
  close(): Promise<void>;
}

export const nameOf = ({ letter }: World, number: number): string => `${letter}${String(number).padStart(2, '0')}`;

/** The other manager of the same place. */
export const besideOf = (world: World): World => ({
  ...world,
  letter: 'd',
  fleet: 'shop-two',
  importer: 'karmada-two',
  instance: 'two',
});

/** A login at the hub: the token itself, or a command that prints it and may leave a process that holds its output. */
function makeLogin(folder: string, login: Plan['login']): Record<string, unknown> {
  const { tokens } = theHub();
  if (login === 'token') return { token: tokens.admin };
  const apiVersion = 'client.authentication.k8s.io/v1';
  const expirationTimestamp = new Date(Date.now() + 3_600_000).toISOString();
  const status = { token: tokens.admin, expirationTimestamp };
  const credential = join(folder, 'credential.json');
  writeFileSync(credential, JSON.stringify({ apiVersion, kind: 'ExecCredential', status }));
  const linger = login === 'lingering plugin' ? 'sleep 90 & ' : '';
  return {
    exec: { apiVersion, interactiveMode: 'Never', command: 'sh', args: ['-c', `${linger}cat ${credential}`] },
  };
}

/** A namespace with what belongs to others, a folder, and a proxy; with a disk of its own where one is wanted. */
export async function makeWorld(
  lane: Lane,
  { login, needsDisk, isHasty }: Pick<Plan, 'login'> & { needsDisk: boolean; isHasty: boolean },
): Promise<World> {
  const { proxy } = lane;
  const ns = await createNamespace();
  await makeForeign(ns);
  const folder = mkdtempSync(join(tmpdir(), 'clusterprofile-world-'));
  const [disk, temporary] = [join(folder, 'disk'), join(folder, 'temporary')];
  for (const path of [disk, temporary]) mkdirSync(path);
  if (needsDisk) mountDisk(disk);
  const direct = kubeconfigFor({ namespace: ns });
  const through = kubeconfigFor({ namespace: ns, user: makeLogin(folder, login), cluster: { server: proxy.url } });
  proxy.clear();
  return {
    ...lane,
    id: basename(folder),
    ns,
    folder,
    disk,
    temporary,
    letter: 'c',
    fleet: 'shop-fleet',
    importer: 'karmada',
    instance: 'team',
    direct: ['--kubeconfig', direct],
    reach: ['--kubeconfig', through, '--request-timeout', isHasty ? '1s' : '10s', '--timeout', '30s'],
    async close() {
      proxy.clear();
      if (needsDisk) unmountDisk(disk);
      for (const path of [folder, direct, through]) rmSync(path, { recursive: true, force: true });
      await removeNamespace(ns);
    },
  };
}
