/** What every command's exit code means; one contract for all of them (README, "Exit codes"). */
export const exit = {
  done: 0,
  negative: 1,
  usage: 2,
  input: 3,
  partial: 4,
  refused: 5,
  auth: 6,
  unreachable: 7,
  timeout: 8,
  notFound: 9,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** The exit code of a run that may not have read all of its input. */
export const codeOfPart = (code: number, partial: boolean): number =>
  partial && (code === exit.done || code === exit.negative) ? exit.partial : code;

export type ExitCode = (typeof exit)[keyof typeof exit];

interface UserErrorOptions {
  /** The exit code; input error (3) when absent. */
  code?: ExitCode;
  /** How to get further, at best a command to run. */
  hint?: string | undefined;
  cause?: unknown;
}

/** An error a user can act on: printed as one `error:` line, with a `hint:` line where there is one. */
export class UserError extends Error {
  readonly code: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, { code = exit.input, hint, cause }: UserErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'UserError';
    this.code = code;
    this.hint = hint;
  }
}

/** Tells a UserError from any other error: by its name, which holds for every copy of the class. */
export const isUserError = (error: unknown): error is UserError => error instanceof Error && error.name === 'UserError';

export const usageError = (message: string, hint?: string): UserError =>
  new UserError(message, { code: exit.usage, hint });

/** Something this tool could do and does not: it would not be right, or not be safe. */
export const refusal = (message: string, hint?: string): UserError =>
  new UserError(message, { code: exit.refused, hint });

/** The message of anything thrown, for messages that name what failed around it. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The code of a system error (`ENOENT`, `ECONNREFUSED` …), if it is one. */
export const codeOf = (error: unknown): string | undefined => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
};

/** What codes of the system mean, in words that are the same under every runtime. */
const systemReasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['ENOENT', 'no such file or directory'],
  ['EISDIR', 'is a directory'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['ELOOP', 'its links lead in a circle'],
  ['ENOSPC', 'no space left on device'],
  ['EROFS', 'the file system is read-only'],
  ['EMFILE', 'too many open files'],
  ['ENOEXEC', 'it is no program of this machine'],
  ['E2BIG', 'its arguments and environment are too long'],
]);

/** Why the system refused something. */
export const explainSystemError = (error: unknown): string => {
  const code = codeOf(error) ?? 'unknown error';
  return systemReasons.get(code) ?? code;
};

/** Why a program could not be started. */
export const startFailure = (error: unknown): string => systemReasons.get(codeOf(error) ?? '') ?? messageOf(error);

/** An error of the system that nobody has caught, as one that a user can act on; `undefined` for any other. */
export function describeSystemError(error: unknown): UserError | undefined {
  if (codeOf(error) === undefined || !(error instanceof Error) || !('syscall' in error)) return undefined;
  const what = 'path' in error && typeof error.path === 'string' ? `access ${error.path}` : String(error.syscall);
  return new UserError(`cannot ${what}: ${explainSystemError(error)}`, { cause: error });
}

/** The HTTP status of an API server's answer, if the error is one. */
export const apiStatus = (error: unknown): number | undefined =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
