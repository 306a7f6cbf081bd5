import type { LedgerItem, Receipt } from '../../receipt.js';
import { manifestRows, type ManifestRow } from '../input/manifest.js';
import { nameOf } from '../import/checked-input.js';
import { message } from '../output.js';
import { openManifest, type ManifestOptions } from './manifest-input.js';

/** A receipt that is valid, and the items of its ledger. */
export interface Verified {
  readonly receipt: Receipt;
  /** Undefined if it was verified without its ledger. */
  readonly items: readonly LedgerItem[] | undefined;
}

/** How much of a list the ledgers prove. */
export interface ManifestProof {
  readonly lines: number;
  readonly proved: number;
  readonly notProved: ReadonlyArray<{
    readonly line: number;
    readonly externalId?: string;
    readonly reason: string;
  }>;
}

/** Whether every entry of a list arrived, by verified ledgers; names those that are not proved. */
export async function compareManifest(
  file: string,
  options: ManifestOptions,
  ledgers: readonly Verified[],
): Promise<ManifestProof> {
  const items = unionOf(ledgers);
  const { source, detected, mapping } = await openManifest(file, options);
  try {
    let proved = 0;
    const notProved: Array<ManifestProof['notProved'][number]> = [];
    const unproved = (line: number, reason: string, externalId?: string): void => {
      notProved.push({ line, ...(externalId !== undefined && { externalId }), reason });
      const id = externalId === undefined ? '' : `${externalId}: `;
      message(`${nameOf(source)}:${line} ${id}${reason}`);
    };
    const rows = manifestRows(source, detected, mapping, ({ line, sentence }) => unproved(line, sentence));
    for await (const row of rows) {
      const externalId = String(row.externalId);
      const reason = faultOf(row, items.get(externalId));
      if (reason === undefined) proved += 1;
      else unproved(row.line, reason, externalId);
    }
    return { lines: proved + notProved.length, proved, notProved };
  } finally {
    await source.remove();
  }
}

/** Items by id, as the latest import left them: a failed update leaves what had arrived before. */
function unionOf(ledgers: readonly Verified[]): ReadonlyMap<string, LedgerItem> {
  const union = new Map<string, LedgerItem>();
  const byTime = ledgers.toSorted(
    (one, other) => Date.parse(one.receipt.finishedAt) - Date.parse(other.receipt.finishedAt),
  );
  for (const item of byTime.flatMap(({ items = [] }) => items)) {
    const before = union.get(item.externalId);
    if (item.state !== 'failed' || before === undefined || before.state === 'failed') {
      union.set(item.externalId, item);
    }
  }
  return union;
}

function faultOf({ sha256, size }: ManifestRow, item: LedgerItem | undefined): string | undefined {
  if (item === undefined) return 'is not in the ledger';
  if (item.state === 'failed') return `failed with ${item.code ?? 'an unknown code'}`;
  const hash = typeof sha256 === 'string' ? sha256.toLowerCase() : sha256;
  if (hash !== undefined && hash !== item.sha256) return 'has another sha256';
  return size !== undefined && size !== item.size ? 'has another size' : undefined;
}
