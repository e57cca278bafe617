import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { root } from '../../support/paths.ts';
import { program } from '../../support/program.ts';
import { run } from '../../support/run.ts';
import { writeScratch } from '../../support/written.ts';

it('says its version, the commit that it is built of and its runtime', async () => {
  const { code, out } = await run(['version', '-o', 'json']);
  const version = JSON.parse(out) as Record<string, string>;
  expect(code).toBe(0);
  expect(version).toMatchObject({ clusterprofile: '0.1.0', api: 'multicluster.x-k8s.io/v1alpha1' });
  expect(version['runtime']).toMatch(program === 'binary' ? /^Bun / : /^Node\.js /);
  if (program === 'source') return;
  // The build may be of an earlier commit than the one that is checked out by now.
  expect(execFileSync('git', ['cat-file', '-t', version['commit'] ?? ''], { cwd: root, encoding: 'utf8' })).toBe(
    'commit\n',
  );
  const text = await run(['version']);
  expect(text.out).toBe(
    `clusterprofile 0.1.0 (commit ${version['commit']?.slice(0, 12)}, ${version['runtime']}, ${version['api']})\n`,
  );
});

describe('version --check', () => {
  it.each([
    ['a word', 'v0.2.0\n', 1, 'clusterprofile 0.2.0 is there, this is 0.1.0\n'],
    ['a release page', '{"tag_name":"v0.1.1","name":"x"}', 1, 'clusterprofile 0.1.1 is there, this is 0.1.0\n'],
    ['a registry', '{"name":"clusterprofile","version":"0.1.0"}', 0, 'clusterprofile 0.1.0 is the latest\n'],
    ['an older one', '0.0.9 of January', 0, 'clusterprofile 0.1.0 is the latest\n'],
  ])('compares with what a file and a URL name: %s', async (_name, text, code, out) => {
    expect(await run(['version', '--check', writeScratch('version', text)])).toEqual({ code, out, err: '' });
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url, request.headers.authorization);
      response.setHeader('content-type', 'application/json').end(text);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/latest?of=1`;
    expect(await run(['version', '--check', url])).toEqual({ code, out, err: '' });
    expect(asked).toEqual(['/latest?of=1', undefined]);
    server.close();
  });

  it('says what it could not read', async () => {
    const file = writeScratch('version', 'no version\u001b[2J');
    const none = await run(['version', '--check', file]);
    expect(none).toMatchObject({ code: 3, out: '' });
    expect(none.err).toContain('names no version\nhint: it is a text with a version such as 1.2.3');
    const gone = await run(['version', '--check', 'http://127.0.0.1:1/latest']);
    expect(gone).toEqual({ code: 7, out: '', err: 'error: cannot reach 127.0.0.1:1: connection refused\n' });
    expect(await run(['version', '--check', 'https://'])).toMatchObject({ code: 2 });
  });
});
