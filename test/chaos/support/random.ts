import { randomInt } from 'node:crypto';

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

/**
 * Mulberry32, a generator with 32 bits of state, which suffices here. Returns numbers from 0 (inclusive) to 1
 * (exclusive).
 */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
