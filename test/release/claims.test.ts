import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { load } from 'js-yaml';
import { root } from '../support/paths.ts';

const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

/** The rows of the checklist that are met: what is claimed, and where it can be seen. */
const claims = new Map(
  [...read('.github', 'SECURITY.md').matchAll(/^\| (.+?) +\| yes \| (.+?) +\|$/gm)].map(
    ([, claim = '', where = '']) => [claim, where],
  ),
);

interface Workflow {
  permissions: object;
  jobs: Record<string, { permissions?: object; steps: { uses?: string; run?: string }[] }>;
}

const workflows = readdirSync(join(root, '.github', 'workflows')).map(
  (name) => load(read('.github', 'workflows', name)) as Workflow,
);

interface Package {
  scripts: Record<string, string>;
  dependencies?: object;
}

const about = JSON.parse(read('package.json')) as Package;

it('names only scripts and files that there are', () => {
  expect(claims.size).toBeGreaterThan(8);
  for (const [, where] of claims)
    for (const [, word = ''] of where.matchAll(/`([^`]+)`/g)) {
      const [, script] = /^npm run (\S+)$/.exec(word) ?? [];
      if (script !== undefined) expect(Object.keys(about.scripts)).toContain(script);
      else if (word === 'go.sum') expect(existsSync(join(root, 'test', 'hub', 'programs', word))).toBe(true);
      else if (/^[.\w]+[/.]/.test(word) && !word.startsWith('sbom') && !word.endsWith('.txt'))
        expect([word, existsSync(join(root, word))]).toEqual([word, true]);
    }
});

it('pins every dependency by its hash, none of which runs a script', () => {
  expect(claims.has('Dependencies are pinned with hashes')).toBe(true);
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { integrity?: string; hasInstallScript?: boolean }>;
  };
  const locked = Object.entries(packages).filter(([name]) => name !== '');
  expect(locked.length).toBeGreaterThan(100);
  for (const [name, { integrity, hasInstallScript }] of locked)
    expect([name, integrity?.startsWith('sha512-'), hasInstallScript]).toEqual([name, true, undefined]);
  const { packages: bun } = JSON.parse(read('.build', 'bun.json')) as { packages: Record<string, string> };
  for (const hash of Object.values(bun)) expect(hash).toMatch(/^sha512-/);
  expect(about.dependencies).toBeUndefined();
});

it('gives workflows no right that a job does not name, and pins actions as it says', () => {
  for (const { permissions, jobs } of workflows) {
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) expect(job.permissions).toBeDefined();
  }
  const used = workflows.flatMap(({ jobs }) => Object.values(jobs).flatMap(({ steps }) => steps));
  for (const { uses } of used.filter((step) => step.uses !== undefined)) expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/);
  const runs = used.map(({ run = '' }) => run).join('\n');
  expect(runs).toMatch(/npm publish .* --provenance/);
  expect(used.map(({ uses }) => uses)).toContain('actions/attest-build-provenance@v2');
  expect(runs).toMatch(/cp -a \. "\$RUNNER_TEMP\/second"[\s\S]*diff dist-release\/SHA256SUMS "\$RUNNER_TEMP\/second/);
});

it('supports the versions that it says', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(read('.github', 'SECURITY.md')).toContain('Until 1.0 that is the latest release');
  expect(version).toMatch(/^0\./);
});
