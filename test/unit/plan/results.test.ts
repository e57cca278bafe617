import { describe, expect, it } from 'vitest';
import { exit, UserError, type ExitCode } from '../../../src/errors.ts';
import type { Change } from '../../../src/kubernetes/change.ts';
import { ApiError } from '../../../src/kubernetes/client/api-error.ts';
import { countResults, combineExitCodes, printResults, type Done } from '../../../src/plan/results.ts';
import { testIo } from '../../support/io.ts';
import { clusterProfile } from '../../support/plan.ts';

const create = (name: string): Change => ({ action: 'create', after: clusterProfile(name) });
const done = (name: string, result: Done['result'] = 'created'): Done => ({ change: create(name), result });
const failed = (name: string, error: unknown): Done => ({ change: create(name), error });
const failing = (code: ExitCode): Done => failed('tokyo', new UserError('no', { code }));

describe('the exit code of many outcomes', () => {
  it.each<[string, Done[], number, ExitCode]>([
    ['nothing', [], 0, exit.done],
    ['all done', [done('a'), done('b')], 0, exit.done],
    ['some refused, the rest done', [done('a')], 1, exit.partial],
    ['all refused', [], 2, exit.partial],
    ['one failed, one done', [done('a'), failing(exit.auth)], 0, exit.partial],
    ['all failed alike', [failing(exit.auth), failing(exit.auth)], 0, exit.auth],
    ['all failed alike, one refused', [failing(exit.unreachable)], 1, exit.unreachable],
    [
      'all failed, no two alike: what is farthest from a bad object',
      [failing(exit.refused), failing(exit.auth)],
      0,
      exit.auth,
    ],
    ['unreachable before forbidden', [failing(exit.auth), failing(exit.unreachable)], 0, exit.unreachable],
    ['bad input before unreachable', [failing(exit.unreachable), failing(exit.input)], 0, exit.input],
    ['codes that have no order', [failing(exit.timeout), failing(exit.notFound)], 0, exit.partial],
    ['an error that nobody expected', [failed('a', new TypeError('oops'))], 0, exit.bug],
  ])('%s', (_title, outcomes, refused, expected) => {
    expect(combineExitCodes(outcomes, refused)).toBe(expected);
  });
});

describe('counts', () => {
  it('always has the four that count, and the others where there are any', () => {
    expect(countResults([], 0, 0)).toEqual({ created: 0, configured: 0, unchanged: 0, deleted: 0 });
    expect(
      countResults([done('a'), done('b', 'released'), done('c', 'configured'), failed('d', new Error('no'))], 2, 3),
    ).toEqual({
      created: 1,
      configured: 1,
      unchanged: 0,
      deleted: 0,
      released: 1,
      failed: 1,
      refused: 3,
      'not done': 2,
    });
  });
});

describe('results', () => {
  const printed = (outcomes: Done[], output = '', argv: string[] = []): { out: string; err: string } => {
    const io = testIo({ argv });
    printResults(outcomes, { output }, io, { suffix: ' (dry run)' });
    return io.printed;
  };
  const conflict = (name: string): Done =>
    failed(
      name,
      new UserError(`fleet/${name}: other field managers own .spec.displayName (kubectl)`, {
        code: exit.refused,
        hint: '--force-conflicts takes the fields over',
      }),
    );

  it('are one line an object', () => {
    expect(printed([done('oslo'), done('tokyo', 'unchanged')])).toEqual({
      out:
        'clusterprofile.multicluster.x-k8s.io/oslo created (dry run)\n' +
        'clusterprofile.multicluster.x-k8s.io/tokyo unchanged (dry run)\n',
      err: '',
    });
  });

  it('are names, without those that failed', () => {
    expect(printed([done('oslo'), conflict('tokyo')], 'name').out).toBe('clusterprofile.multicluster.x-k8s.io/oslo\n');
  });

  it('are JSON, with why something failed', () => {
    expect(
      JSON.parse(printed([done('oslo'), conflict('tokyo'), failed('nara', new TypeError('oops'))], 'json').out),
    ).toEqual([
      { name: 'oslo', namespace: 'fleet', action: 'created' },
      {
        name: 'tokyo',
        namespace: 'fleet',
        action: 'failed',
        error: { code: exit.refused, message: 'fleet/tokyo: other field managers own .spec.displayName (kubectl)' },
      },
      { name: 'nara', namespace: 'fleet', action: 'failed', error: { code: exit.bug, message: 'oops' } },
    ]);
  });

  it('say once what failed the same way', () => {
    expect(
      printed([conflict('a'), conflict('b'), conflict('c'), conflict('d'), failed('e', new Error('oops'))]),
    ).toEqual({
      out: '',
      err:
        'error: fleet/a, fleet/b, fleet/c and 1 more: other field managers own .spec.displayName (kubectl)\n' +
        'hint: --force-conflicts takes the fields over\n' +
        'error: oops\n',
    });
  });

  const noNamespace = (name: string): Done => {
    const body = { kind: 'Status' as const, details: { kind: 'namespaces', name: 'fleet' } };
    return failed(name, new ApiError(`cannot apply fleet/${name}: not found`, 404, body, exit.notFound));
  };

  it('give the command again for a namespace that does not exist', () => {
    expect(printed([noNamespace('a'), noNamespace('b')], '', ['apply', '-f', 'my fleet.yaml']).err).toBe(
      'error: namespace fleet does not exist, not written: fleet/a, fleet/b\n' +
        "hint: clusterprofile apply -f 'my fleet.yaml' --create-namespace\n",
    );
  });

  it('do not repeat a command that holds a credential', () => {
    for (const word of [
      'https://me:LEAKCANARY@hub.example.com',
      `--token=eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.LEAKCANARY`,
    ])
      expect(printed([noNamespace('a')], '', ['apply', '--server', word]).err).toBe(
        'error: namespace fleet does not exist, not written: fleet/a\nhint: add --create-namespace\n',
      );
  });
});
