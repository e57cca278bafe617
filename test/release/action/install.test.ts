import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root, scratch } from '../../support/paths.ts';
import { serveFiles, type FileServer } from '../made.ts';

/** What is served, by its path. */
let server: FileServer;

const archive = 'clusterprofile-0.1.0-linux-x64.tar.gz';
const release = '/shop/clusterprofile/releases/download/v0.1.0';

/** Serves an archive with a program that says its name, and these sums of it. */
function serveRelease(sums: (sum: string) => string, last = ''): void {
  const folder = scratch();
  for (const name of ['clusterprofile', 'other'])
    writeFileSync(join(folder, name), `#!/bin/sh\necho ${name}\n${last}`, { mode: 0o755 });
  const packed = execFileSync('tar', ['-cz', '-C', folder, 'clusterprofile', 'other']);
  server.files.set(`${release}/${archive}`, packed);
  server.files.set(`${release}/SHA256SUMS`, sums(createHash('sha256').update(packed).digest('hex')));
}

beforeAll(async () => {
  server = await serveFiles();
});

afterAll(() => server.close());

interface Installed {
  code: number;
  said: string;
  /** What the program prints, where there is one. */
  printed?: string;
  /** The files in its folder. */
  files?: string[];
}

function install(more: Record<string, string> = {}): Promise<Installed> {
  const temporary = mkdtempSync(join(scratch(), 'runner-'));
  const output = join(temporary, 'output');
  writeFileSync(output, '');
  const env = {
    PATH: process.env['PATH'],
    VERSION: '0.1.0',
    REPOSITORY: 'shop/clusterprofile',
    GITHUB_SERVER_URL: server.site,
    GITHUB_OUTPUT: output,
    RUNNER_TEMP: temporary,
    ...more,
  };
  return new Promise((done) =>
    execFile('bash', [join(root, '.github', 'action', 'install.sh')], { env }, (error, out, err) => {
      const [, program] = /^program=(.+)\n$/.exec(readFileSync(output, 'utf8')) ?? [];
      const found =
        program === undefined
          ? {}
          : {
              printed: execFileSync(program, { encoding: 'utf8' }),
              files: readdirSync(join(program, '..')).toSorted(),
            };
      done({ code: error === null ? 0 : Number(error.code), said: `${out}${err}`, ...found });
    }),
  );
}

const failed = (message: string): Installed => ({ code: 1, said: `::error::${message}\n` });

it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'fetches the program alone, when its sum is right',
  async () => {
    serveRelease((sum) => `${'0'.repeat(64)}  ${archive}.sig\n${sum}  ${archive}\n`);
    expect(await install()).toEqual({
      code: 0,
      said: '',
      printed: 'clusterprofile\n',
      files: ['SHA256SUMS', 'clusterprofile', archive].toSorted(),
    });
  },
);

it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'takes nothing whose sum is another, or is not told',
  async () => {
    const sums = [
      `${'0'.repeat(64)}  ${archive}\n`,
      '',
      '<html>',
      (sum: string) => `${sum}  ${archive.replaceAll('.', 'x')}\n`,
      (sum: string) => `${sum}  ${archive}\n${'0'.repeat(64)}  ${archive}\n`,
    ];
    for (const each of sums) {
      serveRelease(typeof each === 'string' ? () => each : each);
      expect(await install()).toEqual(failed(`${archive} is not the file that SHA256SUMS has`));
    }
    server.files.clear();
    expect(await install()).toEqual(
      failed(`${server.site}${release}/${archive} cannot be fetched (curl ended with 22)`),
    );
  },
);

it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'says that a program does not run, as on Alpine without its C++ library',
  async () => {
    serveRelease((sum) => `${sum}  ${archive}\n`, 'exit 127\n');
    expect(await install()).toEqual(
      failed(`the program of ${archive} does not run here; on Alpine it needs: apk add libstdc++`),
    );
  },
);

it('goes nowhere else, whatever its inputs are', async () => {
  for (const VERSION of ['../../../../evil/tool/releases/download/v1', '0.1.0/..', 'latest', ''])
    expect(await install({ VERSION })).toEqual(failed('version is that of a release, such as 0.1.0'));
  for (const REPOSITORY of ['', 'shop', 'shop/fleet/../../evil'])
    expect(await install({ REPOSITORY })).toEqual(
      failed('an action of the same repository has no release: build the program, and name it in the input program'),
    );
});
