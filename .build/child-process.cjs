// commander loads `node:child_process` at every start and uses it for executable subcommands, which there are none of.
// Whoever uses one of these functions loads it then: 4 ms that most starts do without.
for (const name of ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'])
  Object.defineProperty(exports, name, {
    enumerable: true,
    get: () => process.getBuiltinModule('child_process')[name],
  });
