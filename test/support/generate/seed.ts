/** How many inputs a suite of random ones tries, and where it starts: the same seed gives the same inputs. */
export interface RandomRuns {
  seed: number;
  runs: number;
}

/** From `<name>_SEED` and `<name>_RUNS`; without them the short set, which is the same every time. */
export function readRandomRuns(name: 'FUZZ' | 'FAULT', { seed, runs }: RandomRuns): RandomRuns {
  const numberOf = (key: string, otherwise: number): number => {
    const value = Number(process.env[`${name}_${key}`] || otherwise);
    if (!Number.isSafeInteger(value)) throw new Error(`${name}_${key} is a whole number`);
    return value;
  };
  return { seed: numberOf('SEED', seed), runs: numberOf('RUNS', runs) };
}
