import { Readable } from 'node:stream';
import { Injectable, Logger, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { Extensions } from '../../extension/extensions.js';
import { badRequest, payloadTooLarge, usageLimitExceeded, serviceUnavailable } from '../../http/api-error.js';
import { inWords } from '../../http/list-in-words.js';
import { bodyChunks, streamedTypeOf } from '../../http/streamed-body.js';
import { TimeSlices } from '../../http/time-slices.js';
import { CsvManifest } from './csv-manifest.js';
import { isFault, type EntryOrFault, type ManifestEntry, type ManifestFault } from './manifest-entry.js';
import { ManifestLines, type Line } from './manifest-lines.js';
import { NdjsonManifest } from './ndjson-manifest.js';
import { MAX_PER_PROJECT, ReconcileSession, type DifferenceRow, type FaultRow } from './reconcile-session.js';
import type { ReconcileQueryDto } from './reconcile.dto.js';

/** Milliseconds for which a client may send or read nothing. */
const IDLE_MS = 60_000;
/** Milliseconds for an upload. */
const UPLOAD_MS = 2 * 3_600_000;
/** Entries and faults; more would fill the disk of the database. */
const MAX_ROWS = 20_000_000;
const BATCH = 2_000;
/** Connections of this process outside of its pool. */
const MAX_PER_PROCESS = 8;
const RETRY_AFTER_S = 30;

interface Manifest {
  /** The first line of the response. */
  facts: object;
  /** Entries and faults. */
  rows: number;
}

/** Compares manifests of partners with the library. */
@Injectable()
export class ReconcileService {
  private readonly logger = new Logger(ReconcileService.name);
  private running = 0;

  constructor(
    private readonly environment: Environment,
    private readonly dataSource: DataSource,
    private readonly extensions: Extensions,
  ) {}

  /**
   * Reads the manifest to its end, then streams the differences. Keeps neither in memory. Everything ends with the
   * response, also if the client disconnects.
   *
   * @throws ApiError 400 for an unknown kind or an unusable manifest, 413, 415, 429, 503
   */
  async reconcile(
    projectId: number,
    { kind, systemName }: ReconcileQueryDto,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<StreamableFile> {
    this.assertKind(kind);
    const name = streamedTypeOf(request) === 'text/csv' ? 'csv' : 'ndjson';
    const session = await this.open(projectId, reply);
    const format = name === 'csv' ? new CsvManifest() : new NdjsonManifest();
    const manifest = await this.read(session, request, format, name);
    const filter = { projectId, kind, systemName };
    const lines = this.write(session, manifest, filter);
    return new StreamableFile(Readable.from(this.paced(lines, reply), { objectMode: false }), {
      type: 'application/x-ndjson; charset=utf-8',
    });
  }

  private assertKind(kind: string): void {
    const names = this.extensions.mediaKinds.map(({ name }) => `"${name}"`);
    if (!names.includes(`"${kind}"`)) throw badRequest({ kind: `Must be ${inWords(names, 'or')}` });
  }

  private async open(projectId: number, { raw }: FastifyReply): Promise<ReconcileSession> {
    if (this.running >= MAX_PER_PROCESS) {
      throw serviceUnavailable(
        `Too many reconciliations are running; retry in ${RETRY_AFTER_S} seconds`,
        RETRY_AFTER_S,
      );
    }
    // The event of a closed response is over.
    if (raw.destroyed) throw Object.assign(new Error('The client has disconnected'), { code: 'ECONNRESET' });
    this.running += 1;
    let session: ReconcileSession | null | undefined;
    raw.once('close', () => {
      this.running -= 1;
      void session?.close();
    });
    session = await ReconcileSession.open(this.environment.DATABASE_URL ?? '', this.dataSource, projectId);
    if (raw.closed) await session?.close();
    if (session !== null) return session;
    throw usageLimitExceeded(
      {
        project: `At most ${MAX_PER_PROJECT} reconciliations of a project may run; retry in ${RETRY_AFTER_S} seconds`,
      },
      RETRY_AFTER_S,
    );
  }

  private async read(
    session: ReconcileSession,
    request: FastifyRequest,
    format: CsvManifest | NdjsonManifest,
    name: 'csv' | 'ndjson',
  ): Promise<Manifest> {
    const lines = new ManifestLines();
    const slices = new TimeSlices();
    const entries: ManifestEntry[] = [];
    const faults: ManifestFault[] = [];
    let rows = 0;
    const flush = async (least: number): Promise<void> => {
      if (rows > MAX_ROWS) throw payloadTooLarge(`Must have at most ${MAX_ROWS} entries`);
      if (entries.length >= least) await session.addEntries(entries.splice(0));
      if (faults.length >= least) await session.addFaults(faults.splice(0));
    };
    const add = (reads: Iterable<EntryOrFault>): void => {
      for (const read of reads) {
        rows += 1;
        if (isFault(read)) faults.push(read);
        else entries.push(read);
      }
    };
    const addLines = async (some: readonly Line[]): Promise<void> => {
      for (const line of some) {
        add(format.read(line));
        if (slices.isOver) await slices.pause();
      }
      await flush(BATCH);
    };
    for await (const chunk of bodyChunks(request, { idleMs: IDLE_MS, totalMs: UPLOAD_MS })) {
      await addLines(lines.push(chunk));
    }
    await addLines(lines.end());
    add(format.end());
    await flush(1);
    const { encoding, hasBom } = lines;
    return { rows, facts: { format: name, encoding, byteOrderMark: hasBom, ...format.facts } };
  }

  private async *write(
    session: ReconcileSession,
    { facts, rows }: Manifest,
    filter: { projectId: number; kind: string; systemName: string },
  ): AsyncGenerator<string> {
    const { kind, systemName } = filter;
    const counts = { missing: 0, extra: 0, different: 0, faults: 0 };
    try {
      yield `${JSON.stringify({ type: 'manifest', systemName, kind, ...facts })}\n`;
      for await (const page of session.differences(filter)) {
        for (const { type } of page) counts[type] += 1;
        yield page.map((row) => `${JSON.stringify(differenceOf(row))}\n`).join('');
      }
      for await (const page of session.faults()) {
        counts.faults += page.length;
        yield page.map((row) => `${JSON.stringify(faultOf(row))}\n`).join('');
      }
      const { missing, different, faults } = counts;
      const matched = rows - missing - different - faults;
      yield `${JSON.stringify({ type: 'summary', rows, matched, ...counts })}\n`;
    } catch (error) {
      // The response has started, so the client only sees an aborted connection; the cause is logged here.
      this.logger.warn(`Reconciliation aborted project=${filter.projectId}: ${String(error)}`);
      throw error;
    }
  }

  /** Disconnects a client that stops reading: its session would last for as long. */
  private async *paced(lines: AsyncIterable<string>, { raw }: FastifyReply): AsyncGenerator<string> {
    for await (const text of lines) {
      const stalled = setTimeout(() => raw.destroy(), IDLE_MS);
      yield text;
      clearTimeout(stalled);
    }
  }
}

function differenceOf(row: DifferenceRow): object {
  const { type, externalId, line, mediaId, expectedSha256, expectedSize, actualSha256, actualSize } = row;
  const expected = fileOf(expectedSha256, expectedSize);
  const actual = fileOf(actualSha256, actualSize);
  if (type === 'missing') return { type, externalId, line: Number(line), ...(expected && { expected }) };
  if (type === 'extra') return { type, externalId, mediaId, actual };
  return { type, externalId, line: Number(line), mediaId, expected, actual };
}

function fileOf(sha256: string | null, size: string | null): { sha256?: string; size?: number } | undefined {
  if (sha256 === null && size === null) return undefined;
  return { ...(sha256 !== null && { sha256 }), ...(size !== null && { size: Number(size) }) };
}

function faultOf({ line, column, field, sentence }: FaultRow): object {
  return {
    type: 'fault',
    line: Number(line),
    ...(column !== null && { column }),
    ...(field !== null && { field }),
    sentence,
  };
}
