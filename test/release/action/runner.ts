import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { root, scratch } from '../../support/paths.ts';

interface Step {
  id?: string;
  if?: string;
  run?: string;
  uses?: string;
  env?: Record<string, string>;
}

export const action = load(readFileSync(join(root, 'action.yml'), 'utf8')) as {
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

/** Runs the action's command as `uses:` with these inputs does. */
export const runCommand = (command: string, args: string, more: Record<string, string> = {}): Done =>
  runStep(stepOf('run.sh'), inputs({ command, args, program, ...more }));

/** The commands that a runner takes from a log: none between `::stop-commands::WORD` and `::WORD::`. */
export function listCommands(log: string): string[] {
  const taken: string[] = [];
  let word: string | undefined;
  for (const line of log.split(/\r?\n/)) {
    const [, command] = /^\s*(::[\w-]+[ :].*)$/.exec(line) ?? /(##\[.*)$/.exec(line) ?? [];
    if (command === undefined) continue;
    if (word !== undefined) word = command === `::${word}::` ? undefined : word;
    else if (command.startsWith('::stop-commands::')) word = command.slice('::stop-commands::'.length);
    else taken.push(command);
  }
  return taken;
}

/** The lines of Markdown that stand in no fence, which are those that can be more than text. */
export function listUnfenced(markdown: string): string[] {
  const outside: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split(/\r\n|\r|\n/)) {
    const [, ticks = '', info = ''] = /^ {0,3}(`{3,})([^`]*)$/.exec(line) ?? [];
    if (fence !== undefined) fence = ticks.length >= fence.length && info.trim() === '' ? undefined : fence;
    else if (ticks !== '') fence = ticks;
    else if (line !== '') outside.push(line);
  }
  return outside;
}
