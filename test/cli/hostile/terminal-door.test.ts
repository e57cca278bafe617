import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listFormatWords } from '../../../src/output/formats.ts';
import { quoteForShell } from '../../../src/util/shell.ts';
import { kubeconfigOf, listOfProfiles, profileNamed, startFakeHub, startSilentServer } from './servers.ts';
import { scratch } from '../../support/paths.ts';
import { program, programInShell } from '../../support/program.ts';
import { environment, nowhere, run, runBuilt } from '../../support/run.ts';
import { lines } from '../../support/text.ts';

/** What steers a terminal, or reorders what is read there. */
const hostile = 'a\u001b[31mb\u001b]0;x\u0007\u009b1m\u202e\u007f';
const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/;

/** So that no namespace is asked for it. */
const labels = { 'multicluster.x-k8s.io/clusterset': 'x' };

describe('what is said', () => {
  it('steers no terminal, whoever is quoted', async () => {
    const kubeconfig = kubeconfigOf('https://127.0.0.1:1');
    const commands = [
      [hostile],
      ['list', `--${hostile}`],
      ['list', '-o', hostile],
      ['list', '--context', hostile, '--kubeconfig', kubeconfig],
      ['list', '--kubeconfig', hostile],
      ['list', '-f', hostile],
      ['validate', hostile],
      ['completion', hostile],
      ['explain', hostile],
      ['import', 'kubeconfig', '-f', hostile],
      ['list', '--timeout', hostile],
      ['apply', '-f', hostile, '--inventory', hostile],
      ['help', hostile],
    ];
    for (const words of commands) {
      const { err, code } = await run(words);
      expect(code, words[0]).not.toBe(70);
      expect(err.replaceAll('\n', ''), words.join(' ')).not.toMatch(steering);
    }
  });

  it('has the names of contexts in its hint made safe', async () => {
    const file = join(scratch(), 'config');
    const contexts = [{ name: hostile, context: { cluster: 'x' } }];
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [], contexts }));
    const { err } = await run(['list', '--kubeconfig', file, '--context', 'nope']);
    expect(err).toContain('hint: contexts: ');
    expect(err.replaceAll('\n', '')).not.toMatch(steering);
  });

  it('offers for pasting only what a shell takes as words', async () => {
    const server = await startFakeHub((_request, response) => {
      const message =
        'clusterprofiles is forbidden: User "u" cannot list resource "a;b" in API group "g" in the namespace "n; rm -rf ~"';
      response.json({ kind: 'Status', apiVersion: 'v1', reason: 'Forbidden', message, code: 403 }, 403);
    });
    onTestFinished(server.close);
    const { err } = await run(['list', '--kubeconfig', kubeconfigOf(server.url)]);
    expect(err).toContain("hint: kubectl auth can-i list 'a;b.g' -n 'n; rm -rf ~' shows it");
  });

  it('shows names at a terminal without their control characters, in every format', async () => {
    const server = await startFakeHub((_request, response) =>
      response.json(
        listOfProfiles([{ ...profileNamed('a'), metadata: { name: hostile, namespace: 'default', labels } }]),
      ),
    );
    onTestFinished(server.close);
    const folder = scratch();
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const templates: Record<string, string> = {
      'jsonpath=': '{.items[*].metadata.name}',
      'jsonpath-as-json=': '{.items[*].metadata.name}',
      'jsonpath-file=': file('path', '{.items[*].metadata.name}'),
      'custom-columns=': 'NAME:.metadata.name',
      'custom-columns-file=': file('columns', 'NAME\n.metadata.name\n'),
    };
    for (const word of listFormatWords()) {
      const output = word + (word.endsWith('=') ? (templates[word] ?? '') : '');
      const ran = await run(['list', '-o', output, '--kubeconfig', kubeconfigOf(server.url)], { terminal: true });
      expect(ran.code, output).toBe(0);
      expect(ran.out, output).toMatch(/a.*b/);
      expect(ran.out.replaceAll('\n', ''), output).not.toMatch(steering);
      // The line ends of CSV are none that are shown.
      expect(ran.out, output).not.toMatch(/\\u\{d\}/);
    }
  });
});

it.each(['plain', '', 'a b', "it's", '$(touch x)', '`x`', '~', '=ls', 'a\\b', '"', '!x', '*', 'a;b'])(
  'quotes %j so that a shell has it back',
  (word) => {
    const script = `printf '%s' ${quoteForShell(word)}`;
    expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(word);
  },
);

describe.skipIf(spawnSync('bash', ['-c', ':']).error !== undefined)('completion of bash', () => {
  it('quotes what it inserts, and leaves out what cannot be typed', async () => {
    const folder = scratch();
    const kubeconfig = join(folder, 'config');
    const names = ['plain', '$(touch pwned)', 'a b', "it's", hostile, 'two\nlines'];
    const contexts = names.map((name) => ({ name, context: { cluster: 'x' } }));
    writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [], contexts }));
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'clusterprofile'), `#!/bin/sh\nexec ${programInShell()} "$@"\n`, { mode: 0o755 });
    writeFileSync(join(folder, 'completion'), (await run(['completion', 'bash'])).out);
    const complete = (typed: string): string[] =>
      execFileSync(
        'bash',
        [
          '-c',
          'source ./completion; COMP_WORDS=(clusterprofile list --context "$TYPED"); COMP_CWORD=3; COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}; _clusterprofile; printf "%s\\n" "${COMPREPLY[@]}"',
        ],
        {
          cwd: folder,
          encoding: 'utf8',
          env: { ...environment({ KUBECONFIG: kubeconfig, TYPED: typed }), PATH: `${bin}:${process.env['PATH']}` },
        },
      )
        .split('\n')
        .filter(Boolean);
    expect(complete('')).toEqual(['plain', String.raw`\$\(touch\ pwned\)`, String.raw`a\ b`, String.raw`it\'s`]);
    expect(complete(String.raw`\$\(to`)).toEqual([String.raw`\$\(touch\ pwned\)`]);
    const pasted = `printf '%s\\n' ${complete('$')[0]}`;
    expect(execFileSync('bash', ['-c', pasted], { cwd: folder, encoding: 'utf8' })).toBe('$(touch pwned)\n');
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });
});

describe.skipIf(program !== 'bundle')('what nobody has caught', () => {
  /** Lists from a server that never answers, in a process where something goes wrong meanwhile. */
  async function failInside(script: string): ReturnType<typeof run> {
    const server = await startSilentServer();
    onTestFinished(server.close);
    const preload = join(scratch(), 'preload.cjs');
    writeFileSync(preload, `setTimeout(() => { ${script} }, 1500);\n`);
    return runBuilt(['list', '--timeout', '20s', '--kubeconfig', kubeconfigOf(server.url)], {
      env: { NODE_OPTIONS: `--require=${preload}` },
    });
  }

  it.each([
    ['an error', "throw new Error('no\\u001bway');"],
    ['a rejection', "void Promise.reject(new Error('no\\u001bway'));"],
  ])('is one line and exit 70: %s', async (_what, script) => {
    expect(await failInside(script)).toEqual({
      code: 70,
      out: '',
      err: lines(
        String.raw`error: no\u{1b}way (this is a bug in clusterprofile)`,
        'hint: run it again with -v for a stack trace, and report both',
      ),
    });
  });

  it('is no bug where the system refused something', async () => {
    expect(await failInside(`require('node:fs').readdirSync(${JSON.stringify(nowhere)});`)).toEqual({
      code: 3,
      out: '',
      err: `error: cannot access ${nowhere}: no such file or directory\n`,
    });
  });

  it('is one line where the runtime warns', async () => {
    const { err } = await failInside(
      "process.emitWarning('of\\u001b[31m old'); setTimeout(() => process.kill(process.pid, 'SIGINT'), 300);",
    );
    expect(err).toBe(lines(String.raw`warning: of\u{1b}[31m old`, 'error: interrupted'));
  });
});
