import { describe, expect, it } from 'vitest';
import type { ClusterProfile } from '../../../src/profile/clusterprofile.ts';
import { chooseMembers } from '../../../src/profile/members.ts';
import { twin } from '../../support/placements.ts';

const older = twin('tokyo', '2026-01-01T00:00:00Z');
const newer = twin('tokyo-again', '2026-02-01T00:00:00Z');
const names = (profiles: readonly ClusterProfile[]): string[] => profiles.map(({ metadata }) => metadata.name);

describe('membersOf', () => {
  it.each([
    ['the oldest', [newer, older], ['tokyo'], false],
    [
      'none of two that are equally old',
      [older, { ...newer, metadata: { ...newer.metadata, creationTimestamp: '2026-01-01T00:00:00Z' } }],
      [],
      true,
    ],
    ['none where nothing says how old they are', [twin('a', undefined), twin('b', undefined)], [], true],
    [
      'both, in two inventories',
      [older, { ...newer, metadata: { ...newer.metadata, namespace: 'depot' } }],
      ['tokyo', 'tokyo-again'],
      false,
    ],
    [
      'both, without an id',
      [
        { ...older, metadata: { name: 'a' } },
        { ...newer, metadata: { name: 'b' } },
      ],
      ['a', 'b'],
      false,
    ],
  ] as const)('keeps %s', (_what, profiles, kept, undecided) => {
    const said: string[] = [];
    const found = chooseMembers(profiles, (message) => void said.push(message));
    expect({ kept: names(found.kept), undecided: found.undecided }).toEqual({ kept, undecided });
    expect(said).toHaveLength(kept.length === profiles.length ? 0 : 1);
  });
});
