import { mulberry32 } from '../../support/mulberry32.js';

/** Random choices that are reproducible from a seed. */
export interface Random {
  /** An integer from 0 (inclusive) to `limit` (exclusive). */
  below(limit: number): number;
  of<T>(choices: readonly T[]): T | undefined;
}

export function seeded(seed: number): Random {
  const next = mulberry32(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, of: (choices) => choices[below(choices.length)] };
}

/** Applies one to four of these changes; fewer are more likely. */
export function applyRandom<T>(
  changes: ReadonlyArray<(value: T, random: Random) => T>,
  start: T,
  random: Random,
): T {
  let value = start;
  const count = 1 + Math.min(random.below(4), random.below(4));
  for (let change = 0; change < count; change++) value = random.of(changes)?.(value, random) ?? value;
  return value;
}
