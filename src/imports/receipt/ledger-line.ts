import type { FinalState } from '../item/transitions.js';

/** An item as a receipt proves it. */
export interface LedgerItem {
  externalId: string;
  state: FinalState;
  /** Code of the failure. */
  code: string | null;
  /** Of the stored result; absent in results of other kinds. */
  mediaId: unknown;
  sha256: unknown;
  size: unknown;
}

/**
 * The canonical JSON of an item (RFC 8785), which is a leaf of the Merkle tree of a receipt. Members are in the order of
 * their names, and absent if there is no value; `JSON.stringify` writes strings and numbers as the RFC requires.
 */
export function ledgerLine({ externalId, state, code, mediaId, sha256, size }: LedgerItem): string {
  return JSON.stringify({
    code: state === 'failed' ? (code ?? undefined) : undefined,
    externalId,
    mediaId: typeof mediaId === 'string' ? mediaId : undefined,
    sha256: typeof sha256 === 'string' ? sha256 : undefined,
    size: typeof size === 'number' ? size : undefined,
    state,
  });
}
