import { closeSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kubeconfigOf, listOfProfiles, profileNamed, startFakeHub, startSilentServer } from './servers.ts';
import { scratch } from '../../support/paths.ts';
import { program, startProgram } from '../../support/program.ts';
import { environment, run } from '../../support/run.ts';
import { lines } from '../../support/text.ts';

/** Runs a command line and says how much memory it took at most, in MiB: 0 where the system does not tell. */
async function measured(
  argv: string[],
  stdin: number | 'ignore' = 'ignore',
): Promise<{ code: number | null; err: string; peak: number }> {
  const child = startProgram(argv, { env: environment(), stdio: [stdin, 'ignore', 'pipe'] });
  let err = '';
  let peak = 0;
  const watch = setInterval(() => {
    try {
      const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      peak = Math.max(peak, Number(kib ?? 0) / 1024);
    } catch {
      // It has ended, or there is no /proc.
    }
  }, 5);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  return { code, err, peak };
}

const most = 300;
const tooLarge = (where: string): string =>
  lines(`error: ${where}: larger than 64 MiB (limit of one file)`, 'hint: --max-input allows more');

describe.skipIf(process.platform === 'win32')('an input without an end', () => {
  it.each([
    ['validate', ['validate', '-f', '/dev/zero']],
    ['import', ['import', 'kubeconfig', '-f', '/dev/zero']],
    ['list', ['list', '-f', '/dev/zero']],
    ['apply', ['apply', '-f', '/dev/zero', '--inventory', scratch()]],
    ['a kubeconfig', ['list', '--kubeconfig', '/dev/zero']],
  ])('is refused with its limit: %s', async (_what, argv) => {
    const { code, err, peak } = await measured(argv);
    expect({ code, err }).toEqual({ code: 3, err: tooLarge('/dev/zero') });
    expect(peak).toBeLessThan(most);
  });

  it('is refused with its limit: standard input', async () => {
    const zero = openSync('/dev/zero', 'r');
    const { code, err, peak } = await measured(['validate', '-f', '-'], zero);
    closeSync(zero);
    expect({ code, err }).toEqual({ code: 3, err: tooLarge('standard input') });
    expect(peak).toBeLessThan(most);
  });
});

describe('an input that is too much', () => {
  const fileOf = (bytes: number): string => {
    const file = join(scratch(), 'large.yaml');
    writeFileSync(file, '# comment\n'.repeat(10));
    truncateSync(file, bytes);
    return file;
  };

  it('is a file of more than 64 MiB, unless --max-input says more', async () => {
    const file = fileOf(64 * 1024 * 1024 + 1);
    expect(await run(['list', '-f', file])).toMatchObject({ code: 3, err: tooLarge(file) });
    const { err, code } = await run(['list', '-f', file, '--max-input', '100Mi']);
    expect({ err, code }).toEqual({ err: `error: ${file}: not valid YAML: it has null bytes\n`, code: 3 });
    expect((await run(['list', '-f', fileOf(2000), '--max-input', '1Ki'])).err).toContain(
      'larger than 1 KiB (limit of one file)',
    );
    expect(await run(['list', '-f', file, '--max-input', 'much'])).toMatchObject({
      code: 2,
      err: 'error: --max-input takes a size such as 512Mi or 1Gi, not "much"\n',
    });
  });

  it('is more than 256 MiB of files', async () => {
    const folder = scratch();
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      writeFileSync(join(folder, `${name}.yaml`), `# ${'x'.repeat(1000)}\n`.repeat(59_000));
    const { err, code } = await run(['list', '-f', folder]);
    const where = join(folder, 'e.yaml');
    expect({ err, code }).toEqual({
      err: lines(
        `error: ${where} and what was read before it: larger than 256 MiB (limit of all files)`,
        'hint: --max-input allows more',
      ),
      code: 3,
    });
  });

  it('is a quarter of a million documents', async () => {
    const file = join(scratch(), 'many.yaml');
    for (const text of ['---\na: 1\n'.repeat(260_000), '{"a":1}\n'.repeat(260_000)]) {
      writeFileSync(file, text);
      for (const verb of ['list', 'validate']) {
        const { code, err, peak } = await measured([verb, '-f', file]);
        expect({ code, err }).toEqual({ code: 3, err: `error: ${file}: it has more than 250000 documents (limit)\n` });
        expect(peak).toBeLessThan(most);
      }
    }
  });
});

/** Writes blanks for as long as somebody reads. */
function pourInto(response: ServerResponse): void {
  const chunk = Buffer.alloc(1 << 20, ' ');
  const pour = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', pour);
  };
  pour();
}

describe('an answer that is too much', () => {
  it.each(['a bomb', 'one without an end'])('is %s', async (kind) => {
    const bomb = gzipSync(Buffer.alloc(300_000_000, ' '));
    const server = await startFakeHub((_request, response) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(kind === 'a bomb' && { 'content-encoding': 'gzip' }),
      });
      response.on('error', () => {});
      if (kind === 'a bomb') response.end(bomb);
      else pourInto(response);
    });
    onTestFinished(server.close);
    const { code, err, peak } = await measured(['list', '--kubeconfig', kubeconfigOf(server.url)]);
    const { host } = new URL(server.url);
    expect({ code, err }).toEqual({
      code: 7,
      err: `error: ${host} answers with more than 64 MiB (limit of one page)\n`,
    });
    expect(peak).toBeLessThan(most);
  });
});

it('is no answer with bottomless nesting', async () => {
  const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
  const list = JSON.stringify(listOfProfiles([{ ...profileNamed('a'), spec: 'DEEP' }])).replace('"DEEP"', deep);
  const server = await startFakeHub((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(list);
  });
  onTestFinished(server.close);
  for (const output of ['json', 'yaml', 'jsonpath={.items}'])
    expect(await run(['list', '-o', output, '--kubeconfig', kubeconfigOf(server.url)])).toMatchObject({
      code: 3,
      err: 'error: something that was read is nested too deeply (limit of the call stack)\n',
    });
});

describe.skipIf(program === 'source')('a SOCKS proxy', () => {
  it.each([
    ['socks5://', 5],
    ['socks5h://', 5],
  ])('is asked for the name of the server, as by kubectl: %s', async (scheme, version) => {
    const asked: Buffer[] = [];
    const proxy = await startSilentServer((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', (data: Buffer) => {
          asked.push(data);
          // General failure.
          socket.end(Buffer.from([5, 1, 0, 1, 0, 0, 0, 0, 0, 0]));
        });
      });
    });
    onTestFinished(proxy.close);
    const kubeconfig = kubeconfigOf(
      'https://only-the-proxy-knows.example.test:6443',
      {},
      { 'proxy-url': `${scheme}127.0.0.1:${proxy.port}` },
    );
    expect(await run(['list', '--kubeconfig', kubeconfig])).toMatchObject({ code: 7 });
    // Version, connect, reserved, a domain name, its length, its bytes, the port.
    const name = 'only-the-proxy-knows.example.test';
    expect(asked[0]).toEqual(
      Buffer.concat([Buffer.from([version, 1, 0, 3, name.length]), Buffer.from(name), Buffer.from([0x19, 0x2b])]),
    );
  });
});
