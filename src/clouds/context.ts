/** What a read of a cloud may use and say; a ListContext is one. */
export interface CloudContext {
  common: { readonly verbose?: boolean | undefined; readonly requestTimeout?: number | undefined };
  env: Readonly<Record<string, string | undefined>>;
  /** Ends with the command, at the latest when `--timeout` is over. */
  signal: AbortSignal;
  /** Something the user should know; the result is still whole. */
  warn(message: string): void;
  /** Notes that a part is asked for. */
  ask(part: string): void;
  /** Notes that a part could not be read: what it would tell is unknown (exit 4). */
  miss(part: string, error: { message: string; hint?: string | undefined }): void;
  /** Part of the source could not be read: the result is not whole. */
  partial(message: string, hint?: string): void;
}
