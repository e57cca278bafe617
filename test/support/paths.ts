import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of package.json. */
export const root = join(import.meta.dirname, '..', '..');

export const fixtures = join(root, 'fixtures');

/** Recorded objects of real systems, beside a checkout of the project; a bare clone has none. */
export const sharedData = join(root, '..', 'shared', 'data');

/** A new folder that has nothing in it. */
export const scratch = (): string => mkdtempSync(join(tmpdir(), 'clusterprofile-test-'));
