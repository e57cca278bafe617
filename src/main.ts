import { main } from './cli.ts';
import { exit } from './errors.ts';
import { processIo } from './io.ts';

export { main };

/** What has ended before its time leaves reads behind that may never end. */
const cutShort: ReadonlySet<number> = new Set([exit.timeout, exit.interrupted, exit.terminated]);

/** Runs the command line of this process. SIGINT and SIGTERM end it in an orderly way, a second one at once. */
export async function startProcess(): Promise<void> {
  const controller = new AbortController();
  let received = 0;
  const stop = (code: number) => (): void => {
    if (received) process.exit(code);
    received = code;
    controller.abort();
  };
  process.on('SIGINT', stop(exit.interrupted)).on('SIGTERM', stop(exit.terminated));
  const io = processIo(controller.signal);
  const code = await main(io.argv, io);
  if (received || cutShort.has(code)) process.exit(received || code);
  // Otherwise whatever is still on its way gets there, and only a connection that never ends is not waited for.
  process.exitCode = code;
  setTimeout(() => process.exit(), 2000).unref();
}
