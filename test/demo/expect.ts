/** A result that differs from the promises of the demo. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
}

/** @throws Unexpected that names the expectation */
export function expect(holds: boolean, expected: string): asserts holds {
  if (!holds) throw new Unexpected(`Expected ${expected}`);
}

/** @throws Unexpected with both values */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Unexpected(`Expected ${what} to be ${should}, not ${is}`);
}
