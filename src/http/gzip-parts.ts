import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

/**
 * A piece of content, compressed once for all gzip streams that contain it: it refers to nothing before it, and ends at
 * the boundary of a byte.
 *
 * Source: RFC 1951, section 3.2.3
 */
export interface GzipPart {
  compressed: Buffer;
  /** Bytes of the content. */
  length: number;
  /** CRC-32 of the content. */
  crc: number;
  /** The power of x by which the checksum of what precedes the content is multiplied. */
  shift: number;
}

const compress = promisify(deflateRaw);

/** Most bytes of a block that is not compressed. */
const MOST_STORED = 0xffff;
/** Magic number, method, no flags, no time, no extra flags, unknown system. Source: RFC 1952, section 2.3 */
const HEADER = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty stored block. Some readers, that of Go for example, keep a stored block back until it follows. */
const FLUSH = Buffer.from([0, 0, 0, 0xff, 0xff]);
/** An empty block with fixed codes, marked as the last. */
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

/** Compresses a part outside the event loop. */
export async function compressedPart(content: Buffer): Promise<GzipPart> {
  const compressed = await compress(content, {
    level: constants.Z_BEST_SPEED,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  return partOf(content, compressed);
}

/** A part as it is, for content that is too short to be worth compressing. @throws RangeError beyond 64 KiB */
export function storedPart(content: Buffer): GzipPart {
  if (content.length > MOST_STORED) throw new RangeError(`A stored block has at most ${MOST_STORED} bytes`);
  const head = Buffer.alloc(5);
  head.writeUInt16LE(content.length, 1);
  head.writeUInt16LE(MOST_STORED - content.length, 3);
  return partOf(content, Buffer.concat([head, content, FLUSH]));
}

function partOf(content: Buffer, compressed: Buffer): GzipPart {
  return { compressed, length: content.length, crc: crc32(content), shift: powerOfX(content.length) };
}

/** One gzip stream of parts, in any order: header, what was added, trailer. Source: RFC 1952 */
export class GzipStream {
  readonly header = HEADER;
  private crc = 0;
  private length = 0;

  /** @returns the bytes that follow those returned before */
  add({ compressed, length, crc, shift }: GzipPart): Buffer {
    this.crc = product(this.crc, shift) ^ crc;
    this.length += length;
    return compressed;
  }

  /** @returns the last bytes */
  end(): Buffer {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.crc >>> 0, 0);
    trailer.writeUInt32LE(this.length % 2 ** 32, 4);
    return Buffer.concat([LAST_BLOCK, trailer]);
  }
}

// The checksum of A followed by B is crc(A) · x^(8 · length of B) + crc(B), for polynomials over GF(2) modulo that of
// CRC-32, with the coefficient of x^0 in the highest bit. Node.js has no function for it; @balena/node-crc-utils has no
// licence, and computes the power once per stream, not once per part.

const CRC_32 = 0xedb88320;
const ONE = 0x80000000;
/** x^8: a byte. */
const BYTE = 0x00800000;

function product(a: number, b: number): number {
  let sum = 0;
  let summand = b;
  for (let rest = a | 0; rest !== 0; rest <<= 1) {
    if (rest < 0) sum ^= summand;
    summand = (summand & 1) === 0 ? summand >>> 1 : (summand >>> 1) ^ CRC_32;
  }
  return sum;
}

function powerOfX(bytes: number): number {
  let power = ONE;
  let square = BYTE;
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = product(power, square);
    square = product(square, square);
  }
  return power;
}
