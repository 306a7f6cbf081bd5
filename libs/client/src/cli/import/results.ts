import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Client } from '../../client.js';

const COLUMNS = ['externalId', 'mediaId', 'state', 'code', 'reason'];

/** Failures by code. */
export type FailureCounts = ReadonlyMap<string, { readonly count: number; readonly reason: string }>;

/**
 * Reads the report of each import, in constant memory.
 *
 * @param file receives one CSV line per item, written completely or not at all; undefined for no file
 * @returns failures by code, with the reason of the first one
 */
export async function collectResults(
  client: Client,
  ids: readonly string[],
  file: string | undefined,
  signal: AbortSignal,
): Promise<FailureCounts> {
  const failures = new Map<string, { count: number; reason: string }>();
  const count = (row: Readonly<Record<string, unknown>>): void => {
    if (row['state'] !== 'failed') return;
    const code = String(row['code']);
    const known = failures.get(code);
    if (known === undefined) failures.set(code, { count: 1, reason: String(row['reason']) });
    else known.count += 1;
  };
  const rows = reportRows(client, ids, count, signal);
  if (file === undefined) {
    await pipeline(Readable.from(rows), new PassThrough({ objectMode: true }).resume(), { signal });
    return failures;
  }
  const next = `${file}.new`;
  const writer = stringify({ header: true, columns: COLUMNS, escape_formulas: true });
  await pipeline(Readable.from(rows), writer, createWriteStream(next), { signal });
  await rename(next, file);
  return failures;
}

async function* reportRows(
  client: Client,
  ids: readonly string[],
  seen: (row: Readonly<Record<string, unknown>>) => void,
  signal: AbortSignal,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  for (const id of ids) {
    const report = await client.imports.report(id, 'ndjson', signal);
    for await (const line of createInterface({ input: Readable.fromWeb(report), crlfDelay: Infinity })) {
      const row: Record<string, unknown> = JSON.parse(line);
      seen(row);
      yield row;
    }
  }
}
