// Preloaded into a process (NODE_OPTIONS) whose clock is to be wrong: CLUSTERPROFILE_CLOCK says by how many milliseconds from its
// start, by how many more later, and when that is.
const [ahead, step, after] = process.env.CLUSTERPROFILE_CLOCK.split(',').map(Number);
const { now } = Date;
const readClock = () => now() + ahead + (performance.now() > after ? step : 0);

globalThis.Date = new Proxy(Date, {
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [readClock()] : given, made),
  apply: () => new Date(readClock()).toString(),
  get: (target, name) => (name === 'now' ? readClock : Reflect.get(target, name)),
});
