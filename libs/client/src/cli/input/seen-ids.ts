import { createHash } from 'node:crypto';

/** Slots per entry: a fuller table would probe for long. */
const SPACE = 2;

/**
 * Finds repeated ids in a list of any length with 12 to 24 bytes per id: it keeps 64 bits of a hash and the line. Two
 * different ids of a million share a hash with a probability of 3 in 100 million.
 */
export class SeenIds {
  private hashes = new BigUint64Array(1_024);
  private lines = new Uint32Array(1_024);
  private count = 0;

  /** @returns the line on which the id was first seen; undefined if it is new */
  add(id: string, line: number): number | undefined {
    if ((this.count + 1) * SPACE > this.hashes.length) this.grow();
    const hash = hashOf(id);
    const slot = this.slotOf(hash);
    if (this.hashes[slot] === hash) return this.lines[slot];
    this.hashes[slot] = hash;
    this.lines[slot] = line;
    this.count += 1;
    return undefined;
  }

  /** The line of an id; undefined if it was not added. */
  lineOf(id: string): number | undefined {
    const hash = hashOf(id);
    const slot = this.slotOf(hash);
    return this.hashes[slot] === hash ? this.lines[slot] : undefined;
  }

  /** The slot of a hash, or the free one that it would get. */
  private slotOf(hash: bigint): number {
    const mask = this.hashes.length - 1;
    let slot = Number(hash & BigInt(mask));
    while (this.hashes[slot] !== 0n && this.hashes[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { hashes, lines } = this;
    this.hashes = new BigUint64Array(hashes.length * 2);
    this.lines = new Uint32Array(hashes.length * 2);
    hashes.forEach((hash, index) => {
      if (hash === 0n) return;
      const slot = this.slotOf(hash);
      this.hashes[slot] = hash;
      this.lines[slot] = lines[index] ?? 0;
    });
  }
}

/** Never 0, which marks a free slot. */
function hashOf(id: string): bigint {
  const hash = createHash('sha256').update(id).digest().readBigUInt64LE();
  return hash === 0n ? 1n : hash;
}
