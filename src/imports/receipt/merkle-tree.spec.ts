import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MerkleTree } from './merkle-tree.js';

const sha256 = (...parts: Array<Buffer | number>): Buffer =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part))))
    .digest();

function half(size: number): number {
  let k = 1;
  while (2 * k < size) k *= 2;
  return k;
}

/** MTH of RFC 6962, section 2.1. */
function root(leaves: readonly string[]): Buffer {
  if (leaves.length <= 1) return sha256(...leaves.flatMap((leaf) => [0, Buffer.from(leaf)]));
  const k = half(leaves.length);
  return sha256(1, root(leaves.slice(0, k)), root(leaves.slice(k)));
}

/** PATH of RFC 6962, section 2.1.1. */
function path(index: number, leaves: readonly string[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const k = half(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return index < k ? [...path(index, left), root(right)] : [...path(index - k, right), root(left)];
}

describe.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 100])('a tree of %i leaves', (count) => {
  const leaves = Array.from({ length: count }, (_, index) => `Übung ${index}`);

  it('has the root and the audit paths of RFC 6962', () => {
    for (const target of [-1, ...leaves.keys()]) {
      const tree = new MerkleTree();
      leaves.forEach((leaf, index) => tree.add(leaf, index === target));
      expect(tree.close()).toEqual({ root: root(leaves), path: target < 0 ? [] : path(target, leaves) });
    }
  });
});
