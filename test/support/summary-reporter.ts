import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { root } from './paths.ts';
import { program } from './program.ts';

/** Where the last lines of several runs are kept, for whoever starts them one after the other. */
const kept = join(root, 'node_modules', '.cache', 'test-summary.txt');

/** Says as the last line of a run which program it was about, and what became of its tests. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state]++;
      if (module.children.size === 0) counts.failed++;
    }
    const node = process.env['CLUSTERPROFILE_NODE_VERSION'];
    const versions = process.env['CLUSTERPROFILE_HUB_VERSIONS'];
    const where = `${node ? `-on-node-${node}` : ''}${versions ? `-with-${versions}` : ''}`;
    const line = `${program}${where}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
    mkdirSync(dirname(kept), { recursive: true });
    appendFileSync(kept, `${line}\n`);
    process.on('exit', () => process.stdout.write(`\n${line}\n`));
  }
}
