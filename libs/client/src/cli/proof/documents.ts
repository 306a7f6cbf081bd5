import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import type { Client } from '../../client.js';
import { chunksOf } from '../../lines.js';
import { ReceiptError, type Receipt } from '../../receipt.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { fileCause } from '../file-error.js';
import { StateFile } from '../import/state-file.js';
import { isRefusal } from '../refusal.js';
import { openClient, type ServerOptions } from '../session.js';

export interface DocumentOptions extends ServerOptions {
  readonly state?: string;
  readonly jwks?: string;
  readonly ledger?: string;
}

/** A receipt, and what it is verified with. */
export interface Documents {
  /** The file, or the id of the import. */
  readonly name: string;
  readonly receipt: string;
  readonly keys: JSONWebKeySet;
  /** As given: a text would hide bytes that are not UTF-8. */
  readonly ledger: Uint8Array | undefined;
}

const RECEIPT_FILE = /^receipt-(.+)\.jws$/;
const KEYS_FILE = 'jwks.json';

/**
 * Receipts one by one. Files are read as given; whatever is missing comes from the server.
 *
 * @param targets files, folders of `save()`, and ids of imports
 * @throws CommandError if there is no receipt, or the run of the state file has not ended
 */
export async function* documentsOf(
  targets: readonly string[],
  options: DocumentOptions,
  signal: AbortSignal,
): AsyncGenerator<Documents> {
  const saved = options.state === undefined ? undefined : await StateFile.sentBatchesOf(options.state);
  const url = options.url ?? saved?.server;
  const desk = new Desk({ ...options, ...(url !== undefined && { url }) }, signal);
  for (const target of targets) {
    const kind = await kindOf(target);
    if (kind === 'folder') yield* desk.kept(target);
    else yield await (kind === 'file' ? desk.file(target) : desk.fetched(target));
  }
  for (const { importId } of saved?.batches ?? []) yield desk.fetched(importId);
}

/** Hands over documents; asks the server only for what nobody has given. */
class Desk {
  private client: Promise<Client> | undefined;
  private keys: JSONWebKeySet | undefined;

  constructor(
    private readonly options: DocumentOptions,
    private readonly signal: AbortSignal,
  ) {}

  async file(path: string): Promise<Documents> {
    const receipt = await readFile(path, 'utf8');
    return { name: path, receipt, keys: await this.keysOf(receipt), ledger: await this.givenLedger() };
  }

  async fetched(id: string): Promise<Documents> {
    const { imports } = await this.server();
    const { signal } = this;
    try {
      const { receipt } = await imports.receipt(id, { signal });
      const ledger =
        (await this.givenLedger()) ?? (await collect(chunksOf(await imports.ledger(id, signal))));
      return { name: id, receipt, keys: await this.keysOf(receipt), ledger };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const orFile = error.status === 404 ? ', and there is no such file or folder' : '';
      throw new CommandError(`${id}: ${error.message}${orFile}`, ExitCode.refused);
    }
  }

  /** Receipts of a folder with the ledgers and keys that are kept with them. */
  async *kept(folder: string): AsyncGenerator<Documents> {
    const names = (await readdir(folder)).toSorted();
    const receipts = names.filter((name) => RECEIPT_FILE.test(name));
    if (receipts.length === 0) {
      throw new CommandError(`${folder} has no receipts (receipt-….jws)`, ExitCode.usage);
    }
    const hasKeys = this.options.jwks === undefined && names.includes(KEYS_FILE);
    const kept = hasKeys ? await keysIn(join(folder, KEYS_FILE)) : undefined;
    for (const name of receipts) {
      const path = join(folder, name);
      const receipt = await readFile(path, 'utf8');
      const ledger = name.replace(RECEIPT_FILE, 'ledger-$1.ndjson');
      const isKept = names.includes(ledger);
      yield {
        name: path,
        receipt,
        keys: kept ?? (await this.keysOf(receipt)),
        ledger: isKept ? await readFile(join(folder, ledger)) : undefined,
      };
    }
  }

  private server(): Promise<Client> {
    this.client ??= openClient(this.options);
    return this.client;
  }

  /** The server is asked again for a key that it has begun to use meanwhile. */
  private async keysOf(receipt: string): Promise<JSONWebKeySet> {
    const { jwks } = this.options;
    if (jwks !== undefined) this.keys ??= await keysIn(jwks);
    else if (this.keys === undefined || !hasKeyOf(receipt, this.keys))
      this.keys = await (await this.server()).receiptKeys(this.signal);
    return this.keys;
  }

  private async givenLedger(): Promise<Uint8Array | undefined> {
    const { ledger } = this.options;
    return ledger === undefined ? undefined : collect(createReadStream(ledger));
  }
}

/**
 * Keeps what a later verification without the server needs.
 *
 * @throws ReceiptError for an importId that would be a path, as the giver of the keys may have chosen it
 */
export async function save(
  folder: string,
  { importId }: Receipt,
  { receipt, keys, ledger }: Documents,
): Promise<void> {
  if (!/^\w+$/.test(importId)) {
    throw new ReceiptError('This is not a receipt: its importId is not the id of an import');
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `receipt-${importId}.jws`), receipt);
  await writeFile(join(folder, KEYS_FILE), `${JSON.stringify(keys, null, 2)}\n`);
  if (ledger !== undefined) await writeFile(join(folder, `ledger-${importId}.ndjson`), ledger);
}

/** What does not exist is the id of an import, unless it looks like a path. */
async function kindOf(target: string): Promise<'file' | 'folder' | 'id'> {
  try {
    return (await stat(target)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' && /^\w+$/.test(target)) return 'id';
    throw new CommandError(`Cannot read ${target}: ${fileCause(error)}`, ExitCode.input);
  }
}

/** The ledger of one import, which has at most as many lines as a batch. */
async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** A compact JWS, or the response of the server that contains it. @throws ReceiptError */
export function receiptIn(text: string): string {
  if (!text.trimStart().startsWith('{')) return text;
  const { receipt }: { receipt?: unknown } = JSON.parse(text);
  if (typeof receipt === 'string') return receipt;
  throw new ReceiptError('This is not a receipt');
}

/** Also true of a text that is no receipt, with which no key helps. */
function hasKeyOf(receipt: string, { keys }: JSONWebKeySet): boolean {
  try {
    const { kid } = decodeProtectedHeader(receiptIn(receipt).trim());
    return keys.some((key) => key.kid === kid);
  } catch {
    return true;
  }
}

async function keysIn(path: string): Promise<JSONWebKeySet> {
  const keys: JSONWebKeySet = JSON.parse(await readFile(path, 'utf8'));
  return keys;
}
