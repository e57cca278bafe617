import { exit } from '../../errors.ts';

/** What each exit code means, in the order of the numbers. */
const meanings: Readonly<Record<keyof typeof exit, string>> = {
  done: 'done, or no difference',
  negative: 'a negative answer only: differences, invalid, findings',
  usage: 'the command line is wrong',
  input: 'input that cannot be read, or is not what it should be',
  partial: 'partial: some objects or sources failed, the rest was done',
  refused: 'refused: a conflict, an object of somebody else, a field that cannot change, the guard of prune',
  auth: 'authentication or authorization',
  unreachable: 'unreachable, an error of the server, or the CRD is missing',
  timeout: 'it took too long',
  notFound: 'not found',
  bug: 'a bug in this program',
  interrupted: 'interrupted (SIGINT)',
  terminated: 'terminated (SIGTERM)',
};

/** Every exit code with its meaning. */
export const listExitCodes = (): [code: number, meaning: string][] =>
  Object.entries(meanings).map(([name, meaning]) => [exit[name as keyof typeof exit], meaning]);
