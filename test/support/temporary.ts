import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for everything that a run puts aside, gone with it. Workers take it from the environment. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'clusterprofile-run-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
