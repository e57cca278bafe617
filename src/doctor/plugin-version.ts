import { basename } from 'node:path';
import { cleanForeignText } from '../redact/door.ts';
import { createTimeout } from '../util/duration.ts';
import { readOwn } from '../object.ts';
import { runHelper } from '../util/helper-program.ts';
import { createChecker, type Check } from './check.ts';

/** How plugins that many have are asked for their version. Any other program is not run for it: nobody knows what it does. */
const versionWords: Readonly<Record<string, readonly string[]>> = {
  aws: ['--version'],
  'aws-iam-authenticator': ['version'],
  'gke-gcloud-auth-plugin': ['--version'],
  kubelogin: ['--version'],
};

const longestRun = 5000;
const outputLimit = 65_536;
const version = /\bv?\d+\.\d+(?:\.\d+)?[\w.+-]*/;

interface VersionQuestion {
  /** The access provider that it is for. */
  provider: string;
  /** Where its program is. */
  program: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** A check of a plugin that is installed: which version it says it is, within five seconds and without a login. */
export async function* checkPluginVersion({ provider, program, env, signal }: VersionQuestion): AsyncIterable<Check> {
  const name = basename(program).replace(/\.exe$/, '');
  const words = readOwn(versionWords, name);
  if (words === undefined) return;
  const check = createChecker('DR010', `provider ${provider}`);
  const ended = AbortSignal.any([signal, createTimeout(longestRun)]);
  const options = { env, signal: ended, interactive: false, outputLimit, onStderr: () => {} };
  try {
    const { code, stdout, stderr } = await runHelper(program, words, options);
    const [found] = version.exec(cleanForeignText(`${stdout} ${stderr}`)) ?? [];
    if (code === 0 && found !== undefined) {
      yield check('ok', `${name} is version ${found}`);
      return;
    }
  } catch {
    // It could not be started: what it says of itself is not known either.
  }
  signal.throwIfAborted();
  const command = [program, ...words].join(' ');
  const why = ended.aborted ? `has not said its version within ${longestRun / 1000}s` : 'does not say its version';
  yield check('warning', `${name} ${why}, so that it may give no login either`, `${command} shows what is wrong`);
}
