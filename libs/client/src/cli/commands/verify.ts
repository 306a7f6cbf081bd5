import { createReadStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JSONWebKeySet } from 'jose';
import { chunksOf } from '../../lines.js';
import { ReceiptError, verifyReceipt, type LedgerItem, type Receipt } from '../../receipt.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { manifestRows } from '../input/manifest.js';
import { data, message } from '../output.js';
import { openClient, type ServerOptions } from '../session.js';
import { openManifest, type ManifestOptions } from './reconcile.js';

export interface VerifyOptions extends ServerOptions, ManifestOptions {
  readonly jwks?: string;
  readonly ledger?: string;
  readonly manifest?: string;
  readonly save?: string;
}

interface Documents {
  readonly receipt: string;
  readonly keys: JSONWebKeySet;
  readonly ledger: string | undefined;
}

/** Verifies a receipt, and whatever is given with it. */
export async function verify(target: string, options: VerifyOptions, signal: AbortSignal): Promise<number> {
  try {
    const documents = await documentsOf(target, options, signal);
    const items = new Map<string, LedgerItem>();
    const onItem = (item: LedgerItem): void => {
      if (options.manifest !== undefined) items.set(item.externalId, item);
    };
    const { receipt, keys, ledger } = documents;
    const payload = await verifyReceipt(receipt, keys, { ...(ledger !== undefined && { ledger, onItem }) });
    if (options.save !== undefined) await save(options.save, payload, documents);
    data(`${JSON.stringify(payload, null, 2)}\n`);
    message(
      `The receipt of import ${payload.importId} is valid${ledger === undefined ? '' : ', and so is its ledger'}`,
    );
    if (options.manifest === undefined) return ExitCode.ok;
    if (ledger === undefined)
      throw new CommandError('--manifest needs the ledger (--ledger)', ExitCode.usage);
    return await compare(options.manifest, options, items);
  } catch (error) {
    if (error instanceof ReceiptError) throw new CommandError(error.message, ExitCode.invalid);
    throw error;
  }
}

/** Files as given; whatever is missing comes from the server. */
async function documentsOf(target: string, options: VerifyOptions, signal: AbortSignal): Promise<Documents> {
  const file = await textOf(target);
  const client = file === undefined || options.jwks === undefined ? await openClient(options) : undefined;
  const receipt = file === undefined ? await client?.imports.receipt(target, { signal }) : undefined;
  const keys = options.jwks === undefined ? await client?.receiptKeys(signal) : await keysIn(options.jwks);
  if (keys === undefined) throw new CommandError('Name the public keys (--jwks)', ExitCode.usage);
  let ledger: string | undefined;
  if (options.ledger !== undefined) ledger = await collect(createReadStream(options.ledger));
  else if (file === undefined && client !== undefined) {
    ledger = await collect(chunksOf(await client.imports.ledger(target, signal)));
  }
  return { receipt: receipt?.receipt ?? receiptIn(file ?? ''), keys, ledger };
}

/** The ledger of one import, which has at most as many lines as a batch. */
async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

/** @returns undefined if there is no such file: then it is the id of an import */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A compact JWS, or the response of the server that contains it. */
function receiptIn(text: string): string {
  if (!text.trimStart().startsWith('{')) return text;
  const { receipt }: { receipt?: unknown } = JSON.parse(text);
  if (typeof receipt === 'string') return receipt;
  throw new ReceiptError('This is not a receipt');
}

async function keysIn(path: string): Promise<JSONWebKeySet> {
  const keys: JSONWebKeySet = JSON.parse(await readFile(path, 'utf8'));
  return keys;
}

/** Keeps what a later verification without the server needs. */
async function save(folder: string, { importId }: Receipt, documents: Documents): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `receipt-${importId}.jws`), documents.receipt);
  await writeFile(join(folder, 'jwks.json'), `${JSON.stringify(documents.keys, null, 2)}\n`);
  if (documents.ledger !== undefined)
    await writeFile(join(folder, `ledger-${importId}.ndjson`), documents.ledger);
}

/** Whether every entry of a list arrived, by a verified ledger. */
async function compare(
  file: string,
  options: ManifestOptions,
  items: ReadonlyMap<string, LedgerItem>,
): Promise<number> {
  const { source, detected, mapping } = await openManifest(file, options);
  try {
    let count = 0;
    let faults = 0;
    for await (const row of manifestRows(source, detected, mapping, () => (faults += 1))) {
      count += 1;
      const sentence = faultOf(row, items.get(String(row.externalId)));
      if (sentence === undefined) continue;
      faults += 1;
      message(`${file}:${row.line} ${sentence}`);
    }
    message(
      `${count} lines: ${faults === 0 ? 'the receipt proves that all have arrived' : `${faults} not proved`}`,
    );
    return faults === 0 ? ExitCode.ok : ExitCode.differences;
  } finally {
    await source.remove();
  }
}

function faultOf(
  row: { readonly sha256: unknown; readonly size: unknown },
  item: LedgerItem | undefined,
): string | undefined {
  if (item === undefined) return 'is not in the ledger';
  if (item.state === 'failed') return `failed with ${item.code ?? 'an unknown code'}`;
  const { sha256, size } = row;
  const hash = typeof sha256 === 'string' ? sha256.toLowerCase() : sha256;
  if (hash !== undefined && hash !== item.sha256) return 'has another sha256';
  return size !== undefined && size !== item.size ? 'has another size' : undefined;
}
