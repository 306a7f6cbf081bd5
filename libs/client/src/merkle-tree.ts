type Hash = Uint8Array<ArrayBuffer>;

interface Node {
  readonly hash: Hash;
  /** Leaves below. */
  readonly size: number;
}

const encoder = new TextEncoder();

/**
 * Root of a Merkle tree over leaves that arrive one by one; keeps one hash per level.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6962#section-2.1
 */
export class MerkleTree {
  private readonly nodes: Node[] = [];

  async add(leaf: string): Promise<void> {
    this.nodes.push({ hash: await leafHash(leaf), size: 1 });
    while (this.nodes.at(-1)?.size === this.nodes.at(-2)?.size) await this.join();
  }

  /** Ends the tree. @returns its root as lower-case hex */
  async root(): Promise<string> {
    while (this.nodes.length > 1) await this.join();
    return toHex(this.nodes[0]?.hash ?? (await sha256(new Uint8Array())));
  }

  private async join(): Promise<void> {
    const right = this.nodes.pop();
    const left = this.nodes.pop();
    if (left === undefined || right === undefined) throw new Error('A parent needs two subtrees');
    this.nodes.push({ hash: await parentHash(left.hash, right.hash), size: left.size + right.size });
  }
}

/**
 * Computes the root from a leaf and the hashes of the siblings on the way up.
 *
 * @returns lower-case hex; undefined if the path cannot belong to a tree of this size
 * @see https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2
 */
export async function rootOfPath(
  leaf: string,
  index: number,
  size: number,
  path: readonly string[],
): Promise<string | undefined> {
  if (!Number.isInteger(index) || index < 0 || index >= size) return undefined;
  let at = index;
  let last = size - 1;
  let hash = await leafHash(leaf);
  for (const sibling of path.map(fromHex)) {
    if (last === 0 || sibling === undefined) return undefined;
    if (at % 2 === 1 || at === last) {
      hash = await parentHash(sibling, hash);
      // Levels without a sibling on the right.
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else hash = await parentHash(hash, sibling);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? toHex(hash) : undefined;
}

const leafHash = (leaf: string): Promise<Hash> => sha256(Uint8Array.of(0, ...encoder.encode(leaf)));

const parentHash = (left: Hash, right: Hash): Promise<Hash> => sha256(Uint8Array.of(1, ...left, ...right));

async function sha256(bytes: Hash): Promise<Hash> {
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(text: string): Hash | undefined {
  if (!/^[0-9a-f]{64}$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
