import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MerkleTree, rootOfPath } from './merkle-tree.js';

const sha256 = (...parts: Array<Buffer | number>): Buffer =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part))))
    .digest();

/** Root and audit path by the definitions of RFC 6962, section 2.1. */
function definition(leaves: readonly string[], index: number): { root: Buffer; path: Buffer[] } {
  const [only] = leaves;
  if (only === undefined) return { root: sha256(), path: [] };
  if (leaves.length === 1) return { root: sha256(0, Buffer.from(only)), path: [] };
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  const left = definition(leaves.slice(0, k), index);
  const right = definition(leaves.slice(k), index - k);
  const path = index < k ? [...left.path, right.root] : [...right.path, left.root];
  return { root: sha256(1, left.root, right.root), path };
}

describe.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33])('a tree of %i leaves', (count) => {
  const leaves = Array.from({ length: count }, (_, index) => `Übung ${index}`);
  const root = definition(leaves, 0).root.toString('hex');

  it('has the root of RFC 6962', async () => {
    const tree = new MerkleTree();
    for (const leaf of leaves) await tree.add(leaf);
    expect(await tree.root()).toBe(root);
  });

  it('contains each leaf at its place only', async () => {
    for (const [index, leaf] of leaves.entries()) {
      const path = definition(leaves, index).path.map((hash) => hash.toString('hex'));
      expect(await rootOfPath(leaf, index, count, path)).toBe(root);
      expect(await rootOfPath(`${leaf}!`, index, count, path)).not.toBe(root);
      for (const other of [...leaves.keys()].filter((key) => key !== index)) {
        expect(await rootOfPath(leaf, other, count, path)).not.toBe(root);
      }
      expect(await rootOfPath(leaf, index, count, [...path, root])).toBeUndefined();
      expect(await rootOfPath(leaf, count, count, path)).toBeUndefined();
    }
  });
});
