import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDocumentObjects, readText } from '../../src/documents/objects.ts';
import { explainUnread, isOwn } from '../../src/documents/unread.ts';
import { isObject } from '../../src/object.ts';
import { loadImporters } from '../../src/systems/index.ts';
import { fixtures } from '../support/paths.ts';

type Typed = Record<string, unknown> & { kind: string; apiVersion: string };

const isTyped = (object: unknown): object is Typed =>
  isObject(object) && typeof object['kind'] === 'string' && typeof object['apiVersion'] === 'string';

const inAnotherVersion = (apiVersion: string): string => apiVersion.replace(/[^/]+$/, 'v0alpha0');

/** What becomes of an object that somebody has written nearly right. */
const changes: Record<string, (object: Typed) => object> = {
  'in another version': (object) => ({ ...object, apiVersion: inAnotherVersion(object.apiVersion) }),
  'its kind in lower case': (object) => ({ ...object, kind: object.kind.toLowerCase() }),
  'its kind with a blank': (object) => ({ ...object, kind: `${object.kind} ` }),
  'its version in capitals': (object) => ({ ...object, apiVersion: object.apiVersion.toUpperCase() }),
  'its metadata alone': ({ metadata }) => ({
    apiVersion: 'meta.k8s.io/v1',
    kind: 'PartialObjectMetadata',
    metadata,
  }),
};

function* listFixtures(system: string): Generator<Typed> {
  for (const name of readdirSync(join(fixtures, system))) {
    const file = join(fixtures, system, name, 'import.yaml');
    if (!existsSync(file)) continue;
    const text = readText(file);
    // What cannot be parsed is refused as a whole.
    if (existsSync(join(fixtures, system, name, 'clusterprofiles.yaml')))
      for (const { object } of readDocumentObjects(text, file)) if (isTyped(object)) yield object;
  }
}

it('of a list that no system knows, import auto names no command of one system', async () => {
  const sources = [...(await loadImporters()).values()].map(({ source }) => source);
  expect(explainUnread(sources, [{ Name: 'x', Arn: 'y' }])).toBe('it is a list of 1 with Name, Arn, which is not read');
});

describe('an object that an importer takes is never passed over', async () => {
  const importers = await loadImporters();
  for (const [system, { source }] of importers)
    if (existsSync(join(fixtures, system)))
      it.each(Object.entries(changes))(`of ${system}: %s`, (_title, change) => {
        const taken = [...listFixtures(system)].filter((object) => isOwn(source, object));
        const silent = taken
          .map((object) => change(object))
          .filter((object) => !isOwn(source, object) && explainUnread([source], object) === undefined);
        expect(silent).toEqual([]);
      });
});
