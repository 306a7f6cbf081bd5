import { Readable } from 'node:stream';
import { ReceiptError, verifyReceipt, type LedgerItem } from '../../receipt.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { counted } from '../import/units.js';
import { data, jsonOf, message } from '../output.js';
import { compareManifest, type ManifestProof, type Verified } from '../proof/arrivals.js';
import { documentsOf, receiptIn, save, type DocumentOptions, type Documents } from '../proof/documents.js';
import type { ManifestOptions } from '../proof/manifest-input.js';

export interface VerifyOptions extends DocumentOptions, ManifestOptions {
  readonly manifest?: string;
  readonly save?: string;
  readonly json: boolean;
}

/** Verifies receipts, and whatever is given with them. */
export async function verify(
  targets: readonly string[],
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<number> {
  if (targets.length === 0 && options.state === undefined) {
    throw new CommandError('Name a receipt, an import or a state file (--state)', ExitCode.usage);
  }
  const verified = await verifyAll(targets, options, signal);
  sayValid(verified);
  const { manifest } = options;
  const proof = manifest === undefined ? undefined : await prove(manifest, options, verified);
  if (options.json) {
    const receipts = verified.map(({ receipt }) => receipt);
    const summary = { receipts, totals: totalsOf(verified), ...(proof && { manifest: proof }) };
    data(`${jsonOf(summary)}\n`);
  } else if (targets.length === 1 && verified.length === 1) {
    data(`${jsonOf(verified[0]?.receipt, 2)}\n`);
  }
  if (proof === undefined) return ExitCode.ok;
  sayProof(proof, verified.length);
  return proof.notProved.length === 0 ? ExitCode.ok : ExitCode.differences;
}

/** @throws CommandError if one of them does not verify, after all of these were named */
async function verifyAll(
  targets: readonly string[],
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<Verified[]> {
  const verified = new Map<string, Verified>();
  const invalid: string[] = [];
  let count = 0;
  for await (const documents of documentsOf(targets, options, signal)) {
    count += 1;
    if (options.ledger !== undefined && count > 1) {
      throw new CommandError('--ledger is the ledger of a single receipt', ExitCode.usage);
    }
    try {
      const one = await verifyOne(documents, options);
      verified.set(one.receipt.importId, one);
    } catch (error) {
      if (!(error instanceof ReceiptError)) throw error;
      invalid.push(`${documents.name}: ${error.message}`);
    }
  }
  if (invalid.length === 0) return [...verified.values()];
  const [first = ''] = invalid;
  if (count === 1) throw new CommandError(first, ExitCode.invalid);
  for (const each of invalid) message(each);
  throw new CommandError(
    `${invalid.length} of ${counted(count, 'receipts')} ${invalid.length === 1 ? 'does' : 'do'} not verify`,
    ExitCode.invalid,
  );
}

async function verifyOne(documents: Documents, options: VerifyOptions): Promise<Verified> {
  const { receipt, keys, ledger } = documents;
  const items: LedgerItem[] = [];
  const onItem = (item: LedgerItem): void => {
    if (options.manifest !== undefined) items.push(item);
  };
  const payload = await verifyReceipt(receiptIn(receipt), keys, {
    ...(ledger !== undefined && { ledger: Readable.from([ledger]), onItem }),
  });
  if (options.save !== undefined) await save(options.save, payload, documents);
  return { receipt: payload, items: ledger === undefined ? undefined : items };
}

function sayValid(verified: readonly Verified[]): void {
  const [first] = verified;
  const hasLedgers = verified.every(({ items }) => items !== undefined);
  if (verified.length === 1 && first !== undefined) {
    const ledger = hasLedgers ? ', and so is its ledger' : '';
    return message(`The receipt of import ${first.receipt.importId} is valid${ledger}`);
  }
  const { total, success, skipped, failed } = totalsOf(verified);
  message(
    `${counted(verified.length, 'receipts')} are valid${hasLedgers ? ', and so are their ledgers' : ''}: ` +
      `${counted(total, 'items')}, ${success} imported, ${skipped} skipped, ${failed} failed`,
  );
}

function totalsOf(verified: readonly Verified[]): Verified['receipt']['totals'] {
  const sum = { total: 0, success: 0, skipped: 0, failed: 0 };
  for (const { totals } of verified.map(({ receipt }) => receipt)) {
    sum.total += totals.total;
    sum.success += totals.success;
    sum.skipped += totals.skipped;
    sum.failed += totals.failed;
  }
  return sum;
}

/** @throws CommandError if the receipts cannot prove anything of the list */
function prove(file: string, options: VerifyOptions, verified: readonly Verified[]): Promise<ManifestProof> {
  if (verified.some(({ items }) => items === undefined)) {
    throw new CommandError('--manifest needs the ledger of each receipt (--ledger)', ExitCode.usage);
  }
  // An id names a medium within its system only.
  const systems = new Set(
    verified.map(({ receipt: { systemName, kind, project } }) => `${systemName} (${kind} of ${project})`),
  );
  if (systems.size > 1) {
    throw new CommandError(
      `The receipts are of several systems: ${[...systems].join(', ')}. ` +
        'A list belongs to one of them; name only the receipts of its imports',
      ExitCode.usage,
    );
  }
  return compareManifest(file, options, verified);
}

function sayProof({ lines, proved, notProved }: ManifestProof, count: number): void {
  const proof = count === 1 ? 'the receipt proves' : 'the receipts prove';
  const result =
    notProved.length === 0
      ? `${proof} that all have arrived`
      : `${proved} proved, ${notProved.length} not proved`;
  message(`${counted(lines, 'lines')}: ${result}`);
}
