import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { listCommands } from '../../../src/commands/flags/catalog.ts';
import { listSettable } from '../../../src/commands/flags/defaults.ts';
import { verbs } from '../../../src/commands/index.ts';
import { isObject } from '../../../src/object.ts';
import { loadImporters } from '../../../src/systems/index.ts';
import { kubeconfigOf, startFakeHub } from '../hostile/servers.ts';
import { testIo } from '../../support/io.ts';
import { fixtures } from '../../support/paths.ts';
import { runQuickly } from '../../support/run.ts';

interface Read {
  apiVersion: string;
  kind: string;
  items?: unknown[];
}
const isRead = (object: unknown): object is Read =>
  isObject(object) && typeof object['apiVersion'] === 'string' && typeof object['kind'] === 'string';

/** What the fixtures of a system hold, taken out of lists. */
const readFixtures = (system: string): Read[] =>
  readdirSync(join(fixtures, system))
    .map((name) => join(fixtures, system, name, 'import.yaml'))
    .flatMap((file) => {
      try {
        return loadAll(readFileSync(file, 'utf8'));
      } catch {
        return []; // Not a case of an import, or one of an input that is no YAML.
      }
    })
    .flatMap((object) => (isRead(object) && object.items ? object.items : [object]))
    .filter(isRead);

/** Which lists a live import asks a cluster for that has the objects of the fixtures in all namespaces. */
async function listAsked(system: string, flags: readonly string[]): Promise<string[]> {
  const objects = readFixtures(system);
  const asked: string[] = [];
  const server = await startFakeHub((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const [, group = '', version, plural] =
      /^\/(?:api|apis\/([^/]+))\/(v[^/]+)(?:\/namespaces\/[^/]+)?\/([^/]+)$/.exec(path) ?? [];
    if (plural === undefined) return response.json({ kind: 'Status', apiVersion: 'v1', code: 404 }, 404);
    asked.push(path);
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const items = objects.filter((each) => each.apiVersion === apiVersion && `${each.kind.toLowerCase()}s` === plural);
    response.json({ kind: 'List', apiVersion, metadata: {}, items });
  });
  await runQuickly(['import', system, '--source-kubeconfig', kubeconfigOf(server.url), ...flags]);
  return asked.toSorted();
}

const shown = new Map<string, string[]>();
for await (const { words, command } of listCommands(['import'], testIo(), verbs))
  shown.set(
    words[1] ?? '',
    listSettable(command).map(({ name }) => name),
  );
const importers = await loadImporters();
const ofKinds = [...importers].filter(([, { source }]) => source.kinds !== undefined).map(([name]) => name);

describe('--source-namespace', () => {
  it.each(ofKinds)('is a flag of import %s if it makes a difference there', async (system) => {
    const own = Object.values(importers.get(system)?.source.options ?? {});
    const switches = own.map(({ flags }) => flags).filter((flags) => !flags.includes('<'));
    let isHeard = false;
    for (const flags of [[], switches]) {
      const before = await listAsked(system, flags);
      expect(before, system).not.toEqual([]);
      const after = await listAsked(system, [...flags, '--source-namespace', 'elsewhere']);
      isHeard ||= after.length > 0 && before.join(' ') !== after.join(' ');
    }
    expect({ system, isShown: shown.get(system)?.includes('source-namespace') }).toEqual({ system, isShown: isHeard });
  });

  it('is an error of a command that has no use for it', async () => {
    const { code, err } = await runQuickly(['import', 'kubefleet', '--source-namespace', 'fleet-system']);
    expect({ code, err }).toEqual({ code: 2, err: "error: unknown option '--source-namespace'\n" });
  });
});

describe('flags of what is created or changed', () => {
  it.each(['--force-conflicts', '--skip-refused', '--create-namespace'])('%s is an error of delete', async (flag) => {
    const { code, err } = await runQuickly(['delete', 'tokyo', flag]);
    expect({ code, err }).toEqual({ code: 2, err: `error: unknown option '${flag}'\n` });
  });
});
