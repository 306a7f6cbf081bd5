import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Readable, type Writable } from 'node:stream';
import type { Client } from '../../client.js';
import { ReelportError } from '../../errors.js';
import type { ReconcileSummary } from '../../reconcile.js';
import { pause } from '../../retrying.js';
import { ExitCode } from '../exit-codes.js';
import { manifestLines, manifestRows } from '../input/manifest.js';
import type { Fault } from '../../table/fault.js';
import { counted } from '../import/units.js';
import { jsonOf, message } from '../output.js';
import { openManifest, type Manifest, type ManifestOptions } from '../proof/manifest-input.js';
import { openClient, type ServerOptions } from '../session.js';

export interface ReconcileOptions extends ServerOptions, ManifestOptions {
  readonly system: string;
  readonly kind: string;
  readonly output?: string;
  readonly json: boolean;
}

/** Compares a list with the library, and writes what differs as JSON lines. */
export async function reconcile(
  file: string,
  options: ReconcileOptions,
  signal: AbortSignal,
): Promise<number> {
  const manifest = await openManifest(file, options);
  try {
    const client = await openClient(options);
    for (;;) {
      try {
        return await compare(client, manifest, options, signal);
      } catch (error) {
        const seconds = error instanceof ReelportError ? secondsUntilRetry(error) : undefined;
        if (seconds === undefined) throw error;
        message(`The server is busy; next attempt in ${seconds} s`);
        await pause(seconds * 1_000, signal);
      }
    }
  } finally {
    await manifest.source.remove();
  }
}

async function compare(
  client: Client,
  { source, detected, mapping }: Manifest,
  { system, kind, output, json }: ReconcileOptions,
  signal: AbortSignal,
): Promise<number> {
  const unreadable: Fault[] = [];
  const rows = manifestRows(source, detected, mapping, (fault) => unreadable.push(fault));
  const body = Readable.toWeb(Readable.from(manifestLines(rows))) as ReadableStream<Uint8Array>;
  const lines = client.imports.reconcile(body, { systemName: system, kind, format: 'ndjson', signal });
  let target: Writable | undefined;
  let summary: ReconcileSummary | undefined;
  for await (const line of lines) {
    if (line.type === 'summary') summary = line;
    else if (line.type !== 'manifest') {
      target ??= output === undefined ? process.stdout : createWriteStream(output);
      await write(target, line);
    }
  }
  if (summary === undefined) throw new Error('The reconciliation has no summary');
  target ??= output === undefined ? process.stdout : createWriteStream(output);
  for (const fault of unreadable) await write(target, { type: 'fault', ...fault });
  if (output !== undefined) await finished(target.end());
  const faults = summary.faults + unreadable.length;
  const total = { ...summary, rows: summary.rows + unreadable.length, faults };
  if (json) await write(process.stdout, total);
  message(
    `${counted(total.rows, 'lines')}: ${total.matched} match, ${total.missing} missing, ${total.extra} extra, ` +
      `${total.different} different, ${counted(faults, 'faults')}`,
  );
  if (total.rows > faults && total.matched + total.extra + total.different === 0)
    message(`The library has no ${kind} of the system "${system}"; check its name`);
  return total.missing + total.extra + total.different + faults === 0 ? ExitCode.ok : ExitCode.differences;
}

async function write(target: Writable, line: object): Promise<void> {
  if (!target.write(`${jsonOf(line)}\n`)) await once(target, 'drain');
}

/** Of an answer that a later attempt can change. */
function secondsUntilRetry({ status, retryAfter }: ReelportError): number | undefined {
  return status === 429 || status === 503 ? (retryAfter ?? 30) : undefined;
}
