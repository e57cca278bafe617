import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listFiles } from './content.ts';
import type { World } from './world.ts';

/** What the commands are to write, below the folder of a world. */
const results = /^disk\/(?:config|out\/(?:[\w-]+\/)*[\w.-]+\.yaml)$/;

/** The files that nobody asked for: locks, temporary files, whatever is beside the results and what was there before. */
const listTraces = (world: World, known: ReadonlySet<string>): string[] =>
  listFiles(world.folder).filter((file) => !known.has(file) && !results.test(relative(world.folder, file)));

/** The processes that have the environment of a world. */
function listProcesses({ id }: World): string[] {
  if (process.platform !== 'linux') return [];
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(join('/proc', pid, file), 'utf8');
    } catch {
      return ''; // It has ended.
    }
  };
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && read(pid, 'environ').includes(`CLUSTERPROFILE_TEST_WORLD=${id}\0`))
    .map((pid) => `${pid} ${read(pid, 'cmdline').replaceAll('\0', ' ')}`);
}

/** Whether this process listens where it did not: the proxies of all lanes are there before the first run. */
let listening: number | undefined;
const countListening = (): number => process.getActiveResourcesInfo().filter((each) => each === 'TCPServerWrap').length;

export function assertNoFiles(world: World, known: ReadonlySet<string>): void {
  const files = listTraces(world, known);
  if (files.length > 0) throw new Error(`it leaves ${files.join(', ')}`);
}

/** A process that is told to end may take a moment. */
export async function assertNoProcesses(world: World): Promise<void> {
  for (let tries = 0; listProcesses(world).length > 0; tries++) {
    if (tries === 20) throw new Error(`it leaves processes: ${listProcesses(world).join(', ')}`);
    await sleep(50);
  }
}

export function assertNoSockets(): void {
  listening ??= countListening();
  if (countListening() !== listening) throw new Error('it leaves a socket that listens');
}
