import { createHash } from 'node:crypto';

interface Node {
  hash: Buffer;
  /** Leaves below. */
  size: number;
  holdsTarget: boolean;
}

/**
 * Root of a Merkle tree over leaves that arrive one by one; keeps one hash per level.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6962#section-2.1
 */
export class MerkleTree {
  /** Complete subtrees, each at most half as large as the one before it. */
  private readonly nodes: Node[] = [];
  private readonly path: Buffer[] = [];

  /** @param isTarget whether {@link close} returns the audit path of this leaf */
  add(leaf: string, isTarget = false): void {
    this.nodes.push({ hash: sha256(0, Buffer.from(leaf)), size: 1, holdsTarget: isTarget });
    while (this.nodes.at(-1)?.size === this.nodes.at(-2)?.size) this.join();
  }

  /** Ends the tree. @returns its root, and the audit path of the target from the leaf up */
  close(): { root: Buffer; path: readonly Buffer[] } {
    while (this.nodes.length > 1) this.join();
    return { root: this.nodes[0]?.hash ?? createHash('sha256').digest(), path: this.path };
  }

  /** Replaces the last two subtrees by their parent. */
  private join(): void {
    const right = this.nodes.pop();
    const left = this.nodes.pop();
    if (left === undefined || right === undefined) throw new Error('A parent needs two subtrees');
    if (left.holdsTarget) this.path.push(right.hash);
    if (right.holdsTarget) this.path.push(left.hash);
    this.nodes.push({
      hash: sha256(1, left.hash, right.hash),
      size: left.size + right.size,
      holdsTarget: left.holdsTarget || right.holdsTarget,
    });
  }
}

function sha256(prefix: 0 | 1, ...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256').update(Buffer.of(prefix));
  for (const part of parts) hash.update(part);
  return hash.digest();
}
