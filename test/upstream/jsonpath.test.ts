import { execFile, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { compileJsonPath, compileJsonPathAsJson } from '../../src/output/jsonpath.ts';
import {
  dialectProfile,
  dialectProfiles,
  kubectlDialectCases,
  type KubectlDialectCase,
} from '../unit/output/kubectl-dialect-cases.ts';
import { templateErrorOf } from '../unit/output/template-error.ts';
import { scratch } from '../support/paths.ts';

const cases = kubectlDialectCases.filter(({ kind }) => kind !== 'custom-columns');
const compile = ({ kind, template }: KubectlDialectCase) =>
  kind === 'jsonpath' ? compileJsonPath(template) : compileJsonPathAsJson(template);

const kubectl = process.env['KUBECTL'] ?? 'kubectl';
const hasKubectl = spawnSync(kubectl, ['version', '--client']).status === 0;
if (!hasKubectl) console.log('templates are not compared with a kubectl: there is none on PATH, nor in KUBECTL');

interface Outcome {
  stdout: string | string[];
  stderr: string;
}

const run = promisify(execFile);

async function kubectlPrints(file: string, { kind, template }: KubectlDialectCase): Promise<Outcome> {
  const args = ['patch', '--local', '--type=merge', '-p', '{}', '-f', file, '-o', `${kind}=${template}`];
  const env = { PATH: process.env['PATH'], KUBECONFIG: '/dev/null' };
  return run(kubectl, args, { env }).catch((failed: Outcome) => ({ stdout: failed.stdout, stderr: failed.stderr }));
}

function wePrint(profile: unknown, dialectCase: KubectlDialectCase): Outcome {
  let stdout = '';
  const error = templateErrorOf(() => {
    stdout = compile(dialectCase)(profile);
  });
  const end = error?.message.endsWith('\n') ? '' : '\n';
  return { stdout, stderr: error ? `error: ${error.message}${end}` : '' };
}

/** Where kubectl has no order, words are compared. */
const comparable = ({ stdout, stderr }: Outcome, { unordered = false }: KubectlDialectCase): Outcome => ({
  stdout: unordered ? stdout.toString().split(' ').toSorted() : stdout,
  stderr,
});

// Without a server kubectl prints one object, never a List: a template for a List then meets a profile, with both of us.
describe.skipIf(!hasKubectl)('side by side with kubectl patch --local', () => {
  const dir = scratch();
  afterAll(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'profile.json');
  const profile = dialectProfiles.find(({ metadata }) => metadata.name === dialectProfile);
  writeFileSync(file, JSON.stringify(profile));

  test.concurrent.each(cases)('$kind, $title: $template', async (dialectCase) => {
    const theirs = await kubectlPrints(file, dialectCase);
    expect(comparable(wePrint(profile, dialectCase), dialectCase)).toEqual(comparable(theirs, dialectCase));
  });
});
