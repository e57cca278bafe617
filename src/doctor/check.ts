import { quoteForShell } from '../util/shell.ts';

/** What came of one thing that the doctor looked at. */
export interface Check {
  /** `DR…`, the same for the same thing in every run. */
  id: string;
  result: 'ok' | 'note' | 'warning' | 'error';
  /** What was looked at: `hub`, `rights`, `provider google` … */
  subject: string;
  message: string;
  /** How to mend it, at best a command. */
  hint?: string;
}

/** Makes the checks of one kind, which share a code and a subject. */
export const createChecker =
  (id: string, subject: string) =>
  (result: Check['result'], message: string, hint?: string): Check => ({
    id,
    result,
    subject,
    message,
    ...(hint !== undefined && result !== 'ok' && { hint }),
  });

/** The commands that give somebody rights in a namespace, or in all of them: the role, and who has it. */
export function suggestGrant(namespace: string | undefined, rights: string): string {
  const kind = namespace === undefined ? 'clusterrole' : 'role';
  const at = namespace === undefined ? '' : ` -n ${quoteForShell(namespace)}`;
  const binding = `kubectl create ${kind}binding${at} NAME --${kind}=NAME --user=USER`;
  return `kubectl create ${kind}${at} NAME ${rights} && ${binding}`;
}
