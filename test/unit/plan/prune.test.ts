import { describe, expect, it } from 'vitest';
import { exit } from '../../../src/errors.ts';
import type { Change } from '../../../src/kubernetes/change.ts';
import {
  askTo,
  confirmDeletions,
  confirmPrune,
  guardPrune,
  parseMaxDelete,
  type PruneOptions,
  type PruneWords,
} from '../../../src/plan/prune.ts';
import { createMemoryInventory } from '../../../src/stores/memory.ts';
import { errorOf, testIo, type Said } from '../../support/io.ts';
import { clusterProfile } from '../../support/plan.ts';

const words: PruneWords = {
  what: 'clusters',
  partial: 'some clusters could not be read',
  empty: 'there is no cluster at all',
  filterHint: '--instance NAME',
};

const refusal = (message: string, hint: string): Said => ({
  message: `nothing was written or deleted: ${message}`,
  hint,
  code: exit.refused,
});

describe('a read that does not show everything', () => {
  const read = { found: 3, partial: false, filter: undefined };
  const again = 'run it again when everything can be read, or without --prune';

  it.each([
    ['a partial read', { ...read, partial: true }, refusal('some clusters could not be read', again)],
    [
      'a partial read of nothing',
      { ...read, found: 0, partial: true },
      refusal('some clusters could not be read', again),
    ],
    [
      'a filtered read',
      { ...read, filter: '--selector' },
      refusal('--selector leaves some clusters out', '--instance NAME'),
    ],
    [
      'a filtered read, with --allow-empty',
      { ...read, filter: '--selector', allowEmpty: true },
      refusal('--selector leaves some clusters out', '--instance NAME'),
    ],
    [
      'an empty read',
      { ...read, found: 0 },
      refusal('there is no cluster at all', '--allow-empty deletes all that was written before'),
    ],
  ])('refuses a prune after %s', async (_title, found, expected) => {
    expect(await errorOf(() => guardPrune(words, found))).toEqual(expected);
  });

  it.each([
    ['a whole read', read],
    ['an empty read, with --allow-empty', { ...read, found: 0, allowEmpty: true }],
  ])('allows a prune after %s', async (_title, found) => {
    expect(await errorOf(() => guardPrune(words, found))).toBeUndefined();
  });
});

describe('--max-delete', () => {
  it.each([
    ['0', 20, 0],
    ['7', 20, 7],
    ['50', 20, 50],
    ['10%', 20, 2],
    ['10%', 19, 1],
    ['10%', 5, 1],
    ['1%', 0, 1],
    ['0%', 20, 0],
    ['100%', 20, 20],
  ])('%s of %i objects is %i', (text, total, expected) => {
    expect(parseMaxDelete(text, total)).toBe(expected);
  });

  it.each(['', '%', '-1', '1.5', '10 %', 'all'])('cannot be %j', async (text) => {
    expect(await errorOf(() => parseMaxDelete(text, 20))).toEqual({
      message: `--max-delete takes a number or a percentage, not ${JSON.stringify(text)}`,
      hint: undefined,
      code: exit.usage,
    });
  });

  const confirm = (count: number, total: number, options: PruneOptions): Promise<Said | undefined> => {
    const names = Array.from({ length: count }, (_, index) => `fleet/c${index}`);
    return errorOf(() => confirmDeletions({ names, total, title: 'the hub' }, { yes: true, ...options }, testIo()));
  };

  it('is 10 % unless it is given, and holds although --yes was said', async () => {
    expect(await confirm(2, 20, {})).toBeUndefined();
    expect(await confirm(3, 20, {})).toEqual(
      refusal('3 of 20 objects would go, the limit is 2', '--max-delete 3 allows it'),
    );
    expect(await confirm(3, 20, { maxDelete: '3' })).toBeUndefined();
  });

  it('holds in a dry run, and is checked where nothing would go', async () => {
    expect(await confirm(3, 20, { dryRun: 'server' })).toEqual(
      refusal('3 of 20 objects would go, the limit is 2', '--max-delete 3 allows it'),
    );
    expect(await confirm(0, 20, { maxDelete: 'few' })).toEqual({
      message: '--max-delete takes a number or a percentage, not "few"',
      hint: undefined,
      code: exit.usage,
    });
  });
});

describe('the question before a deletion', () => {
  const deletions = { names: ['fleet/tokyo', 'fleet/os\u001blo'], total: 20, title: 'hub https://hub.example.com' };
  const shown = 'to be deleted: fleet/tokyo\nto be deleted: fleet/os\\u{1b}lo\n';
  const question = 'Delete 2 objects from hub https://hub.example.com? [y/N] ';
  const asked = async (
    answer: string | undefined,
    options: PruneOptions = {},
  ): Promise<{ err: string; said?: Said }> => {
    const io = testIo(answer === undefined ? {} : { answer });
    const said = await errorOf(() => confirmDeletions(deletions, options, io));
    return { err: io.printed.err, ...(said && { said }) };
  };

  it.each(['y\n', 'yes\n', ' Y \n', 'YES\n'])('%j is a yes', async (answer) => {
    expect(await asked(answer)).toEqual({ err: `${shown}${question}` });
  });

  it.each(['n\n', '\n', 'yep\n', 'no\n'])('%j is a no', async (answer) => {
    expect(await asked(answer)).toEqual({
      err: `${shown}${question}`,
      said: refusal('you said no', '--yes answers beforehand'),
    });
  });

  it('takes an answer without a line end for a no, and ends the line itself', async () => {
    expect(await asked('y')).toEqual({
      err: `${shown}${question}\n`,
      said: refusal('you said no', '--yes answers beforehand'),
    });
  });

  it('is not asked where nobody can answer', async () => {
    expect(await asked(undefined)).toEqual({
      err: shown,
      said: {
        message: 'Delete 2 objects from hub https://hub.example.com: nobody can be asked',
        hint: 'add --yes',
        code: exit.usage,
      },
    });
  });

  it.each([[{ yes: true }], [{ dryRun: 'client' as const }], [{ dryRun: 'server' as const }]])(
    'is not asked with %j',
    async (options) => {
      expect(await asked(undefined, options)).toEqual({ err: '' });
    },
  );

  it('ends with an interruption', async () => {
    const io = testIo({ answer: 'y\n', signal: AbortSignal.abort() });
    expect(await errorOf(() => askTo('Delete it', ['fleet/tokyo'], io))).toEqual({
      message: 'interrupted, nothing was written or deleted',
      hint: undefined,
      code: exit.interrupted,
    });
  });
});

describe('the deletions of a plan', () => {
  const changes: Change[] = [
    { action: 'create', after: clusterProfile('new') },
    { action: 'unchanged', after: clusterProfile('same') },
    { action: 'delete', before: clusterProfile('gone') },
    { action: 'delete', before: clusterProfile('gone-too') },
  ];
  const whole = createMemoryInventory('the hub', []);

  it('are counted against what is there, without what is created', async () => {
    expect(await errorOf(() => confirmPrune(changes, whole, { yes: true, maxDelete: '60%' }, testIo()))).toEqual(
      refusal('2 of 3 objects would go, the limit is 1', '--max-delete 2 allows it'),
    );
    expect(
      await errorOf(() => confirmPrune(changes, whole, { yes: true, maxDelete: '70%' }, testIo())),
    ).toBeUndefined();
  });

  it('do not count what is only released', async () => {
    const released: Change[] = [
      { action: 'release', before: clusterProfile('a') },
      { action: 'release', before: clusterProfile('b') },
    ];
    expect(await errorOf(() => confirmPrune(released, whole, { maxDelete: '0' }, testIo()))).toBeUndefined();
  });

  it('are refused after a list of several moments', async () => {
    const torn = { ...whole, isWhole: () => false };
    expect(await errorOf(() => confirmPrune(changes, torn, { yes: true, maxDelete: '100%' }, testIo()))).toEqual(
      refusal('the list of the hub was not of one moment', 'run it again'),
    );
    expect(await errorOf(() => confirmPrune(changes.slice(0, 2), torn, {}, testIo()))).toBeUndefined();
  });
});
