import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load } from 'js-yaml';
import { root, scratch } from '../../support/paths.ts';
import { writeScratch, written } from '../../support/written.ts';
import { action, listCommands, listUnfenced, runCommand } from './runner.ts';

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
    expect(found.outputs).toMatchObject({ 'exit-code': '1', changed: 'false', sarif });
    expect(found.summary).toMatch(/^### clusterprofile validate\n\n```\n\S*bad\.json:/);
    const mistyped = runCommand('validate', `--file ${file}`, { sarif: join(scratch(), 'found.sarif') });
    expect([mistyped.code, mistyped.outputs['sarif']]).toEqual([2, undefined]);
  });

  it('fails for findings in a file that is named like a command', () => {
    const folder = scratch();
    writeFileSync(join(folder, 'diff'), JSON.stringify(written('Oslo', 'fleet')));
    expect(runCommand('validate', `-f ${join(folder, 'diff')} -n diff`)).toMatchObject({
      code: 1,
      outputs: { changed: 'false' },
    });
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

  it('imports and exports, and says how many', () => {
    const { inventory, file } = writeFleet();
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'rome', cluster: { server: 'https://rome.example.com' } }],
      contexts: [{ name: 'rome', context: { cluster: 'rome' } }],
    };
    const source = `kubeconfig -f ${writeScratch('config.json', [config])} -n fleet --inventory ${inventory}`;
    const differs = runCommand('import', `${source} --diff`);
    expect([differs.code, differs.outputs['changed'], differs.outputs['summary']]).toEqual([0, 'true', '1 to create']);
    const applied = runCommand('import', `${source} --apply`);
    expect([applied.code, applied.outputs['exit-code'], applied.outputs['summary']]).toEqual([
      0,
      '0',
      '1 created, 0 configured, 0 unchanged, 0 deleted',
    ]);
    expect(runCommand('import', `${source} --diff`).outputs).toMatchObject({ 'exit-code': '0', changed: 'false' });
    const folder = scratch();
    const status = { accessProviders: [{ name: 'google', cluster: { server: 'https://gke.europe-north1.gke.goog' } }] };
    const gke = writeScratch('gke.json', [written('gke', 'fleet', { status })]);
    const out = `argocd -f ${gke} --argocd-builtin --output-dir ${folder}`;
    const exported = runCommand('export', out);
    expect([exported.code, exported.outputs['exit-code']]).toEqual([0, '0']);
    expect(exported.outputs['summary']).toBe('1 created, 0 configured, 0 unchanged, 0 deleted');
    expect(runCommand('export', `nowhere -f '${file}'`)).toMatchObject({ code: 2, outputs: { 'exit-code': '2' } });
  });

  it.each(['command', 'args', 'sarif', 'fail-on-difference', 'name', 'version'])(
    'runs nothing of the input %s, and gives no output or command of the log away to it',
    (input) => {
      const mark = join(scratch(), 'mark');
      const { file } = writeFleet();
      const touch = `touch ${mark}`;
      const values = [`$(${touch})`, `\`${touch}\``, `"; ${touch}; "`, `'; ${touch}; '`, `-x\n${touch}`];
      for (const value of [...values, 'a\nprogram=evil\n::add-mask::clusterprofile\n::set-output name=x::y']) {
        const done = runCommand('validate', `-f '${file}'`, { [input]: value });
        expect([value, existsSync(mark)]).toEqual([value, false]);
        expect(Object.keys(done.outputs)).not.toContain('program');
        for (const name of Object.keys(done.outputs))
          expect(['exit-code', 'changed', 'summary', 'report', 'sarif']).toContain(name);
        expect(listCommands(done.stdout).filter((each) => !/^::(?:error|warning|notice)[ :]/.test(each))).toEqual([]);
      }
    },
  );

  const hostile = [
    '```',
    '</details><img src=x onerror=alert(1)> @everyone [free](https://example.com)',
    '::add-mask::clusterprofile',
    '##[error]all is lost',
    '::stop-commands::end',
  ].join('\n');

  it('shows texts of a fleet in fences, and none of them is a command of the log', () => {
    const { inventory } = writeFleet();
    const file = writeScratch('f.json', [written('lima', 'fleet', { metadata: { annotations: { note: hostile } } })]);
    const shown = runCommand('diff', `-f ${file} --inventory ${inventory}`);
    expect(listUnfenced(shown.summary)).toEqual(['### clusterprofile diff']);
    expect([shown.stdout.includes('all is lost'), listCommands(shown.stdout)]).toEqual([true, []]);
    // What is printed as it is has no line break at its end, and begins where a line does.
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: hostile, cluster: { server: 'https://oslo.example.com' } }],
      contexts: [{ name: hostile, context: { cluster: hostile } }],
    };
    const read = writeScratch('config.json', [config]);
    const raw = runCommand('import', `kubeconfig -f ${read} -o jsonpath={.items[*].spec.displayName}`);
    expect([raw.code, raw.stdout.includes('all is lost')]).toEqual([0, true]);
    expect(listUnfenced(raw.summary)).toEqual(['### clusterprofile import']);
    expect(listCommands(raw.stdout)).toEqual([]);
    expect(raw.outputs['summary']).toMatch(/^[\w ,.:%/=-]*$/);
  });

  it('annotates a hostile text as text', () => {
    const metadata = { annotations: { 'clusterprofile.dev/ignore': hostile } };
    const spec = { displayName: hostile.repeat(20) };
    const file = writeScratch('f.json', [written('lima', 'fleet', { metadata, spec })]);
    const found = runCommand('validate', `-f '${file}'`);
    expect(listCommands(found.stdout).filter((each) => !/^::(?:error|warning|notice) file=/.test(each))).toEqual([]);
    expect(listUnfenced(found.summary)).toEqual(['### clusterprofile validate']);
  });

  it('uses only inputs that it has, and steps that run a script of the clone', () => {
    const text = readFileSync(join(root, 'action.yml'), 'utf8');
    const used = new Set([...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name));
    expect([...used].map(String).toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    expect(action.runs.using).toBe('composite');
    for (const { run, uses } of action.runs.steps)
      expect(run?.startsWith('bash "$GITHUB_ACTION_PATH/.github/action/') ?? uses?.startsWith('github/')).toBe(true);
  });

  it('is used in the documentation with inputs that it has', () => {
    const [, block = ''] =
      /## GitHub Actions[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs', 'ci.md'), 'utf8')) ?? [];
    const { steps } = load(block) as { steps: { uses: string; with?: Record<string, unknown> }[] };
    const uses = steps.filter(({ uses: each }) => each.startsWith('OWNER/clusterprofile@v'));
    expect(uses.map(({ with: given = {} }) => given['command'])).toEqual(['validate', 'diff']);
    for (const { with: given = {} } of uses)
      for (const name of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(name);
  });
});
