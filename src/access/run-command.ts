import { byText } from '../util/text.ts';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ExecPlugin } from './provider.ts';
import { codeOf, exit, startFailure, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { buildKubeconfig } from './kubeconfig-file.ts';
import { toYaml } from '../documents/yaml-out.ts';
import type { Member } from './member.ts';

/** A member under the name that its cluster, user and context get. */
interface NamedMember extends Member {
  name: string;
  /** KUBECONFIG for its plugin: the command's own would send a plugin that asks the hub to the member, and so to itself. */
  hub: string;
}

/** A kubeconfig in another folder: a relative command would be looked for beside it. Nobody is asked, as in pkg/access. */
function resolveCommandPath({ plugin, hub }: NamedMember): ExecPlugin {
  const { command, env } = plugin;
  const told = env.some(({ name }) => name === 'KUBECONFIG') ? env : [...env, { name: 'KUBECONFIG', value: hub }];
  return {
    ...plugin,
    command: command.includes('/') ? resolve(command) : command,
    env: told.toSorted((a, b) => byText(a.name, b.name)),
    interactiveMode: 'Never',
  };
}

const describeSpawnFailure = (command: string, error: Error): UserError =>
  codeOf(error) === 'ENOENT'
    ? new UserError(`${command}: command not found`, { code: exit.notFound, cause: error })
    : new UserError(`${command} could not run: ${startFailure(error)}`, { cause: error });

const waitForExit = (child: ChildProcess, command: string): Promise<number> =>
  new Promise((done, failed) => {
    child.on('error', (error) => failed(describeSpawnFailure(command, error)));
    // As shells say it.
    child.on('close', (code, signal) => done(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });

/** A terminal sends these to all programs in front of it, so a command that is handed them again would get them twice. */
const fromTerminal = new Set<NodeJS.Signals>(['SIGINT', 'SIGQUIT']);

/**
 * Runs a command, without a shell, whose KUBECONFIG has this member only. The file is there as long as the command runs,
 * and holds no credential. Returns the command's exit code.
 */
export async function runWithAccess(member: NamedMember, words: readonly string[], io: Io): Promise<number> {
  const [command = '', ...args] = words;
  let child: ChildProcess | undefined;
  const release = io.handSignals((signal) => {
    if (!(io.terminal.in && fromTerminal.has(signal))) child?.kill(signal);
  });
  const folder = mkdtempSync(join(tmpdir(), 'clusterprofile-'));
  try {
    const file = join(folder, 'kubeconfig');
    const { name, cluster } = member;
    const entry = { name, origin: name, cluster, login: { plugin: resolveCommandPath(member) } };
    writeFileSync(file, toYaml(buildKubeconfig([entry], name)), { mode: 0o600, flag: 'wx' });
    child = spawn(command, args, { env: { ...io.env, KUBECONFIG: file }, stdio: 'inherit', shell: false });
    return await waitForExit(child, command);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    release();
  }
}
