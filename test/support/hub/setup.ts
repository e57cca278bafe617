import type { TestProject } from 'vitest/node';
import { HubUnavailable } from './programs.ts';
import { startHub, type RunningHub } from './server.ts';

const isCi = (): boolean => !['', 'false', undefined].includes(process.env['CI']);

async function startOrSkip(): Promise<RunningHub | undefined> {
  try {
    return await startHub();
  } catch (error) {
    if (!(error instanceof HubUnavailable)) throw error;
    if (isCi()) throw new Error(`CI needs a real hub for the tests: ${error.message}`, { cause: error });
    console.log(`tests on a real hub are skipped: to run them, ${error.message}`);
    return undefined;
  }
}

/** One hub for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = await startOrSkip();
  project.provide('hub', running?.hub);
  return async () => running?.stop();
}
