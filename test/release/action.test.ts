import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { load } from 'js-yaml';
import { root, scratch } from '../support/paths.ts';
import { writeScratch, written } from '../support/written.ts';

const execute = promisify(execFile);

interface Step {
  id?: string;
  if?: string;
  run?: string;
  uses?: string;
  env?: Record<string, string>;
}

const action = load(readFileSync(join(root, 'action.yml'), 'utf8')) as {
  inputs: Record<string, { default?: string }>;
  runs: { using: string; steps: Step[] };
};

interface Done {
  code: number | null;
  stdout: string;
  stderr: string;
  outputs: Record<string, string>;
  summary: string;
}

/** Runs a step as a runner does: its expressions filled in from `values`, its outputs and summary read from files. */
function runStep(step: Step, values: Record<string, string>, env: Record<string, string> = {}): Done {
  const folder = scratch();
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary')];
  for (const file of [output, summary]) writeFileSync(file, '');
  const fill = (text: string): string =>
    text.replaceAll(/\$\{\{\s*(.+?)\s*\}\}/g, (_all, expression: string) => {
      const found = expression.split(' || ').find((each) => (values[each] ?? '') !== '');
      return found === undefined ? '' : (values[found] ?? '');
    });
  const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, text]) => [key, fill(text)]));
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', fill(step.run ?? '')],
    {
      encoding: 'utf8',
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        GITHUB_ACTION_PATH: root,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_TEMP: folder,
        ...own,
        ...env,
      },
    },
  );
  const outputs = Object.fromEntries(
    readFileSync(output, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { code: status, stdout, stderr, outputs, summary: readFileSync(summary, 'utf8') };
}

const inputs = (given: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: value = '' }]) => [`inputs.${name}`, given[name] ?? value]),
  );

const stepOf = (part: string): Step => action.runs.steps.find(({ run = '' }) => run.includes(part)) ?? {};
const program = join(root, 'bin', 'clusterprofile.js');

const runCommand = (command: string, args: string, more: Record<string, string> = {}): Done =>
  runStep(stepOf('run.sh'), inputs({ command, args, program, ...more }));

/** A directory with one profile, and a file with that and another one. */
function writeFleet(): { inventory: string; file: string } {
  const inventory = scratch();
  mkdirSync(join(inventory, 'fleet'));
  const oslo = written('oslo', 'fleet');
  writeFileSync(join(inventory, 'fleet', 'oslo.yaml'), JSON.stringify(oslo));
  return { inventory, file: writeScratch('a fleet.json', [oslo, written('lima', 'fleet')]) };
}

describe('the action', () => {
  it('shows a difference, and fails for it only where that is asked for', () => {
    const { inventory, file } = writeFleet();
    const args = `-f '${file}' --inventory ${inventory}`;
    const differs = runCommand('diff', args);
    expect(differs.code).toBe(0);
    expect(differs.outputs).toMatchObject({ 'exit-code': '1', changed: 'true', summary: '1 to create' });
    expect(differs.stdout).toContain('+++ new/fleet/lima');
    expect(differs.summary).toMatch(/^### clusterprofile diff\n\n```diff\n--- \/dev\/null\n/);
    expect(runCommand('diff', args, { 'fail-on-difference': 'true' }).code).toBe(1);
    const same = runCommand('diff', `-f ${join(inventory, 'fleet')} --inventory ${inventory}`);
    expect([same.code, same.outputs['changed'], same.summary]).toEqual([
      0,
      'false',
      '### clusterprofile diff\n\nNo difference.\n',
    ]);
  });

  it('annotates what validate finds, writes SARIF, and fails', () => {
    const sarif = join(scratch(), 'found.sarif');
    const file = writeScratch('bad.json', [written('Oslo', 'fleet')]);
    const found = runCommand('validate', `-f ${file}`, { sarif });
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(/^::error file=/m);
    expect(JSON.parse(readFileSync(sarif, 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(found.outputs).toMatchObject({ 'exit-code': '1', changed: 'false' });
  });

  it('expands nothing of its inputs, and takes no other command', () => {
    const mark = join(scratch(), 'mark');
    const { inventory, file } = writeFleet();
    const done = runCommand('diff', `-f '${file}' --inventory ${inventory} -n '$(touch ${mark})' ";touch ${mark}"`);
    expect(done.code).toBe(2);
    expect(spawnSync('test', ['-e', mark]).status).toBe(1);
    expect(runCommand('delete', '--all --yes')).toMatchObject({
      code: 2,
      stdout: '::error::command is import, validate, diff or export, not delete\n',
    });
  });

  it('keeps a text of the fleet inside its fence', () => {
    const { inventory } = writeFleet();
    const annotations = { note: '```\n</details>\n@everyone' };
    const file = writeScratch('f.json', [written('lima', 'fleet', { metadata: { annotations } })]);
    const { summary } = runCommand('diff', `-f ${file} --inventory ${inventory}`);
    const [, fence = ''] = /^(`{3,})diff$/m.exec(summary) ?? [];
    expect(fence.length).toBeGreaterThan(3);
    expect(
      summary
        .trimEnd()
        .split('\n')
        .filter((line) => line === fence).length,
    ).toBeGreaterThan(0);
  });

  it('has one comment a command on a pull request, which it changes', async () => {
    const comments: { id: number; body: string }[] = Array.from({ length: 120 }, (_none, id) => ({
      id,
      body: 'hello',
    }));
    const tokens = new Set<string | undefined>();
    const server = createServer((request, response) => {
      tokens.add(request.headers.authorization);
      const url = new URL(request.url ?? '', 'http://localhost');
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { body } = text === '' ? { body: '' } : (JSON.parse(text) as { body: string });
        if (request.method === 'POST') comments.push({ id: comments.length, body });
        if (request.method === 'PATCH') {
          const found = comments[Number(url.pathname.split('/').at(-1))];
          if (found) found.body = body;
        }
        const from = (Number(url.searchParams.get('page') ?? 1) - 1) * 100;
        response.end(JSON.stringify(request.method === 'GET' ? comments.slice(from, from + 100) : {}));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const post = async (text: string): Promise<void> => {
      const env = {
        PATH: process.env['PATH'],
        REPORT: writeScratch('report.md', text),
        TOKEN: 'LEAKCANARY',
        COMMAND: 'diff',
        NUMBER: '7',
        GITHUB_API_URL: api,
        GITHUB_REPOSITORY: 'shop/fleet',
      };
      const done = await execute('bash', [join(root, '.github', 'action', 'comment.sh')], { env });
      expect(done).toEqual({ stdout: '', stderr: '' });
    };
    await post('first');
    await post('second\n');
    server.close();
    expect(comments.slice(120)).toEqual([{ id: 120, body: '<!-- clusterprofile diff -->\nsecond\n' }]);
    expect([...tokens]).toEqual(['Bearer LEAKCANARY']);
  });

  it('uses only inputs that it has, and steps that run a script of the clone', () => {
    const text = readFileSync(join(root, 'action.yml'), 'utf8');
    const used = new Set([...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name));
    expect([...used].map(String).toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    expect(action.runs.using).toBe('composite');
    for (const { run, uses } of action.runs.steps)
      expect(run?.startsWith('bash "$GITHUB_ACTION_PATH/.github/action/') ?? uses?.startsWith('github/')).toBe(true);
  });
});
