import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Client } from '../../client.js';
import { ReelportError, UnexpectedResponseError } from '../../errors.js';
import { linesOf, liveChunksOf } from '../../lines.js';
import { pause } from '../../retrying.js';
import { message } from '../output.js';

const MOST_ATTEMPTS = 20;
const SILENCE_MS = 45_000;

const COLUMNS = ['externalId', 'mediaId', 'state', 'code', 'reason', 'predicted', 'predictedCode'];

/** A line of the report. */
type ReportRow = Readonly<Record<string, unknown>>;

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
  const count = (row: ReportRow): void => {
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
  seen: (row: ReportRow) => void,
  signal: AbortSignal,
): AsyncGenerator<ReportRow> {
  for (const id of ids) {
    for await (const line of reportLines(client, id, signal)) {
      const row: Record<string, unknown> = JSON.parse(line);
      seen(row);
      yield row;
    }
  }
}

/** A report that breaks off is read again: its lines have the order of the request. */
async function* reportLines(client: Client, id: string, signal: AbortSignal): AsyncGenerator<string> {
  let read = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const report = await client.imports.report(id, 'ndjson', signal);
      let position = 0;
      for await (const line of linesOf(liveChunksOf(report, { signal, silenceMs: SILENCE_MS }))) {
        position += 1;
        if (position <= read) continue;
        read = position;
        yield line;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      const isAnswer = error instanceof ReelportError || error instanceof UnexpectedResponseError;
      if (isAnswer || attempt === MOST_ATTEMPTS) throw error;
    }
    message(`The report of ${id} broke off; reading it again`);
    await pause(attempt * 1_000, signal);
  }
}
