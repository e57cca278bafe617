import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDefaultsFiles } from '../../../src/defaults/read.ts';
import { scratch } from '../../support/paths.ts';

/** The entries of a text, each with its line. */
function readLines(text: string): string[] {
  const path = join(scratch(), 'config.yaml');
  writeFileSync(path, text);
  const [file] = readDefaultsFiles({ near: [], own: path, hasVariables: false });
  return (file?.entries ?? []).map(({ command, flag, origin }) =>
    [...command, `--${flag}`, origin.slice(path.length + 1)].join(' '),
  );
}

const head = 'apiVersion: clusterprofile.dev/v1alpha1\nkind: Defaults\n';

it.each([
  [
    'block style',
    `${head}# namespace: the comment is none
defaults:
  inventory: fleet/   # not output: x
  namespace: a

commands:
  import gke:
    project: x
  import:
    project: y
  "list":
    output: wide
    'no-headers': true
accept:
  CP085: [prod-*]
`,
    [
      'import gke --project 10',
      'import --project 12',
      'list --output 14',
      'list --no-headers 15',
      '--inventory 5',
      '--namespace 6',
      '--accept 16',
    ],
  ],
  [
    'flow style',
    `${head}commands: {validate: {accept: [CP091], strict: true},\n  list: {output: wide}}\ndefaults: {output: name, namespace: a}\naccept: {CP085: a}\n`,
    ['validate --accept 3', 'validate --strict 3', 'list --output 4', '--output 5', '--namespace 5', '--accept 6'],
  ],
  [
    'JSON',
    `{"apiVersion": "clusterprofile.dev/v1alpha1", "kind": "Defaults",\n "defaults": {"namespace": "a",\n "strict": true}}\n`,
    ['--namespace 2', '--strict 3'],
  ],
])('says where each default stands, in %s', (_style, text, expected) => {
  expect(readLines(text)).toEqual(expected);
});
