import { basename } from 'node:path';
import { execVersions } from './provider.ts';
import { codeOf, exit, startFailure, UserError } from '../errors.ts';
import { isObject } from '../object.ts';
import { cleanForeignText, withoutSecrets } from '../redact/door.ts';
import { rememberSecret } from '../redact/known-secrets.ts';
import { detectCredentialWord, splitArgumentWords } from '../redact/plugin-words.ts';
import { createTimeout } from '../util/duration.ts';
import { runHelper } from '../util/helper-program.ts';

/** One run of a credential plugin: KEP-541, client-go `plugin/pkg/client/auth/exec`. */
export interface Plugin {
  apiVersion: string;
  command: string;
  args: readonly string[];
  env: readonly { name: string; value: string }[];
  installHint?: string | undefined;
  interactiveMode?: string | undefined;
  /** `spec.cluster` of KUBERNETES_EXEC_INFO, when the plugin asks for it. */
  clusterInfo?: Record<string, unknown> | undefined;
}

export interface ExecCredential {
  token?: string;
  certificate?: string;
  key?: string;
  /** Milliseconds since the epoch. */
  expires?: number;
}

export interface ExecContext {
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  /** Milliseconds that a run without a person may take. */
  limit?: number | undefined;
  /** Standard input is a terminal. */
  terminal: boolean;
}

const outputLimit = 1 << 20;

/** What a plugin prints is more often a token than what anybody else says, so more is taken for one. */
const secrets =
  /eyJ[\w-]+\.[\w-]+(\.[\w-]*)?|ya29\.[\w-]+|k8s-aws-v1\.[\w-]+|-----BEGIN[\s\S]*|((?:token|password|secret|key)\S*[=:]+\s*)\S+/gi;

/** After a space it may be a sentence ("failed to get secret fleet/tokyo"), which says what is wrong: what looks like no name goes. */
const secretWords =
  /((?:[Tt]oken|TOKEN|[Pp]assword|PASSWORD|[Ss]ecret|SECRET|[Kk]ey|KEY)\S* +["']?)(?:(?=\S*[A-Z])\S{10,}|[a-z0-9]{24,})/g;

const controlCharacters = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** What a plugin said last on standard error, on one line, without control characters and without credentials. */
function cleanStderr(stderr: string): string {
  const lines = withoutSecrets(
    stderr
      .replace(controlCharacters, ' ')
      .replace(secrets, (_all, _tail, prefix?: string) => `${prefix ?? ''}…`)
      .replace(secretWords, '$1…'),
  )
    .trim()
    .split('\n');
  return cleanForeignText(lines.slice(-3).join(' / '), 500);
}

const fail = (message: string, hint?: string, cause?: unknown): UserError =>
  new UserError(message, { code: exit.auth, hint, cause });

function mayInteract({ interactiveMode, command }: Plugin, { terminal }: ExecContext): boolean {
  if (interactiveMode === 'Always' && !terminal)
    throw fail(`credential plugin ${basename(command)} needs a terminal, and standard input is none`);
  return interactiveMode !== 'Never' && terminal;
}

/** The error for a plugin that was ended: by a limit of its command or of a request, or by a signal. */
const describeAbort = (name: string, { reason }: AbortSignal, { signal }: ExecContext): UserError =>
  reason instanceof Error && reason.name === 'TimeoutError'
    ? new UserError(`credential plugin ${name} was not done in time`, {
        code: exit.timeout,
        hint: `give it more time with ${signal.aborted ? '--timeout' : '--request-timeout'}`,
      })
    : new UserError('interrupted', { code: exit.interrupted });

/** The error for a plugin that could not be started. */
const describeStartFailure = (name: string, { installHint }: Plugin, error: unknown): UserError =>
  codeOf(error) === 'ENOENT'
    ? fail(`credential plugin ${name} is not installed`, installHint?.replace(controlCharacters, ' ').trim(), error)
    : fail(`credential plugin ${name} could not run: ${startFailure(error)}`, undefined, error);

/** Runs a plugin and returns what it printed. */
async function spawnPlugin(plugin: Plugin, context: ExecContext): Promise<string> {
  const interactive = mayInteract(plugin, context);
  const name = basename(plugin.command);
  const info = {
    kind: 'ExecCredential',
    apiVersion: plugin.apiVersion,
    spec: { ...(plugin.clusterInfo && { cluster: plugin.clusterInfo }), interactive },
  };
  const own = Object.fromEntries(plugin.env.map((entry) => [entry.name, entry.value]));
  const { limit } = context;
  const ended = limit && !interactive ? AbortSignal.any([context.signal, createTimeout(limit)]) : context.signal;
  const { code, signal, stdout, stderr, hasFlooded } = await runHelper(plugin.command, plugin.args, {
    env: { ...context.env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    signal: ended,
    interactive,
    outputLimit,
    // A person may have to read a code or answer a question while it runs.
    onStderr: (text) => interactive && process.stderr.write(withoutSecrets(text).replace(controlCharacters, ' ')),
  }).catch((error: unknown) => {
    throw ended.aborted ? describeAbort(name, ended, context) : describeStartFailure(name, plugin, error);
  });
  if (ended.aborted) throw describeAbort(name, ended, context);
  if (hasFlooded) throw fail(`credential plugin ${name} printed more than ${outputLimit / 1024 / 1024} MiB (limit)`);
  if (code === 0) return stdout;
  throw fail(
    `credential plugin ${name} failed (${signal ?? `exit ${code}`})${stderr ? `: ${cleanStderr(stderr)}` : ''}`,
  );
}

const readField = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Reads the plugin's answer. What it printed is never shown: it is a credential. */
function parseExecCredential(stdout: string, { command, apiVersion }: Plugin): ExecCredential {
  const name = basename(command);
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch {
    // What is no JSON is refused below, with an answer that has the wrong shape.
  }
  if (!isObject(answer) || answer['kind'] !== 'ExecCredential' || !isObject(answer['status']))
    throw fail(`credential plugin ${name} did not print an ExecCredential with a status`);
  if (answer['apiVersion'] !== apiVersion)
    throw fail(`credential plugin ${name} answered in another version than ${apiVersion}`);
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = answer['status'];
  const [bearer, certificate, key] = [readField(token), readField(clientCertificateData), readField(clientKeyData)];
  if ((certificate === undefined) !== (key === undefined))
    throw fail(`credential plugin ${name} gave only one of a certificate and its key`);
  if (!bearer && !certificate)
    throw fail(`credential plugin ${name} gave neither a token nor a certificate with its key`);
  rememberSecret(bearer);
  rememberSecret(key);
  const expires = Date.parse(readField(expirationTimestamp) ?? '');
  return {
    ...(bearer && { token: bearer }),
    ...(certificate && key && { certificate, key }),
    ...(!Number.isNaN(expires) && { expires }),
  };
}

/** A plugin may show how it was started. */
function rememberPluginWords({ args, env }: Plugin): void {
  const variables = env.map(({ name, value }) => ({ name, text: value }));
  for (const word of [...splitArgumentWords(args), ...variables])
    if (detectCredentialWord(word) !== undefined) rememberSecret(word.text.replace(/^--?[^=]+=/, ''));
}

/** Runs a plugin, without a shell, and returns its credential. Failures are UserErrors with the auth code. */
export async function execCredential(plugin: Plugin, context: ExecContext): Promise<ExecCredential> {
  if (!execVersions.has(plugin.apiVersion))
    throw fail(
      `credential plugin ${basename(plugin.command)} speaks ${JSON.stringify(plugin.apiVersion)}; client.authentication.k8s.io/v1 and v1beta1 are known`,
    );
  rememberPluginWords(plugin);
  return parseExecCredential(await spawnPlugin(plugin, context), plugin);
}
