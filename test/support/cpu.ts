/** Milliseconds of processor time that some work takes: on a busy machine its time by the clock says nothing. */
export function cpuTimeOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
