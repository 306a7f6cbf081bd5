import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { isUnreachable } from '../../http/unreachable-error.js';
import { StallWatchdog } from '../../process/stall-watchdog.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { Endings } from '../endings/endings.js';
import type { ItemEnding } from '../endings/endings.repository.js';
import { EngineFailure } from '../failure.js';
import type { HostVerdict } from '../hosts/host-signs.js';
import { OriginHosts } from '../hosts/origin-hosts.js';
import type { ItemResult } from '../import-kind.js';
import { batching } from './batching.js';
import { Claims } from './claims.js';
import { Outages } from './outages.js';
import { OwnedRepository } from './owned.repository.js';
import { endingOfFailure, endingOfResult, hostSigns, type Report } from './report.js';

/** Commits of up to this many results; larger ones make the first of a batch wait too long. */
const MAX_BATCH = 128;

/** A commit is the dearest call there is: a transaction of several statements, and a wait for the disk. */
const MOST_GATHER_MS = 20;

/**
 * Gathers results and commits them together: items, what the kind makes of them, hosts, counters, finished imports and
 * their webhooks in one transaction. It does not give up while the database is away.
 */
@Injectable()
export class Recorder {
  private readonly logger = new Logger(Recorder.name);
  private readonly load = batching<Report, void>((reports) => this.flush(reports), {
    maxSize: MAX_BATCH,
    mostGatherMs: MOST_GATHER_MS,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly owned: OwnedRepository,
    private readonly claims: Claims,
    private readonly hosts: OriginHosts,
    private readonly endings: Endings,
    private readonly dispatcher: Dispatcher,
    private readonly outages: Outages,
    private readonly watchdog: StallWatchdog,
    private readonly environment: Environment,
  ) {}

  /** Resolves when the report is committed, or void because the item is not ours any more. */
  record(report: Report): Promise<void> {
    return this.load(report);
  }

  private async flush(reports: readonly Report[]): Promise<Array<void | Error>> {
    try {
      await this.outages.outlast('Recording results', () =>
        this.watchdog.watch('Recording results', () => this.commit(reports)),
      );
      return reports.map(() => undefined);
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      if (isUnreachable(error)) return reports.map(() => cause);
      const [report, ...others] = reports;
      if (report === undefined || others.length > 0) return this.flushOneByOne(reports);
      return [await this.giveUp(report, cause)];
    }
  }

  /** An outcome that cannot be written down ends its try, as if the work itself had gone wrong. */
  private async giveUp(report: Report, cause: Error): Promise<void | Error> {
    const { item, tookMs } = report;
    this.logger.error(`Item ${item.id} of import ${item.importId} cannot be recorded`, cause.stack);
    if (!('outcome' in report)) return cause;
    const [result] = await this.flush([{ item, tookMs, failure: EngineFailure.internal }]);
    await this.settle(report, null);
    return result;
  }

  /** What cannot be tidied up is found by the search for orphans: the results that are committed count all the same. */
  private async settle(report: Report, result: ItemResult | null): Promise<void> {
    if (!('outcome' in report)) return;
    try {
      await report.worker.settle(report.outcome, result);
    } catch (error) {
      this.logger.warn(`Item ${report.item.id} left something behind: ${String(error)}`);
    }
  }

  /** One bad result must not take the others of its batch with it. */
  private async flushOneByOne(reports: readonly Report[]): Promise<Array<void | Error>> {
    const results: Array<void | Error> = [];
    for (const report of reports) results.push(...(await this.flush([report])));
    return results;
  }

  private async commit(reports: readonly Report[]): Promise<void> {
    const results = await this.dataSource.transaction(async (tx) => {
      const own = await this.owned.lock(
        tx,
        this.claims.owner,
        reports.map(({ item }) => item),
      );
      const valid = reports.filter(({ item }) => own.has(item.id));
      const results = await this.results(tx, valid);
      const verdicts = await this.hosts.note(tx, hostSigns(valid));
      const endings = valid.map((report) => this.ending(report, results, verdicts));
      await this.endings.write(tx, endings, new Set(valid.map(({ item }) => item.importId)));
      return results;
    });
    this.dispatcher.wake();
    for (const report of reports) await this.settle(report, results.get(report.item.id) ?? null);
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

  private ending(
    report: Report,
    results: ReadonlyMap<string, ItemResult>,
    verdicts: ReadonlyMap<string, HostVerdict>,
  ): ItemEnding {
    const { item } = report;
    if ('failure' in report) {
      const { failure } = report;
      const spared = verdicts.get(item.originHost)?.spares(item.id) === true;
      return endingOfFailure(item, failure, { spared, schedule: this.environment.RETRY_SCHEDULE });
    }
    const result = results.get(item.id);
    if (result === undefined) throw new Error(`The kind recorded nothing for item ${item.id}`);
    return endingOfResult(report, result);
  }
}
