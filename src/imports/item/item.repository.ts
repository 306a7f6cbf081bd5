import { Injectable } from '@nestjs/common';
import { NO_HOST } from '../hosts/no-host.js';
import { DataSource, type EntityManager } from 'typeorm';
import { hotTransaction } from '../../database/hot-transaction.js';
import type { Lane, Portion } from './lane.js';
import type { Failure } from '../failure.js';
import type { ClaimedItem, NewItem } from '../import-kind.js';
import type { Prediction } from '../prediction.js';
import type { ImportProgress } from './import-progress.js';
import * as sql from './item.statements.js';
import type { DispatchedItem, ReclaimedItem } from './item.statements.js';
import { subsetParams, type ItemSubset } from './item-subset.js';
import type { FinalState } from './transitions.js';

/** Outcome of an attempt, as written to the row of its item. */
export interface ItemOutcome {
  id: string;
  /** `pending`: the item is retried. */
  state: FinalState | 'pending';
  code: string | null;
  reason: string | null;
  retryable: boolean | null;
  httpStatus: number | null;
  /** Whether the attempt counts towards the retry schedule. */
  counts: boolean;
  /** Milliseconds until a pending item is due. */
  backoffMs: number;
  result: object | null;
}

/** Outcome of an attempt of a plan. */
export interface PlannedItem {
  id: string;
  prediction: Prediction;
}

/** Items per INSERT: encoding 10 000 at once would block the event loop. */
const SLICE = 500;

/**
 * State machine of the item: each method is one transition of `transitions.ts`, or locks the rows of one. Items are
 * always locked in order of their ids, and before their imports, to avoid deadlocks. Methods without a transaction
 * parameter commit without waiting for the disk: an item that a database crash returns to pending or queued has no job
 * or no valid lease, and recovery finds it.
 */
@Injectable()
export class ItemRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Inserts new items, in the given order. @param notBefore when they are due; null: at once */
  async accept(
    tx: EntityManager,
    importId: string,
    items: readonly NewItem[],
    notBefore: Date | null = null,
  ): Promise<void> {
    for (let start = 0; start < items.length; start += SLICE) {
      const records = items
        .slice(start, start + SLICE)
        .map(({ externalId, title, payload, exact, originHost }, index) => ({
          position: start + index,
          external_id: externalId,
          title,
          payload: exact === undefined ? payload : { ...payload, ...exact },
          origin_host: originHost ?? NO_HOST,
        }));
      await sql.insertItems.count(tx, importId, JSON.stringify(records), notBefore);
    }
  }

  /** Queues the first due items of each portion's lane, at most one per turn. */
  dispatch(tx: EntityManager, portions: readonly Portion[], leaseMs: number): Promise<DispatchedItem[]> {
    return sql.dispatchItems.rows(
      tx,
      portions.map(({ lane }) => lane.importId),
      portions.map(({ lane }) => lane.host),
      portions.map(({ turns }) => turns.length),
      leaseMs,
    );
  }

  /**
   * Claims queued items of these kinds.
   *
   * @returns the claimed ones; the others have finished, belong to another worker or are of another kind
   */
  async claim(
    owner: string,
    itemIds: readonly string[],
    leaseMs: number,
    kinds: readonly string[],
  ): Promise<ClaimedItem[]> {
    const rows = await this.relaxed((tx) => sql.claimItems.rows(tx, owner, itemIds, leaseMs, kinds));
    return rows.map((row) => ({ ...row, sequence: BigInt(row.sequence) }));
  }

  /** Renews the leases that the worker still holds, except for items being recorded. */
  async renew(owner: string, itemIds: readonly string[], leaseMs: number): Promise<void> {
    await this.relaxed((tx) => sql.renewItems.count(tx, owner, itemIds, leaseMs));
  }

  /** @returns numbers of the claims whose lease the worker still holds, by item */
  async findOwned(owner: string, itemIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.relaxed((tx) => sql.selectOwned.rows(tx, owner, itemIds));
    return new Map(rows.map(({ id, claim }) => [id, claim]));
  }

  /** Locks the items whose claim is still valid. @returns their ids */
  async lockClaimed(
    tx: EntityManager,
    owner: string,
    items: ReadonlyArray<Pick<ClaimedItem, 'id' | 'claim'>>,
  ): Promise<Set<string>> {
    const claims = items.map(({ claim }) => claim);
    return new Set(idsOf(await sql.lockClaimed.rows(tx, owner, idsOf(items), claims)));
  }

  /**
   * Writes the outcomes of items that the transaction has locked, and updates the counters of their imports.
   *
   * @param planned items whose attempt was part of a plan
   * @param importIds imports of the items, if known: a single import needs no ordered locking
   * @returns the imports whose counters changed
   */
  async record(
    tx: EntityManager,
    outcomes: readonly ItemOutcome[],
    planned: readonly PlannedItem[] = [],
    importIds?: ReadonlySet<string>,
  ): Promise<ImportProgress[]> {
    const ids = idsOf([...outcomes, ...planned]);
    if (ids.length === 0) return [];
    if (importIds?.size !== 1) await sql.lockImports.count(tx, ids);
    return [
      ...(outcomes.length === 0 ? [] : await sql.recordItems.rows(tx, JSON.stringify(outcomes))),
      ...(planned.length === 0 ? [] : await sql.planItems.rows(tx, JSON.stringify(planned))),
    ];
  }

  /** Returns all items of a worker to pending, as if they had not been claimed. */
  async release(owner: string): Promise<void> {
    await this.relaxed((tx) => sql.releaseItems.count(tx, owner));
  }

  /** Returns a queued item to pending because its job reached a draining worker. */
  async unqueue(itemId: string): Promise<void> {
    await this.relaxed((tx) => sql.unqueueItem.count(tx, itemId));
  }

  /** Reclaims items whose lease expired, except those being recorded. */
  reclaim(): Promise<ReclaimedItem[]> {
    return this.relaxed((tx) => sql.reclaimItems.rows(tx));
  }

  /** Returns queued items without a job to pending. @returns their number */
  requeue(itemIdsWithJob: readonly string[], onlyOverdue: boolean): Promise<number> {
    return this.relaxed((tx) => sql.requeueItems.count(tx, itemIdsWithJob, onlyOverdue));
  }

  /** Locks the pending ones of these items, except those already locked. @returns their ids */
  async lockPending(tx: EntityManager, itemIds: readonly string[]): Promise<string[]> {
    return itemIds.length === 0 ? [] : idsOf(await sql.lockPending.rows(tx, itemIds));
  }

  /** Locks pending items of lanes whose host has been failing for longer than the patience. @returns their ids */
  async lockUnreachable(
    tx: EntityManager,
    lanes: readonly Lane[],
    patienceMs: number,
    count: number,
  ): Promise<string[]> {
    if (lanes.length === 0) return [];
    const importIds = lanes.map(({ importId }) => importId);
    const hosts = lanes.map(({ host }) => host);
    return idsOf(await sql.lockUnreachable.rows(tx, importIds, hosts, patienceMs, count));
  }

  /** Fails pending items that the transaction has locked; those of a plan are predicted to fail. @returns the imports whose counters changed */
  async giveUp(
    tx: EntityManager,
    itemIds: readonly string[],
    { code, reason, retryable }: Failure,
  ): Promise<ImportProgress[]> {
    if (itemIds.length === 0) return [];
    await sql.lockImports.count(tx, itemIds);
    return sql.giveUpItems.rows(tx, itemIds, code, reason, retryable);
  }

  /**
   * Fails the unfinished items of an import, or a subset of them, after waiting for attempts that are being recorded.
   *
   * @returns the number of items, and the import; null if there are none
   */
  async cancel(
    tx: EntityManager,
    importId: string,
    { code, reason, retryable }: Failure,
    subset: ItemSubset = {},
  ): Promise<{ cancelled: number; progress: ImportProgress[] } | null> {
    const locked = await sql.lockUnfinished.rows(tx, importId, ...subsetParams(subset));
    if (locked.length === 0) return null;
    const cancelled = await sql.cancelItems.count(tx, idsOf(locked), code, reason, retryable);
    const planned = locked.filter(({ isPlanned }) => isPlanned).length;
    return { cancelled, progress: await sql.countCancelled.rows(tx, importId, cancelled, planned) };
  }

  /** Counts the unfinished items of a subset of an import. */
  async countUnfinished(tx: EntityManager, importId: string, subset: ItemSubset): Promise<number> {
    const [row] = await sql.countUnfinished.rows(tx, importId, ...subsetParams(subset));
    return row?.count ?? 0;
  }

  /** Counts the failed items of a subset of an import. */
  async countFailed(tx: EntityManager, importId: string, subset: ItemSubset): Promise<number> {
    const [row] = await sql.countFailed.rows(tx, importId, ...subsetParams(subset));
    return row?.count ?? 0;
  }

  /**
   * Returns the failed items of an import, or a subset of them, to pending and resets their attempts.
   *
   * @returns their number
   */
  async retry(tx: EntityManager, importId: string, subset: ItemSubset = {}): Promise<number> {
    const retried = await sql.retryItems.count(tx, importId, ...subsetParams(subset));
    if (retried > 0) await sql.startImportAgain.count(tx, importId, retried);
    return retried;
  }

  /** Returns the planned items of an import to pending, so that they run. @returns their number */
  async apply(tx: EntityManager, importId: string): Promise<number> {
    const applied = await sql.applyItems.count(tx, importId);
    if (applied > 0) await sql.applyImport.count(tx, importId, applied);
    return applied;
  }

  /** Fails the planned items of an import. @returns the import, whose counters changed */
  async expire(
    tx: EntityManager,
    importId: string,
    { code, reason, retryable }: Failure,
  ): Promise<ImportProgress[]> {
    const expired = await sql.expireItems.count(tx, importId, code, reason, retryable);
    return expired === 0 ? [] : sql.countCancelled.rows(tx, importId, expired, expired);
  }

  private relaxed<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return hotTransaction(this.dataSource, work, { durable: false });
  }
}

function idsOf(rows: ReadonlyArray<{ id: string }>): string[] {
  return rows.map(({ id }) => id);
}
