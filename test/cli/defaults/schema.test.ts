import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import { defaultsOf, makeWorld } from './world.ts';

const schema = JSON.parse((await run(['config', 'schema'])).out) as object;
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

/** What the schema says of a file, and what the program does. */
async function judge(text: string): Promise<{ isValid: boolean; err: string }> {
  const { run: runThere } = makeWorld({ 'home/.config/clusterprofile/config.yaml': text });
  const { err } = await runThere(['config', 'view']);
  return { isValid: validate(parse(text)), err };
}

describe('config schema', () => {
  it('takes the example of the docs, and the commands there run beside it', async () => {
    const page = readFileSync(join(root, 'docs', 'defaults.md'), 'utf8');
    const [[, example = ''] = []] = page.matchAll(/```yaml\n([^]*?)```/g);
    expect(validate(parse(example)), example).toBe(true);
    const { run: runThere } = makeWorld({ 'repository/clusterprofile.yaml': example, 'repository/fleet/.keep': '' });
    const [[, commands = ''] = []] = page.matchAll(/```sh\n([^]*?)```/g);
    const lines = commands.split('\n').flatMap((line) => /^clusterprofile ([^#>]*)/.exec(line)?.[1] ?? []);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      const { err, code } = await runThere(line.trim().split(' '));
      expect([line, err, code]).toEqual([line, '', 0]);
    }
  });

  it.each([
    'defaults: {namespace: fleet, strict: true, concurrency: 8, include: [a, b], property: region=x}\n',
    'defaults: {output: name}\n',
    'commands: {import gke: {project: [a, b], enrich: true}}\n'.replace('enrich', 'no-enrich'),
    'commands: {import: {clusterset: prod}, export: {only-healthy: true}, crd install: {versions: v1alpha2}}\n',
    'commands: {validate: {for: [argocd], argocd-builtin: true, output: github}}\n',
    'commands: {access: {provider-file: ~/providers.json}}\n',
    'accept: {CP085: [prod-*], CP091: web}\n',
  ])('takes what the program takes: %s', async (body) => {
    expect(await judge(defaultsOf(body))).toEqual({ isValid: true, err: '' });
  });

  it.each([
    'default: {}\n',
    'defaults: {namspace: fleet}\n',
    'defaults: {prune: true}\n',
    'defaults: {watch: "yes"}\n',
    'defaults: {namespace: true}\n',
    'commands: {lst: {}}\n',
    'commands: {list: {prune: true}}\n',
    'commands: {list: {project: x}}\n',
    'commands: {import gke: {reach: far}}\n',
    'commands: {validate: {output: xml}}\n',
    'commands: {version: {output: json}}\n',
    'accept: {CP085: []}\n',
    'accept: {cp85: [a]}\n',
  ])('takes nothing that the program refuses: %s', async (body) => {
    const { isValid, err } = await judge(defaultsOf(body));
    expect({ isValid, err }).toEqual({ isValid: false, err: expect.stringMatching(/^error: .*config\.yaml:\d+: /) });
  });
});
