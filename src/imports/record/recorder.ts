import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { hotTransaction } from '../../database/hot-transaction.js';
import { isUnreachable } from '../../database/unreachable-error.js';
import { batching } from '../../process/batching.js';
import { StallWatchdog } from '../../process/stall-watchdog.js';
import { TimeLimitError, withTimeLimit } from '../../process/time-limit.js';
import { withTransactionTimeLimit } from '../../process/transaction-time-limit.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { EngineFailure } from '../failure.js';
import { FinishedImports } from '../finish/finished-imports.js';
import type { HostVerdict } from '../hosts/host-signs.js';
import { OriginHosts } from '../hosts/origin-hosts.js';
import type { ItemResult } from '../import-kind.js';
import { ItemRepository, type ItemOutcome } from '../item/item.repository.js';
import { Claims } from '../run/claims.js';
import { Outages } from '../run/outages.js';
import { AttemptsRepository } from './attempts.repository.js';
import { hostSigns, outcomeOfFailure, outcomeOfResult, plannedItem, type Attempt } from './attempt.js';

/** Attempts per commit; in larger batches the first attempt waits too long. */
const MAX_BATCH = 128;
/** Longest wait for further attempts: a commit costs several statements and a disk flush. */
const MOST_GATHER_MS = 20;
/** Time limit of a kind for writing outcomes in the common transaction, and for its clean-up, in milliseconds. */
const KIND_LIMIT_MS = 25_000;
/** A process suspended before its commit loses its connection, which releases its locks. */
const IDLE_TIMEOUT_MS = 5_000;

/**
 * Commits attempts in batches of one kind: items, results, hosts, counters, finished imports and webhooks in one
 * transaction. Waits out database outages.
 */
@Injectable()
export class Recorder {
  private readonly logger = new Logger(Recorder.name);
  /** By kind: one that is slow or hangs delays no commit of another, and no transaction locks tables of two kinds. */
  private readonly loads = new Map<string, (attempt: Attempt) => Promise<void>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly items: ItemRepository,
    private readonly attempts: AttemptsRepository,
    private readonly claims: Claims,
    private readonly hosts: OriginHosts,
    private readonly finished: FinishedImports,
    private readonly dispatcher: Dispatcher,
    private readonly outages: Outages,
    private readonly watchdog: StallWatchdog,
    private readonly environment: Environment,
  ) {}

  /** Resolves when the attempt is committed, or ignored because this worker no longer owns the item. */
  record(attempt: Attempt): Promise<void> {
    return this.loadOf(attempt.item.kind)(attempt);
  }

  private loadOf(kind: string): (attempt: Attempt) => Promise<void> {
    let load = this.loads.get(kind);
    if (load === undefined) {
      load = batching<Attempt, void>((attempts) => this.flush(attempts), {
        maxSize: MAX_BATCH,
        mostGatherMs: MOST_GATHER_MS,
      });
      this.loads.set(kind, load);
    }
    return load;
  }

  private async flush(attempts: readonly Attempt[]): Promise<Array<void | Error>> {
    try {
      const results = await this.outages.outlast('Recording results', () =>
        this.watchdog.watch('Recording results', () => this.commit(attempts)),
      );
      this.dispatcher.wake();
      await this.settleAll(attempts, results);
      return attempts.map(() => undefined);
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      if (isUnreachable(error)) return attempts.map(() => cause);
      // A kind that hangs would hang again for each of them.
      if (error instanceof TimeLimitError) return this.recordAsFailures(attempts, cause);
      if (attempts.length !== 1) return this.flushOneByOne(attempts, cause);
      return this.recordAsFailures(attempts, cause);
    }
  }

  /** Isolates an attempt that cannot be recorded from the others of its batch. */
  private async flushOneByOne(attempts: readonly Attempt[], cause: Error): Promise<Array<void | Error>> {
    const answers: Array<void | Error> = [];
    const start = performance.now();
    for (const [index, attempt] of attempts.entries()) {
      // A kind that is slow to fail would keep the places of its items for too long.
      if (performance.now() - start > KIND_LIMIT_MS) {
        return [...answers, ...(await this.recordAsFailures(attempts.slice(index), cause))];
      }
      answers.push(...(await this.flush([attempt])));
    }
    return answers;
  }

  /** Records outcomes that cannot be recorded as failures of their attempts; other failures stay as they are. */
  private async recordAsFailures(attempts: readonly Attempt[], cause: Error): Promise<Array<void | Error>> {
    const outcomes = attempts.filter((attempt) => 'outcome' in attempt);
    // Failures that cannot be recorded, either.
    if (outcomes.length === 0) return attempts.map(() => cause);
    for (const { item } of outcomes)
      this.logger.error(`Outcome cannot be recorded import=${item.importId} item=${item.id}`, cause.stack);
    const answers = await this.flush(
      attempts.map((attempt) => {
        const { item, durationMs } = attempt;
        return 'failure' in attempt ? attempt : { item, durationMs, failure: EngineFailure.internal };
      }),
    );
    await this.settleAll(outcomes, new Map());
    return answers;
  }

  /** @returns results by item */
  private async commit(attempts: readonly Attempt[]): Promise<Map<string, ItemResult>> {
    // The connection is closed, or was lost, if a kind hangs; its rollback must not make this look like an outage.
    let overdue: TimeLimitError | undefined;
    const write = (tx: EntityManager): Promise<Map<string, ItemResult>> =>
      this.write(tx, attempts).catch((error: unknown) => {
        if (error instanceof TimeLimitError) overdue = error;
        throw error;
      });
    const options = { idleTimeoutMs: IDLE_TIMEOUT_MS };
    return hotTransaction(this.dataSource, write, options).catch((error: unknown) => {
      throw overdue ?? error;
    });
  }

  private async write(tx: EntityManager, attempts: readonly Attempt[]): Promise<Map<string, ItemResult>> {
    const claimed = attempts.map(({ item }) => item);
    const valid = await this.items.lockClaimed(tx, this.claims.owner, claimed);
    const counted = attempts.filter(({ item }) => valid.has(item.id));
    const results = await this.results(tx, counted);
    const verdicts = await this.hosts.note(tx, hostSigns(counted));
    const runs = counted.filter(({ item }) => !item.isPlan);
    const outcomes = runs.map((attempt) => this.outcome(attempt, results, verdicts));
    const planned = counted.filter(({ item }) => item.isPlan).map(plannedItem);
    await this.attempts.record(tx, this.claims.owner, runs);
    const importIds = new Set(counted.map(({ item }) => item.importId));
    await this.finished.announce(tx, await this.items.record(tx, outcomes, planned, importIds));
    return results;
  }

  /** Lets the kind write its outcomes. @returns results by item */
  private async results(tx: EntityManager, attempts: readonly Attempt[]): Promise<Map<string, ItemResult>> {
    const results = new Map<string, ItemResult>();
    const done = attempts.filter((attempt) => 'outcome' in attempt);
    const [first] = done;
    if (first === undefined) return results;
    const { item, worker } = first;
    const operation = `Recording items of kind "${item.kind}"`;
    const recording = worker.record(tx, done);
    const recorded = await withTransactionTimeLimit(tx, operation, KIND_LIMIT_MS, recording);
    recorded.forEach((result, index) => {
      const attempt = done[index];
      if (attempt !== undefined) results.set(attempt.item.id, result);
    });
    return results;
  }

  private outcome(
    attempt: Attempt,
    results: ReadonlyMap<string, ItemResult>,
    verdicts: ReadonlyMap<string, HostVerdict>,
  ): ItemOutcome {
    const { item } = attempt;
    if ('failure' in attempt) {
      const hostFailed = verdicts.get(item.originHost)?.hostFailed(item.id) === true;
      return outcomeOfFailure(item, attempt.failure, {
        hostFailed,
        schedule: this.environment.RETRY_SCHEDULE,
      });
    }
    const result = results.get(item.id);
    if (result === undefined) throw new Error(`The import kind returned no result for item ${item.id}`);
    return outcomeOfResult(attempt, result);
  }

  private async settleAll(
    attempts: readonly Attempt[],
    results: ReadonlyMap<string, ItemResult>,
  ): Promise<void> {
    await Promise.all(attempts.map((attempt) => this.settle(attempt, results.get(attempt.item.id) ?? null)));
  }

  /** A failed clean-up does not affect committed results; the sweep removes the orphans later. */
  private async settle(attempt: Attempt, result: ItemResult | null): Promise<void> {
    if (!('outcome' in attempt)) return;
    try {
      const settled = attempt.worker.settle(attempt.outcome, result);
      await withTimeLimit(`Settling an item of kind "${attempt.item.kind}"`, KIND_LIMIT_MS, settled);
    } catch (error) {
      this.logger.warn(
        `Clean-up failed import=${attempt.item.importId} item=${attempt.item.id}: ${String(error)}`,
      );
    }
  }
}
