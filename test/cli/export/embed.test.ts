import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { run } from '../../support/run.ts';
import { scratch, sharedData } from '../../support/paths.ts';

const shared = join(sharedData, 'fanout');
const folder = scratch();

/** A provider file whose plugin gives the text that stands for a token in the expected files. */
function providerFile(): string {
  const answer = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: '<TOKEN-READ-AT-EXPORT-TIME>' },
  };
  const command = join(folder, 'plugin');
  writeFileSync(command, `#!/bin/sh\nprintf '%s' '${JSON.stringify(answer)}'\n`);
  chmodSync(command, 0o755);
  const execConfig = { apiVersion: answer.apiVersion, command, provideClusterInfo: true };
  const file = join(folder, 'providers.json');
  writeFileSync(file, JSON.stringify({ providers: [{ name: 'secretreader', execConfig }] }));
  return file;
}

interface Made {
  stringData: Record<string, string>;
}

/** Texts in a Secret as what they hold; the example's placeholder for our domain. */
function comparable(text: string): object {
  const made = parse(text.replaceAll('clusterprofile-cli/', 'clusterprofile.dev/')) as Made;
  const inner = Object.entries(made.stringData).map(([key, value]) => [
    key,
    value.startsWith('apiVersion') ? (parse(value) as unknown) : value,
  ]);
  return { ...made, stringData: Object.fromEntries(inner) as object };
}

it.skipIf(!existsSync(shared)).each(['istio', 'kubevela'])(
  '%s: an embedded token, as the page has it',
  async (consumer) => {
    const words = ['export', consumer, '-f', join(shared, '_input', 'onprem-lab.yaml'), '--credentials=embed'];
    const { out, code } = await run([...words, '--provider-file', providerFile(), '-q']);
    expect(code).toBe(0);
    const expected = readFileSync(join(shared, consumer, 'embed-credentials', 'onprem-lab.expected.yaml'), 'utf8');
    expect(comparable(out)).toEqual(comparable(expected));
  },
);
