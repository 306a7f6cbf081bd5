import { randomInt } from 'node:crypto';

/** Random numbers that come again with the same seed. */
export interface Random {
  seed: number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  pick<T>(candidates: readonly T[]): T;
}

/**
 * The seed is printed, and `CHAOS_SEED` brings it back. What processes do meanwhile is not in its hands, so the same
 * seed is the same attack, not the same battle.
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
      if (one === undefined) throw new Error('There is nothing to pick from');
      return one;
    },
  };
}

/** Mulberry32, a generator of 32 bits of state: small, and good enough to choose victims. From 0 to below 1. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
