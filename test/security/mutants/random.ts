/** Random choices that are reproducible from a seed. */
export interface Random {
  /** An integer from 0 (inclusive) to `limit` (exclusive). */
  below(limit: number): number;
  of<T>(choices: readonly T[]): T | undefined;
}

/** Mulberry32: small, and uniform enough for choices. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
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
