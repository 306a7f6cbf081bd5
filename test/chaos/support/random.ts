import { randomInt } from 'node:crypto';
import { mulberry32 } from '../../support/mulberry32.js';

/** Random numbers that are reproducible from their seed. */
export interface Random {
  seed: number;
  /** An integer from `from` to `to`, both inclusive. */
  between(from: number, to: number): number;
  pick<T>(candidates: readonly T[]): T;
}

/**
 * Prints its seed; `CHAOS_SEED` sets it. A seed reproduces the sequence of faults, but not the timing of the processes.
 */
export function seededRandom(what: string): Random {
  const seed = Number(process.env['CHAOS_SEED'] ?? randomInt(2 ** 31));
  process.stdout.write(`${what}: CHAOS_SEED=${seed}\n`);
  const next = mulberry32(seed);
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    seed,
    between,
    pick: (candidates) => {
      const one = candidates[between(0, candidates.length - 1)];
      if (one === undefined) throw new Error('Cannot pick from an empty list');
      return one;
    },
  };
}
