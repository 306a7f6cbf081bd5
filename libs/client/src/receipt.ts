import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { linesOf } from './lines.js';
import { MerkleTree, rootOfPath } from './merkle-tree.js';

/** What a receipt proves. */
export interface Receipt {
  /** URL of the server. */
  readonly iss: string;
  /** Time at which the import finished, in seconds since 1970. */
  readonly iat: number;
  readonly importId: string;
  readonly project: string;
  readonly kind: string;
  readonly systemName: string;
  readonly state: 'success' | 'failed';
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly totals: {
    readonly total: number;
    readonly success: number;
    readonly skipped: number;
    readonly failed: number;
  };
  /** Merkle tree over the lines of the ledger (RFC 6962 with SHA-256). */
  readonly ledger: {
    readonly leaves: number;
    /** Lower-case hex. */
    readonly root: string;
  };
}

/** An item as the ledger contains it. */
export interface LedgerItem {
  readonly externalId: string;
  readonly state: 'success' | 'skipped' | 'failed';
  readonly mediaId?: string;
  /** Of the stored file, lower-case hex. */
  readonly sha256?: string;
  /** Of the stored file, in bytes. */
  readonly size?: number;
  /** Of the failure. */
  readonly code?: string;
}

/** Proves that a receipt covers one item. */
export interface InclusionProof {
  /** The line of the ledger. */
  readonly line: string;
  readonly index: number;
  /** Hashes of the siblings from the leaf to the root, in hexadecimal. */
  readonly path: readonly string[];
}

/** A receipt that proves nothing, or a ledger or proof that does not belong to it. */
export class ReceiptError extends Error {
  override readonly name = 'ReceiptError';
}

export interface VerifyReceiptOptions {
  /** The ledger: text, or its bytes in chunks, such as the body of a response or a file stream. */
  readonly ledger?: string | AsyncIterable<Uint8Array | string>;
  /** Called for every line of the ledger. The ledger is verified only when `verifyReceipt` has resolved. */
  readonly onItem?: (item: LedgerItem) => void;
  /** Proof of one item. */
  readonly proof?: InclusionProof;
}

const TYPE = 'reelport-receipt+jwt';

/**
 * Verifies a receipt offline: the signature, and the ledger and the proof if they are given.
 *
 * @param receipt compact JWS
 * @param keys public keys, as served at `/.well-known/jwks.json`
 * @returns the payload of the receipt
 * @throws ReceiptError with the reason if anything does not match
 */
export async function verifyReceipt(
  receipt: string,
  keys: JSONWebKeySet,
  { ledger, onItem, proof }: VerifyReceiptOptions = {},
): Promise<Receipt> {
  const payload = await signedPayload(receipt.trim(), keys);
  if (ledger !== undefined) await assertLedger(payload, ledger, onItem);
  if (proof !== undefined) await assertProof(payload, proof);
  return payload;
}

async function signedPayload(receipt: string, keys: JSONWebKeySet): Promise<Receipt> {
  try {
    const { payload, protectedHeader } = await compactVerify(receipt, createLocalJWKSet(keys), {
      algorithms: ['EdDSA'],
    });
    if (protectedHeader.typ !== TYPE) throw new ReceiptError('This is a signed document, but not a receipt');
    const read: Receipt = JSON.parse(new TextDecoder().decode(payload));
    return read;
  } catch (error) {
    if (error instanceof ReceiptError) throw error;
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw new ReceiptError('The signature of the receipt is wrong');
    }
    if (error instanceof errors.JWKSNoMatchingKey) {
      throw new ReceiptError('The key of the receipt is not among the public keys');
    }
    throw new ReceiptError(
      `This is not a receipt: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function assertLedger(
  { ledger: { leaves, root } }: Receipt,
  ledger: string | AsyncIterable<Uint8Array | string>,
  onItem: ((item: LedgerItem) => void) | undefined,
): Promise<void> {
  const tree = new MerkleTree();
  let count = 0;
  try {
    for await (const line of linesOf(typeof ledger === 'string' ? [ledger] : ledger)) {
      await tree.add(line);
      count += 1;
      onItem?.(itemOf(line, count));
    }
  } catch (error) {
    if (error instanceof TypeError) throw new ReceiptError('The ledger is not UTF-8');
    throw error;
  }
  if (count !== leaves) {
    throw new ReceiptError(`The ledger has ${count} lines, but the receipt covers ${leaves}`);
  }
  if ((await tree.root()) !== root) throw new ReceiptError('The ledger was changed: its Merkle root differs');
}

async function assertProof(
  { ledger: { leaves, root } }: Receipt,
  { line, index, path }: InclusionProof,
): Promise<void> {
  if ((await rootOfPath(line, index, leaves, path)) !== root) {
    throw new ReceiptError('The proof does not belong to the receipt');
  }
}

function itemOf(line: string, number: number): LedgerItem {
  try {
    const item: LedgerItem = JSON.parse(line);
    return item;
  } catch {
    throw new ReceiptError(`Line ${number} of the ledger is not JSON`);
  }
}
