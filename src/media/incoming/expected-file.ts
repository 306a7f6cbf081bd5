import type { ItemFailure } from '../../imports/failure.js';
import { failure } from '../media-failures.js';
import type { MediaItem } from '../media-import.js';

/** Enough to tell two hashes apart, few enough for a sentence. */
const SHOWN_DIGITS = 12;

/**
 * Compares the announced length of a file with the expected size.
 *
 * @param length bytes of the whole file; null if the source does not announce it
 * @throws ItemFailure CHECKSUM_MISMATCH
 */
export function assertLength(item: MediaItem, length: number | null): void {
  const { size } = item.payload;
  if (size === undefined || length === null || length === size) return;
  throw mismatch(item, `expected ${size} bytes, the server announced ${length}`);
}

/**
 * Compares a complete file with the expected values of its item.
 *
 * @throws ItemFailure CHECKSUM_MISMATCH
 */
export function assertExpected(item: MediaItem, received: { size: number; sha256: string }): void {
  const { size, sha256 } = item.payload;
  if (size !== undefined && received.size !== size)
    throw mismatch(item, `expected ${size} bytes, received ${received.size}`);
  if (sha256 !== undefined && received.sha256 !== sha256)
    throw mismatch(item, `expected SHA-256 ${shown(sha256)}, received ${shown(received.sha256)}`);
}

/**
 * Passes a body on until it exceeds the expected size.
 *
 * @throws ItemFailure CHECKSUM_MISMATCH while it is iterated
 */
export async function* atMostExpected(
  item: MediaItem,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { size = Infinity } = item.payload;
  let received = 0;
  for await (const chunk of body) {
    received += chunk.byteLength;
    if (received > size) throw mismatch(item, `expected ${size} bytes, received more`);
    yield chunk;
  }
}

/** Transit may have damaged the file once; twice in a row, the source has another file. */
function mismatch({ lastCode }: MediaItem, clause: string): ItemFailure {
  return failure('CHECKSUM_MISMATCH', {
    clause,
    retryable: lastCode !== 'CHECKSUM_MISMATCH',
    host: 'answered',
  });
}

function shown(sha256: string): string {
  return `${sha256.slice(0, SHOWN_DIGITS)}…`;
}
