import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oslo, profile, provider, yamlOf } from '../../support/profiles.ts';
import { scratch } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import { writeScratch } from '../../support/written.ts';
import { lineOf, lines } from '../../support/text.ts';

type Tree = Parameters<typeof profile>[0];

/** A server that nobody else can reach: CP085. */
const local = { status: { accessProviders: [provider('google', { server: 'https://127.0.0.1:6443' })] } };
const tokyo = (patch: Tree = {}): ReturnType<typeof profile> => profile({ ...local, ...patch });
const annotated = (ids: string): ReturnType<typeof profile> =>
  tokyo({ metadata: { annotations: { 'clusterprofile.dev/ignore': ids } } });
const text = yamlOf(tokyo());

const validate = async (stdin: string, ...words: string[]): ReturnType<typeof run> =>
  run(['validate', '-f', '-', ...words], { stdin });

describe('what validate ignores', () => {
  it.each([
    ['--ignore CP085', text, ['--ignore', 'CP085']],
    ['--ignore of several rules', text, ['--ignore', 'CP091,CP085']],
    ['--ignore by name', text, ['--ignore', 'CP085=tok*']],
    ['--ignore by namespace and name', text, ['--ignore', 'CP085=sho?/tokyo']],
    ['an annotation', yamlOf(annotated('CP091, CP085')), []],
    ['a comment', `# clusterprofile:ignore CP091, CP085\n${text}`, []],
    ['a comment above the first ---', `# ours\n# clusterprofile:ignore CP085\n---\n${text}`, []],
    ['a comment beside a field', text.replace(/(server: .*)/, '$1 # clusterprofile:ignore CP085'), []],
    ['a comment in flow style', `# clusterprofile:ignore CP085\n${JSON.stringify(tokyo())}`, []],
  ])('%s', async (_title, given, words) => {
    const { out, err, code } = await validate(given, '--strict', ...words);
    expect({ out, err, code }).toEqual({ code: 0, out: '', err: '1 ClusterProfile valid, 1 ignored\n' });
  });

  it.each([
    ['a rule that finds something else', text, ['--ignore', 'CP091']],
    ['another name', text, ['--ignore', 'CP085=tok']],
    ['a name with a dot for a letter', text, ['--ignore', 'CP085=t.kyo']],
    ['another namespace', text, ['--ignore', 'CP085=depot/*']],
    ['text that is no comment', yamlOf(tokyo({ spec: { displayName: 'a\n# clusterprofile:ignore CP085\n' } })), []],
    ['a comment of another document', `# clusterprofile:ignore CP085\n${yamlOf(oslo())}---\n${text}`, []],
  ])('%s ignores nothing', async (_title, given, words) => {
    const { out } = await validate(given, ...words);
    expect(out).toContain(' warning CP085: ');
  });

  it.each([
    ['an annotation', yamlOf(annotated('CP085')), true],
    ['a comment', `# clusterprofile:ignore CP085\n${text}`, true],
    ['--ignore', text, false],
  ])('is found all the same with --no-inline-ignores where %s says so', async (_title, given, isFound) => {
    const words = isFound ? [] : ['--ignore', 'CP085'];
    const { out, code } = await validate(given, '--strict', '--no-inline-ignores', ...words);
    expect({ code, isFound: out.includes(' warning CP085: ') || out.includes(' error CP085: ') }).toEqual({
      code: isFound ? 1 : 0,
      isFound,
    });
  });

  it('is not in any format, nor an error', async () => {
    for (const format of ['text', 'json', 'junit', 'sarif', 'github', 'gitlab']) {
      const found = await validate(text, '--strict', '-o', format);
      expect([format, found.code, found.out]).toEqual([format, 1, expect.stringMatching(/loopback/)]);
      const ignored = await validate(text, '--strict', '-o', format, '--ignore', 'CP085');
      expect([format, ignored.code, ignored.out]).toEqual([format, 0, expect.not.stringMatching(/loopback/)]);
    }
  });

  it('may be what a consumer makes of it, and what is in the provider file', async () => {
    const file = join(scratch(), 'providers.json');
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin' };
    writeFileSync(file, JSON.stringify({ providers: [{ name: 'google', execConfig: exec }] }));
    const words = ['--for', 'kueue', '--provider-file', file, '--strict', '--ignore', 'CP085'];
    const { out } = await validate(text, ...words, '-v');
    const ids = [...new Set([...out.matchAll(/ (?:C|P)F\d{3}/g)].map(([id]) => id.trim()))];
    expect(ids).toEqual(expect.arrayContaining([expect.stringMatching(/^CF/), 'PF007']));
    const ignored = await validate(text, ...words, '--ignore', ids.join());
    expect(ignored).toMatchObject({ code: 0, out: '' });
    expect(ignored.err).toMatch(/^1 ClusterProfile valid, \d+ ignored$/m);
    const alone = await run(['validate', '--provider-file', file, '--ignore', 'PF007']);
    expect(alone).toEqual({ code: 0, out: '', err: `${file} valid, 1 ignored\n` });
  });

  it('counts beside what is left', async () => {
    const { err } = await validate(
      `${text}---\n${yamlOf(profile({ metadata: { name: 'kyoto' }, ...local }))}`,
      '--ignore',
      'CP085=kyoto',
    );
    expect(err).toMatch(/^\d warnings? in 2 ClusterProfiles.*, 1 ignored$/m);
  });

  it('is one of an inventory too', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'tokyo.yaml'), yamlOf(annotated('CP085')));
    const { out, err } = await run(['validate', '--inventory', directory]);
    expect({ out, err }).toEqual({ out: '', err: '1 ClusterProfile valid, 1 ignored\n' });
    const report = await run(['report', '-o', 'md', '--inventory', directory]);
    expect(report.out).not.toContain('CP085');
  });

  it('is said with -v where it has found nothing', async () => {
    const given = `# clusterprofile:ignore CP091\n${yamlOf(annotated('CP085 CP090'))}`;
    expect((await validate(given, '--ignore', 'CP018')).err).toBe('1 ClusterProfile valid, 1 ignored\n');
    expect((await validate(given, '--ignore', 'CP018', '-v')).err).toBe(
      lines(
        'note: --ignore CP018: CP018 has found nothing',
        'note: standard input: ClusterProfile shop/tokyo: annotation clusterprofile.dev/ignore: CP090 has found nothing',
        'note: standard input: a comment in the document at line 1: CP091 has found nothing',
        '1 ClusterProfile valid, 1 ignored',
      ),
    );
  });

  it('is a usage error with an unknown rule, and a warning where it stands in a document', async () => {
    expect(await validate(text, '--ignore', 'cp085')).toEqual({
      code: 2,
      out: '',
      err: 'error: --ignore: there is no rule "cp085"\nhint: did you mean CP085?\n',
    });
    const { code, err } = await validate(yamlOf(annotated('CP85')));
    expect(code).toBe(0);
    expect(err).toContain(
      'warning: standard input: ClusterProfile shop/tokyo: annotation clusterprofile.dev/ignore: there is no rule "CP85"; did you mean CP085?\n',
    );
  });

  it('-o github writes workflow commands, with the escapes of GitHub', async () => {
    const directory = scratch();
    const file = join(directory, 'a,b:100%.yaml');
    writeFileSync(file, text);
    const line = lineOf(text, 'server:');
    const name = file.replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C');
    expect((await run(['validate', '-f', file, '-o', 'github'])).out).toMatch(
      `::warning file=${name},line=${line},col=`,
    );
    const [found = ''] = (await run(['validate', '-f', file, '-o', 'github'])).out.split('\n');
    expect(found).toMatch(/,title=CP085::the host of server is a loopback.*\(shop\/tokyo \.status\.access.*\)$/);
    const onHub = await run(['validate', '--inventory', directory, '-o', 'github', '--strict']);
    expect(onHub.out).toMatch(/^::error title=CP085::inventory .*: the host of server/);
    const note = await validate(yamlOf(profile({ metadata: { name: 'shop.tokyo' } })), '-o', 'github', '-v');
    expect(note.out).toMatch(/^::notice file=standard input,line=\d+,col=\d+,title=CP016::/);
  });

  it('-o gitlab writes a report of Code Quality, whose fingerprints stay when lines move', async () => {
    const file = writeScratch('fleet.yaml', text);
    const report = async (content: string): Promise<Record<string, unknown>[]> => {
      writeFileSync(file, content);
      return JSON.parse((await run(['validate', '-f', file, '-o', 'gitlab'])).out) as Record<string, unknown>[];
    };
    const [first, ...others] = await report(text);
    expect(first).toEqual({
      description: expect.stringMatching(/^the host of server is a loopback.*\(shop\/tokyo \.status\.access.*\)$/),
      check_name: 'CP085',
      fingerprint: expect.stringMatching(/^[a-z0-9]{32}$/),
      severity: 'minor',
      location: { path: file, lines: { begin: lineOf(text, 'server:') } },
    });
    const [moved] = await report(`# a line\n${text}`);
    expect(moved).toEqual({ ...first, location: { path: file, lines: { begin: lineOf(text, 'server:') + 1 } } });
    const prints = [first, ...others, ...(await report(`${text}---\n${text}`))].map((each) => each?.['fingerprint']);
    expect(new Set(prints.slice(1 + others.length)).size).toBe(prints.length - 1 - others.length);
  });
});
