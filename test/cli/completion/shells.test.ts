import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profile } from '../../support/profiles.ts';
import { scratch } from '../../support/paths.ts';
import { programInShell } from '../../support/program.ts';
import { keys, startInTerminal, type Terminal } from '../../support/terminal.ts';

const eks = 'arn:aws:eks:eu-west-1:123456789012:cluster';
const contexts = [
  'prod us',
  `${eks}/prod-eu`,
  `${eks}/lab`,
  'admin@prod',
  "it's",
  '$(touch pwned)',
  'a"b`c',
  '1\u001b[2J',
];

/**
 * A folder for a person at a shell: files, a kubeconfig, an inventory, and a `clusterprofile` that prints the words it is
 * given, unless it is asked to complete them.
 */
function makePlace(): string {
  const folder = scratch();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  mkdirSync(join(folder, 'fleet'));
  writeFileSync(join(folder, 'file.yaml'), '');
  writeFileSync(join(folder, 'fleet', 'profiles.yaml'), JSON.stringify(profile()));
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'x', cluster: { server: 'https://x.example.com' } }],
    contexts: contexts.map((name) => ({ name, context: { cluster: 'x' } })),
  };
  writeFileSync(join(folder, 'config'), JSON.stringify(config));
  const program = join(bin, 'clusterprofile');
  const script = [
    '#!/bin/sh',
    `case "$1" in __complete | completion) exec ${programInShell()} "$@" ;; esac`,
    'for word; do printf "[%s]" "$word"; done',
    'echo " end"',
  ];
  writeFileSync(program, script.join('\n'));
  chmodSync(program, 0o755);
  return folder;
}

/** What is typed behind `clusterprofile`, with `→` for the key, and the words that the program is then given. */
const cases: readonly [typed: string, words: readonly string[]][] = [
  ['imp→kubec→', ['import', 'kubeconfig']],
  ['list --property-c→', ['list', '--property-columns']],
  ['list --context prod→', ['list', '--context', 'prod us']],
  ['list --context "prod→', ['list', '--context', 'prod us']],
  [String.raw`list --context prod\ u→`, ['list', '--context', 'prod us']],
  [`list --context ${eks}/p→`, ['list', '--context', `${eks}/prod-eu`]],
  ['list --context arn→l→', ['list', '--context', `${eks}/lab`]],
  ['list --context=arn→p→', ['list', `--context=${eks}/prod-eu`]],
  ['list --context=admin@→', ['list', '--context=admin@prod']],
  ["list --context 'it→", ['list', '--context', "it's"]],
  ['list --context it→', ['list', '--context', "it's"]],
  [String.raw`list --context \$→`, ['list', '--context', '$(touch pwned)']],
  [String.raw`list --context "a\"→`, ['list', '--context', 'a"b`c']],
  ['list --from gke→ad→', ['list', '--from', 'gke:admin@prod']],
  ['list --inventory fl→x', ['list', '--inventory', 'fleet/x']],
  ['describe --inventory fleet to→', ['describe', '--inventory', 'fleet', 'tokyo']],
  ['apply --filename=fi→', ['apply', '--filename=file.yaml']],
  ['import kubeconfig fi→', ['import', 'kubeconfig', 'file.yaml']],
  // Where no file can stand, there is none.
  ['diff fi→', ['diff', 'fi']],
  ['list -n fi→', ['list', '-n', 'fi']],
  ['list --context fi→', ['list', '--context', 'fi']],
];

const shells = {
  bash: { argv: ['--norc', '--noprofile', '-i'], load: 'source <(clusterprofile completion bash)' },
  zsh: { argv: ['-f', '-i'], load: 'source <(clusterprofile completion zsh)' },
  fish: { argv: ['--no-config', '-i'], load: 'clusterprofile completion fish | source' },
};

const isInstalled = (shell: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, shell)));

for (const [shell, { argv, load }] of Object.entries(shells)) {
  const why = isInstalled(shell) ? '' : `: skipped, ${shell} is not installed`;
  describe.skipIf(why !== '')(`completion in ${shell}${why}`, () => {
    const folder = makePlace();
    let terminal: Terminal;

    beforeAll(async () => {
      const PATH = [join(folder, 'bin'), process.env['PATH']].join(delimiter);
      terminal = startInTerminal(shell, argv, {
        columns: 200,
        cwd: folder,
        env: { PATH, HOME: folder, KUBECONFIG: join(folder, 'config'), TERM: 'xterm', LANG: 'C.UTF-8' },
      });
      terminal.type(`${load}${keys.enter}`);
      terminal.type(`clusterprofile loaded${keys.enter}`);
      await terminal.shows(/^\[loaded\] end$/m);
    }, 30_000);

    afterAll(async () => {
      terminal.type(`exit${keys.enter}`);
      await terminal.ended;
    });

    // A machine that is busy may not have an answer in time.
    it.each(cases)('clusterprofile %s', { retry: 3 }, async (typed, words) => {
      const before = terminal.screen().length;
      terminal.type(`clusterprofile ${typed.replaceAll('→', '\t')}${keys.enter}`);
      const answer = /^\r?(\[.*\]) end$/m;
      await terminal.shows(answer, before);
      expect(answer.exec(terminal.screen().slice(before))?.[1]).toBe(words.map((word) => `[${word}]`).join(''));
      expect(existsSync(join(folder, 'pwned'))).toBe(false);
    });
  });
}
