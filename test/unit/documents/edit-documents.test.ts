import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDocuments, type DocumentChange } from '../../../src/documents/edit/documents.ts';
import { diffEdits, editValue } from '../../../src/documents/edit/values.ts';
import { parseDocuments } from '../../../src/documents/yaml-in.ts';
import { isUserError } from '../../../src/errors.ts';
import { commentsOf, editing, marksOf, newFields as values } from '../../support/generate/files.ts';

/** The text with one document changed; empty where none is left. Throws where it is refused. */
async function change(text: string, number: number, to: DocumentChange): Promise<string> {
  const { edited = '', refused } = await editDocuments(text, 'fleet.yaml', new Map([[number, to]]));
  for (const error of refused.values()) throw error;
  return edited;
}

/** Sets the server of a document, as the tool writes one. */
const move = (text: string, number = 1): Promise<string> => {
  const before = parseDocuments(text, 'fleet.yaml')[number - 1];
  return change(text, number, diffEdits(before, { ...(before as object), server: 'https://new.example.test' }));
};

const [old, fresh] = ['server: https://old.example.test', 'server: https://new.example.test'];

describe('an edit of one document', () => {
  it.each([
    ['an empty document in front', `a: 1\n---\n---\n${old}\n`, 2],
    ['an empty document behind', `${old}\n---\n---\na: 1\n`, 1],
    ['comments between the marks', `# top\n---\n# first\n${old} # here\n# last\n---\n# second\na: 1\n`, 1],
    ['document ends', `a: 1\n...\n# between\n---\n${old}\n...\n`, 2],
    ['a document end and no mark', `a: 1\n...\n${old}\n...\nb: 2\n`, 2],
    ['directives', `%YAML 1.1\n---\n${old}\nold: yes\n...\n%YAML 1.1\n---\nb: 2\n`, 1],
    ['blank lines', `\n\n---\n\n${old}\n\n\n---\n\na: 1\n\n`, 1],
    ['a mark with a comment', `--- # one\n${old}\n--- # two\na: 1\n`, 1],
    ['a byte order mark', `\ufeff${old} # kept\n---\na: 1\n`, 1],
    ['a block that holds a mark', `text: |\n  a\n  ---\n  b\n${old}\n---\na: |-\n  ---\n`, 1],
    [
      'scalars of other readers',
      `# c\nmode: 017\nsize: 6_443\nversion: 1.10\nempty:\nid: 12345678901234567890\n${old}\n`,
      1,
    ],
    ['keys that are numbers', `# c\n1: a\ntrue: b\n${old}\n`, 1],
  ])('leaves everything else as it was: %s', async (_title, text, number) => {
    expect(await move(text, number)).toBe(text.replace(old, fresh));
  });

  it('keeps the line ends of its file', async () => {
    const text = `# top\n---\n${old} # here\n---\na: 1\n`.replaceAll('\n', '\r\n');
    expect(await move(text)).toBe(text.replace(old, fresh));
  });

  it('keeps JSON, flow and the line of the mark', async () => {
    const json = JSON.stringify({ server: 'https://old.example.test' });
    for (const text of [`${json}\n${json}`, `${json}\n---\n${json}\n`, `--- ${json}\n---\nb: 1\n`, `--- {${old}}\n`])
      expect(await move(text)).toBe(text.replace('old', 'new').replace(`{${fresh}}`, `{ ${fresh} }`));
  });

  it.each([
    ['in front of a bare document', `a: 1\n---\nb: 2\n...\nc: 3\n`, 2, 'a: 1\n...\nc: 3\n'],
    ['in front of directives', `a: 1\n---\nb: 2\n...\n%YAML 1.1\n---\nc: 3\n`, 2, `a: 1\n...\n%YAML 1.1\n---\nc: 3\n`],
    ['below the comments of the file', `# licence\n---\n# of a\na: 1\n---\nb: 2\n`, 1, '# licence\n---\nb: 2\n'],
    ['at the end', 'a: 1\n---\nb: 2', 2, 'a: 1\n'],
    ['of a JSON stream', '{"a":1}\n{"b":2}\n{"c":3}\n', 2, '{"a":1}\n{"c":3}\n'],
  ])('takes it out %s', async (_title, text, number, left) => {
    expect(await change(text, number, 'remove')).toBe(left);
  });

  it.each([
    ['an alias where something would go', `base: &b {server: a}\nx: *b\n`, [{ path: ['x', 'server'], value: 'c' }]],
    ['an anchor that would go', `base: &b {server: a}\nx: *b\n`, [{ path: ['base'] }]],
    ['a map that is merged', `base: &b {s: {k: 1}}\nx:\n  <<: *b\n`, [{ path: ['x', 's', 'j'], value: 'c' }]],
  ])('is refused for %s', async (_title, text, edits) => {
    await expect(change(text, 1, edits)).rejects.toThrow(
      'fleet.yaml has anchors and aliases that leave no room for this change',
    );
  });
});

describe('an edit of any readable file', () => {
  const seed = 20_260;
  it('leaves it readable, with all other documents, comments and marks', async () => {
    let refused = 0;
    const numRuns = 600;
    await fc.assert(
      fc.asyncProperty(editing, values, async ({ text, number }, more) => {
        const before = parseDocuments(text, 'fleet.yaml');
        const after = { ...(before[number - 1] as object), ...more };
        const edits = diffEdits(before[number - 1], after);
        const written = await change(text, number, edits).catch((error: unknown) => {
          if (!isUserError(error)) throw error;
          refused += 1;
          return undefined;
        });
        if (written === undefined) return;
        expect(parseDocuments(written, 'fleet.yaml')).toEqual(before.with(number - 1, after));
        expect(marksOf(written)).toEqual(marksOf(text));
        // A comment inside a value goes with it, and every other one stays.
        const [kept, were] = [commentsOf(written), commentsOf(text)];
        const inner = new Set(['# inside', '# between', '# no comment', '# one']);
        expect(kept.filter((line) => !inner.has(line))).toEqual(were.filter((line) => !inner.has(line)));
      }),
      { numRuns, seed },
    );
    expect(refused).toBeLessThan(numRuns / 50);
  });

  it('takes one document out of it', async () => {
    await fc.assert(
      fc.asyncProperty(editing, async ({ text, number }) => {
        const before = parseDocuments(text, 'fleet.yaml');
        const written = await change(text, number, 'remove');
        expect(parseDocuments(written, 'fleet.yaml')).toEqual(before.toSpliced(number - 1, 1));
      }),
      { numRuns: 600, seed },
    );
  });
});

describe('edits of plain data', () => {
  it('leave what was given as it is, and share with it what no edit leads through', () => {
    const shared = { server: 'https://old.example.test' };
    const before = {
      clusters: [
        { name: 'tokyo', cluster: shared },
        { name: 'oslo', cluster: shared },
      ],
      users: [shared],
    };
    const asItWas = structuredClone(before);
    const after = editValue(before, [
      { path: ['clusters', 0, 'cluster', 'server'], value: 'https://new.example.test' },
      { path: ['clusters', 0, 'name'], value: 'berlin' },
      { path: ['clusters', 2], value: { name: 'prague' } },
      { path: ['clusters', 2, 'cluster'], value: {} },
    ]) as typeof before;
    expect(before).toEqual(asItWas);
    expect(after).toEqual({
      clusters: [
        { name: 'berlin', cluster: { server: 'https://new.example.test' } },
        { name: 'oslo', cluster: shared },
        { name: 'prague', cluster: {} },
      ],
      users: [shared],
    });
    expect(after.users).toBe(before.users);
    expect(after.clusters[1]).toBe(before.clusters[1]);
  });
});
