import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for everything that a run puts aside, gone with it. Workers take it from the environment. */
export default function setup(): (() => void) | undefined {
  // Every project of a run asks for it.
  if (process.env['CLUSTERPROFILE_RUN_FOLDER']) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'clusterprofile-run-'));
  process.env['CLUSTERPROFILE_RUN_FOLDER'] = folder;
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
