export interface BatchLimits {
  items: number;
  /** Of the request. */
  bytes: number;
}

/** For what is around the entries. */
const ENVELOPE_BYTES = 2_048;
/** UTF-16 code units have at most three bytes in UTF-8. */
const MOST_BYTES_OF_UNIT = 3;

/**
 * Splits batches whose bodies would be too large. Always the same way, so that the keys of a repeated request fit.
 *
 * @param batches of at most `limits.items` entries
 */
export async function* fitting<T>(
  batches: AsyncIterable<readonly T[]>,
  { bytes }: BatchLimits,
): AsyncGenerator<readonly T[]> {
  for await (const batch of batches) yield* halves(batch, bytes - ENVELOPE_BYTES);
}

function* halves<T>(batch: readonly T[], bytes: number): Generator<readonly T[]> {
  const size = JSON.stringify(batch).length * MOST_BYTES_OF_UNIT;
  if (size <= bytes || batch.length === 1) {
    yield batch;
    return;
  }
  const middle = Math.ceil(batch.length / 2);
  yield* halves(batch.slice(0, middle), bytes);
  yield* halves(batch.slice(middle), bytes);
}
