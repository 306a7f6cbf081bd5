import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** What somebody else is about to write is not lost: nothing here waits for a lock on an item. */
@Injectable()
export class LostRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Makes items pending again whose worker has given no sign of life; how many workers each of them has lost. */
  async recoverRunning(kind: string): Promise<Array<{ id: string; lost: number }>> {
    const [rows]: [Array<{ id: string; lost: number }>, number] = await this.dataSource.query(
      `UPDATE import_items item
       SET state = 'pending', lease_owner = NULL, lease_until = NULL, lost = lost + 1, due_at = now()
       WHERE item.id IN (
         SELECT item.id FROM import_items item JOIN imports import ON import.id = item.import_id
         WHERE item.state = 'running' AND item.lease_until < now() AND import.kind = $1
         FOR UPDATE OF item SKIP LOCKED)
       RETURNING item.id, item.lost`,
      [kind],
    );
    return rows;
  }

  /** Makes items pending again that are queued without a job behind them. */
  async recoverQueued(
    kind: string,
    itemIdsWithJob: readonly string[],
    onlyOverdue: boolean,
  ): Promise<number> {
    const [, count]: [unknown[], number] = await this.dataSource.query(
      `UPDATE import_items item SET state = 'pending', lease_until = NULL
       WHERE item.id IN (
         SELECT item.id FROM import_items item JOIN imports import ON import.id = item.import_id
         WHERE item.state = 'queued' AND item.id <> ALL($2::bigint[]) AND (NOT $3 OR item.lease_until < now())
           AND import.kind = $1
         FOR UPDATE OF item SKIP LOCKED)`,
      [kind, itemIdsWithJob, onlyOverdue],
    );
    return count;
  }

  /** Locks those of some items that are pending; their ids. */
  async lockPending(tx: EntityManager, itemIds: readonly string[]): Promise<string[]> {
    const rows: Array<{ id: string }> = await tx.query(
      `SELECT id FROM import_items WHERE id = ANY($1::bigint[]) AND state = 'pending' FOR UPDATE SKIP LOCKED`,
      [itemIds],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Locks some of the pending items of a kind whose host has not been reached for as long as it is waited for, counted
   * from when their import was started where that came later; their ids.
   */
  async lockUnreachable(
    tx: EntityManager,
    kind: string,
    patienceMs: number,
    count: number,
  ): Promise<string[]> {
    const rows: Array<{ id: string }> = await tx.query(
      `SELECT item.id
       FROM origin_hosts host
       JOIN imports import ON import.state = 'started' AND import.kind = $1
       CROSS JOIN LATERAL (
         SELECT id FROM import_items
         WHERE import_id = import.id AND origin_host = host.host AND state = 'pending'
         ORDER BY due_at, position LIMIT $3
         FOR UPDATE SKIP LOCKED
       ) item
       WHERE host.failing_since < now() - $2 * interval '1 millisecond'
         AND import.started_at < now() - $2 * interval '1 millisecond'
       LIMIT $3`,
      [kind, patienceMs, count],
    );
    return rows.map(({ id }) => id);
  }
}
