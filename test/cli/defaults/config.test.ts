import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lines } from '../../support/text.ts';
import { defaultsOf, makeWorld } from './world.ts';

const near = 'repository/clusterprofile.yaml';
const own = 'home/.config/clusterprofile/config.yaml';

describe('config view', () => {
  it('shows what files and variables set, and where', async () => {
    const { run, home } = makeWorld({
      [near]: defaultsOf('defaults:\n  namespace: fleet\ncommands:\n  import gke: {project: prod, strict: true}\n'),
      [own]: defaultsOf('commands:\n  get: {label-columns: [tier, team]}\n'),
    });
    const env = { CLUSTERPROFILE_OUTPUT: 'json', CLUSTERPROFILE_WORLD: 'x' };
    expect(await run(['config', 'view'], { env })).toEqual({
      out: lines(
        'COMMAND      FLAG            VALUE       FROM',
        '<any>        output          json        CLUSTERPROFILE_OUTPUT',
        'import gke   project         prod        clusterprofile.yaml:6',
        'import gke   strict          true        clusterprofile.yaml:6',
        '<any>        namespace       fleet       clusterprofile.yaml:4',
        `list         label-columns   tier,team   ${join(home, '.config/clusterprofile/config.yaml')}:4`,
      ),
      err: '',
      code: 0,
    });
    expect(await makeWorld({}).run(['config', 'view'])).toEqual({ out: '', err: 'No defaults found.\n', code: 0 });
  });

  it('shows what counts for a command, beside what is typed', async () => {
    const { run } = makeWorld({
      [near]: defaultsOf(
        'defaults:\n  namespace: fleet\ncommands:\n  import: {clusterset: prod, diff: true, color: never}\n',
      ),
    });
    expect(await run(['config', 'view', 'import', 'cluster-api', '-n', 'shop', '--apply', '--no-color'])).toEqual({
      out: lines(
        'COMMAND              FLAG           VALUE   FROM',
        'import cluster-api   output         yaml    built in',
        'import cluster-api   clusterset     prod    clusterprofile.yaml:6',
        'import cluster-api   on-collision   error   built in',
        'import cluster-api   diff           true    clusterprofile.yaml:6, not used beside what is typed',
        'import cluster-api   apply          true    flag',
        'import cluster-api   no-color       true    flag',
        'import cluster-api   namespace      shop    flag',
      ),
      err: '',
      code: 0,
    });
    const json = await run(['config', 'view', '-o', 'json', 'describe']);
    expect(JSON.parse(json.out)).toEqual([
      { command: 'describe', flag: 'namespace', value: 'fleet', from: 'clusterprofile.yaml:4' },
    ]);
  });
});
