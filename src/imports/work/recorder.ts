import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { isUnreachable } from '../../http/unreachable-error.js';
import { Outbox } from '../../webhooks/outbox.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import type { Failure } from '../failure.js';
import { finishedMessage } from '../finished-message.js';
import type { ClaimedItem, ItemResult, ItemWorker } from '../import-kind.js';
import { batching } from './batching.js';
import { Claims } from './claims.js';
import { RecordsRepository, type ItemEnding } from './records.repository.js';

/** What became of one try, to be written down. */
export type Report = { item: ClaimedItem } & (
  { worker: ItemWorker; outcome: object } | { failure: Failure; retryInMs: number | null }
);

/** Commits of up to this many results; larger ones make the first of a batch wait too long. */
const MAX_BATCH = 128;
const GATHER_MS = 2;
const LONGEST_OUTAGE_PAUSE_MS = 5_000;

/**
 * Gathers results and commits them together: items, what the kind makes of them, counters, finished imports and their
 * webhooks in one transaction. It does not give up while the database is away.
 */
@Injectable()
export class Recorder implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Recorder.name);
  private readonly stopping = new AbortController();
  private readonly load = batching<Report, void>((reports) => this.flush(reports), {
    maxSize: MAX_BATCH,
    gatherMs: GATHER_MS,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly repository: RecordsRepository,
    private readonly claims: Claims,
    private readonly outbox: Outbox,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** Resolves when the report is committed, or void because the item is not ours any more. */
  record(report: Report): Promise<void> {
    return this.load(report);
  }

  /** Only from here on an outage of the database ends the waiting. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async flush(reports: readonly Report[]): Promise<Array<void | Error>> {
    for (let pause = 100; ; pause = Math.min(pause * 2, LONGEST_OUTAGE_PAUSE_MS)) {
      try {
        await this.commit(reports);
        return reports.map(() => undefined);
      } catch (error) {
        if (!isUnreachable(error)) return this.flushOneByOne(reports, error);
        this.logger.warn(`${reports.length} results wait for the database: ${String(error)}`);
        await wait(pause, undefined, { signal: this.stopping.signal });
      }
    }
  }

  /** One bad result must not take the others of its batch with it. */
  private async flushOneByOne(reports: readonly Report[], cause: unknown): Promise<Array<void | Error>> {
    if (reports.length === 1) return [cause instanceof Error ? cause : new Error(String(cause))];
    const results: Array<void | Error> = [];
    for (const report of reports) results.push(...(await this.flush([report])));
    return results;
  }

  private async commit(reports: readonly Report[]): Promise<void> {
    const { results, webhooks } = await this.dataSource.transaction(async (tx) => {
      const own = await this.repository.lockOwn(
        tx,
        this.claims.owner,
        reports.map(({ item }) => item),
      );
      const valid = reports.filter(({ item }) => own.has(item.id));
      const results = await this.results(tx, valid);
      const finished = await this.end(tx, valid, results);
      return { results, webhooks: finished };
    });
    if (webhooks > 0) this.outbox.announce();
    this.dispatcher.wake();
    for (const report of reports) {
      if ('outcome' in report)
        await report.worker.settle(report.outcome, results.get(report.item.id) ?? null);
    }
  }

  /** What the kinds make of the outcomes, by item id. */
  private async results(tx: EntityManager, reports: readonly Report[]): Promise<Map<string, ItemResult>> {
    const results = new Map<string, ItemResult>();
    const done = reports.filter((report) => 'outcome' in report);
    for (const worker of new Set(done.map((report) => report.worker))) {
      const processed = done.filter((report) => report.worker === worker);
      const recorded = await worker.record(tx, processed);
      recorded.forEach((result, index) => {
        const report = processed[index];
        if (report !== undefined) results.set(report.item.id, result);
      });
    }
    return results;
  }

  /** @returns the number of webhooks to send */
  private async end(
    tx: EntityManager,
    reports: readonly Report[],
    results: Map<string, ItemResult>,
  ): Promise<number> {
    if (reports.length === 0) return 0;
    const importIds = [...new Set(reports.map(({ item }) => item.importId))];
    if (importIds.length > 1) await this.repository.lockImports(tx, importIds);
    const progress = await this.repository.end(
      tx,
      reports.map((report) => ending(report, results.get(report.item.id))),
    );
    const messages = progress.flatMap(finishedMessage);
    if (messages.length > 0) await this.outbox.enqueue(tx, messages);
    return messages.length;
  }
}

function ending(report: Report, recorded: ItemResult | undefined): ItemEnding {
  const { id } = report.item;
  if ('failure' in report) {
    const { code, reason, retryable } = report.failure;
    const state = report.retryInMs === null ? 'failed' : 'pending';
    return { id, state, code, reason, retryable, retryInMs: report.retryInMs, result: null };
  }
  if (recorded === undefined) throw new Error(`The kind recorded nothing for item ${id}`);
  const { state, reason, result } = recorded;
  return { id, state, code: null, reason: reason ?? null, retryable: null, retryInMs: null, result };
}
