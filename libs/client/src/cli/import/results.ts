import { constants, createWriteStream } from 'node:fs';
import { access, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Client } from '../../client.js';
import { ReelportError, UnexpectedResponseError } from '../../errors.js';
import { linesOf, liveChunksOf } from '../../lines.js';
import { pause } from '../../retrying.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { fileCause } from '../file-error.js';
import { message } from '../output.js';

const MOST_ATTEMPTS = 20;
const SILENCE_MS = 45_000;

const COLUMNS = ['externalId', 'mediaId', 'state', 'code', 'reason', 'predicted', 'predictedCode'];

/** A line of the report. */
type ReportRow = Readonly<Record<string, unknown>>;

/** Failures with the same code, and with the same HTTP status where that is the code. */
export interface FailureCount {
  readonly code: string;
  /** Of the first one. */
  readonly reason: string;
  readonly count: number;
}

/** Finds out before a long run whether its results can be kept. @throws CommandError if not */
export async function checkResultFile(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  try {
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw new CommandError(`Cannot write ${file}: ${fileCause(error)}`, ExitCode.usage);
  }
  const known = await stat(file).catch(() => undefined);
  if (known?.isDirectory() === true)
    throw new CommandError(`Cannot write ${file}: is a folder`, ExitCode.usage);
}

/**
 * Reads the report of each import, in constant memory.
 *
 * @param file receives one CSV line per item, written completely or not at all; undefined for no file
 * @returns how many items failed, by cause
 */
export async function collectResults(
  client: Client,
  ids: readonly string[],
  file: string | undefined,
  signal: AbortSignal,
): Promise<readonly FailureCount[]> {
  const failures = new Map<string, FailureCount>();
  const count = (row: ReportRow): void => {
    if (row['state'] !== 'failed') return;
    const code = String(row['code']);
    const reason = String(row['reason']);
    // Each status has a sentence of its own; those of other codes differ in every item.
    const key = code === 'HTTP_STATUS' ? reason : code;
    const known = failures.get(key);
    failures.set(key, { code, reason: known?.reason ?? reason, count: (known?.count ?? 0) + 1 });
  };
  const rows = reportRows(client, ids, count, signal);
  if (file === undefined) {
    await pipeline(Readable.from(rows), new PassThrough({ objectMode: true }).resume(), { signal });
    return [...failures.values()];
  }
  const next = `${file}.new`;
  const writer = stringify({
    header: true,
    columns: COLUMNS,
    escape_formulas: true,
    cast: { string: asText },
  });
  await pipeline(Readable.from(rows), writer, createWriteStream(next), { signal });
  await rename(next, file);
  return [...failures.values()];
}

/** Of the beginnings of a formula, the library escapes all but the line feed. */
function asText(value: string): string {
  return value.startsWith('\n') ? `'${value}` : value;
}

async function* reportRows(
  client: Client,
  ids: readonly string[],
  seen: (row: ReportRow) => void,
  signal: AbortSignal,
): AsyncGenerator<ReportRow> {
  for (const id of ids) {
    let predicted: ReadonlyMap<string, string> | undefined;
    for await (const line of reportLines(client, id, signal)) {
      const row: Record<string, unknown> = JSON.parse(line);
      seen(row);
      if (row['state'] === 'planned' && row['predicted'] === 'fail') {
        predicted ??= await predictedReasons(client, id, signal);
        row['reason'] = predicted.get(String(row['externalId']));
      }
      yield row;
    }
  }
}

/** Why items will fail, by their ids. The report has the codes only. */
async function predictedReasons(
  client: Client,
  id: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  for await (const { externalId, prediction } of client.imports.items(id, { signal })) {
    if (prediction?.reason !== undefined) reasons.set(externalId, prediction.reason);
  }
  return reasons;
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
