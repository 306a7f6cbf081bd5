import { brotliDecompressSync, constants, inflateRawSync } from 'node:zlib';

import type { ResponseHeaders } from './response-headers.js';

/**
 * Magic bytes of the registered content codings (https://www.iana.org/assignments/http-parameters) and common others.
 */
const BEGINNINGS: readonly Buffer[] = [
  Buffer.from('1f8b', 'hex'), // gzip
  Buffer.from('1f9d', 'hex'), // compress
  Buffer.from('28b52ffd', 'hex'), // zstd
  Buffer.from('5e2a4d18', 'hex'), // dcz
  Buffer.from('ff444342', 'hex'), // dcb
  Buffer.from('425a68', 'hex'), // bzip2
  Buffer.from('fd377a585a', 'hex'), // xz
];

const COMPRESSIONS: ReadonlySet<string> = new Set([
  'gzip',
  'x-gzip',
  'compress',
  'x-compress',
  'deflate',
  'br',
  'zstd',
  'dcb',
  'dcz',
  'bzip2',
  'x-bzip2',
  'xz',
]);

/** Enough bytes for a decoder to fail on data that it did not produce. */
const ENOUGH_BYTES = 4_096;

/**
 * Lists the compressions that a response declares, in `Content-Encoding` and `Transfer-Encoding`.
 *
 * @returns lower-case names; values that do not change a byte (`identity;q=1`, `aws-chunked`, `binary`, `utf-8`,
 *   `none`) are left out
 */
export function compressionsOf(headers: ResponseHeaders): readonly string[] {
  return [headers['content-encoding'] ?? '', headers['transfer-encoding'] ?? '']
    .flatMap((list) => list.split(','))
    .map((coding) => (coding.split(';', 1)[0] ?? '').trim().toLowerCase())
    .filter((coding) => COMPRESSIONS.has(coding));
}

/**
 * Detects from the first bytes of a body whether it is compressed; servers declare compression for plain files, too.
 */
export class CompressionCheck {
  readonly #named: readonly string[];
  #beginning: Buffer | undefined = Buffer.alloc(0);

  /** @param named see {@link compressionsOf} */
  constructor(named: readonly string[]) {
    this.#named = named;
  }

  /**
   * Takes the next bytes, or `undefined` at the end of the body.
   *
   * @returns whether the body is compressed; false until enough bytes have arrived to tell
   */
  isFoundIn(chunk?: Uint8Array): boolean {
    if (this.#beginning === undefined) return false;
    if (chunk) {
      this.#beginning = Buffer.concat([this.#beginning, chunk.subarray(0, ENOUGH_BYTES)]);
      if (this.#beginning.length < ENOUGH_BYTES) return false;
    }
    const beginning = this.#beginning;
    this.#beginning = undefined;
    return beginning.length > 0 && this.#isCompressed(beginning);
  }

  #isCompressed(bytes: Buffer): boolean {
    if (BEGINNINGS.some((beginning) => bytes.subarray(0, beginning.length).equals(beginning))) return true;
    if (this.#named.includes('deflate') && (hasZlibHeader(bytes) || canInflate(bytes))) return true;
    return this.#named.includes('br') && canUnbrotli(bytes);
  }
}

/** RFC 1950, section 2.2. */
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length >= 2 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

/** Many servers send raw DEFLATE data as "deflate" (RFC 9110, section 8.4.1.2). */
function canInflate(bytes: Buffer): boolean {
  return succeeds(() =>
    inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 65_536 }),
  );
}

function canUnbrotli(bytes: Buffer): boolean {
  return succeeds(() =>
    brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: 65_536 }),
  );
}

/** Whether a decoder produces output. A RangeError counts as success: the output exceeded `maxOutputLength`. */
function succeeds(decode: () => Buffer): boolean {
  try {
    return decode().length > 0;
  } catch (error) {
    return error instanceof RangeError;
  }
}
