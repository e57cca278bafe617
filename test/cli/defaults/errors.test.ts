import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lines } from '../../support/text.ts';
import { defaultsOf, makeWorld, profileOf } from './world.ts';

const near = 'repository/clusterprofile.yaml';
const fleet = { 'repository/fleet/fleet_tokyo.yaml': profileOf('tokyo') };
const place = 'clusterprofile.yaml';

describe('a file with defaults', () => {
  it.each([
    ['default: {}', ['unknown key "default"', 'did you mean defaults?']],
    ['namespace: fleet', ['unknown key "namespace"']],
    ['defaults: [namespace]', ['defaults must be a map']],
    ['commands: {list: x}', ['commands.list must be a map']],
    ['defaults: {namspace: fleet}', ['no command has a flag --namspace', 'did you mean namespace?']],
    ['defaults: {noHeaders: true}', ['no command has a flag --noHeaders', 'did you mean no-headers?']],
    ['commands: {lst: {}}', ['there is no command "lst"', 'did you mean list?']],
    ['commands: {import gkee: {}}', ['import knows no system "gkee"', 'did you mean gke?']],
    ['commands: {import: {projct: x}}', ['import has no flag --projct', 'did you mean project?'], ['import', 'gke']],
    ['commands: {list: {outptu: x}}', ['list has no flag --outptu', 'did you mean output?']],
    ['commands: {list: {project: x}}', ['list has no flag --project']],
    ['commands: {version: {}}', ['version takes no defaults']],
    ['defaults: {show-labels: 1}', ['--show-labels takes true or false']],
    ['defaults: {show-labels: "yes"}', ['--show-labels takes true or false']],
    ['defaults: {namespace: [a]}', ['--namespace takes a text']],
    ['defaults: {health: True}', ['--health takes a text, so put it in quotes']],
    ['defaults: {version: 1.30}', ['--version takes a text, so put it in quotes']],
    ['defaults: {namespace: }', ['--namespace takes a text']],
    ['defaults: {timeout: soon}', ['--timeout takes a duration such as 30s, 5m or 1h, not "soon"']],
    ['commands: {summary: {output: yaml}}', ['--output takes json, not "yaml"'], ['summary', '-f', 'fleet']],
    [
      'commands: {import gke: {reach: far}}',
      ['--reach takes connect-gateway, dns, ip or private, not "far"'],
      ['import', 'gke'],
    ],
    ['accept: {CP085: 1}', ['CP085 must be a list of names, in which * and ? stand for others']],
  ])('is wrong with %s', async (body, [message = '', hint], words = ['list', '-f', 'fleet']) => {
    const { run } = makeWorld({ ...fleet, [near]: defaultsOf(`# what is wrong is in the next line\n${body}\n`) });
    expect(await run(words)).toEqual({
      out: '',
      err: lines(`error: ${place}:4: ${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`])),
      code: 2,
    });
  });

  it('says its kind and its version', async () => {
    const { run, write } = makeWorld(fleet);
    write(near, 'defaults: {namespace: fleet}\n');
    expect(await run(['list'])).toEqual({
      out: '',
      err: lines(`error: ${place}:1: kind must be Defaults`, 'hint: kind: Defaults'),
      code: 2,
    });
    write(near, 'kind: Defaults\napiVersion: v2\n');
    expect(await run(['list'])).toEqual({
      out: '',
      err: lines(
        `error: ${place}:2: apiVersion must be clusterprofile.dev/v1alpha1`,
        'hint: apiVersion: clusterprofile.dev/v1alpha1',
      ),
      code: 2,
    });
    write(near, `${defaultsOf('')}---\n${defaultsOf('')}`);
    expect(await run(['list'])).toEqual({ out: '', err: `error: ${place}: it has more than one document\n`, code: 2 });
  });

  it('of a person has to be one', async () => {
    const { run, home } = makeWorld({ 'home/.config/clusterprofile/config.yaml': profileOf('tokyo') });
    expect((await run(['list'])).err).toBe(
      `error: ${join(home, '.config/clusterprofile/config.yaml')}:3: unknown key "metadata"\n`,
    );
  });

  it('is named before an error that a default may have led to', async () => {
    const { run } = makeWorld({ ...fleet, [near]: defaultsOf('defaults: {output: tabel}\n') });
    expect((await run(['list', '-f', 'fleet'])).err).toMatch(
      /^note: defaults: --output tabel \(clusterprofile\.yaml:3\)\nerror: unknown output format "tabel"\nhint: .*\n$/,
    );
  });

  it('is left alone by an import of what is beside it, and by every reader of a directory', async () => {
    const { run } = makeWorld({
      ...fleet,
      'repository/fleet/clusterprofile.yaml': defaultsOf('defaults: {namespace: a}\n'),
    });
    const applied = await run(['apply', '-f', 'fleet', '--inventory', 'inventory']);
    expect({ err: applied.err, code: applied.code }).toEqual({
      err: '1 created, 0 configured, 0 unchanged, 0 deleted\n',
      code: 0,
    });
    for (const words of [
      ['list', '-A', '-f', 'fleet'],
      ['list', '-A', '--inventory', 'fleet'],
      ['tree', '-f', 'fleet'],
    ])
      expect(await run(words)).toMatchObject({ out: expect.stringContaining('tokyo'), err: '', code: 0 });
    expect((await run(['validate', '-f', 'fleet'])).err).toMatch(/^note: 1 object of other kinds skipped\n/);
  });
});

describe('a variable', () => {
  it.each([
    ['CLUSTERPROFILE_SHOW_LABELS', 'yes', '--show-labels takes true or false'],
    ['CLUSTERPROFILE_LIST_TIMEOUT', 'soon', '--timeout takes a duration such as 30s, 5m or 1h, not "soon"'],
  ])('is wrong: %s=%s', async (name, value, message) => {
    const { run } = makeWorld(fleet);
    const ran = await run(['list', '-f', 'fleet'], { env: { [name]: value } });
    expect(ran).toEqual({ out: '', err: `error: ${name}: ${message}\n`, code: 2 });
  });

  it('has one value a line, of a flag that is repeatable', async () => {
    const { run } = makeWorld({ ...fleet, 'repository/fleet/shop_oslo.yaml': profileOf('oslo', 'shop') });
    const env = {
      CLUSTERPROFILE_FILENAME: 'fleet/fleet_tokyo.yaml\nfleet/shop_oslo.yaml\n',
      CLUSTERPROFILE_HEALTH: '',
    };
    expect((await run(['list', '-o', 'name'], { env })).out.split('\n')).toHaveLength(3);
  });

  it('of another use is none', async () => {
    const { run } = makeWorld(fleet);
    const env = { CLUSTERPROFILE_VERSION: '0.1.0', CLUSTERPROFILE_PROGRAM: 'x', CLUSTERPROFILE_WHATEVER: 'x' };
    expect(await run(['list', '-f', 'fleet', '-o', 'name', '-v'], { env })).toMatchObject({ err: '', code: 0 });
  });
});
