import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { prepared } from '../../database/preparing-client.js';
import type { Lane } from '../dispatch/lane.js';

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
   * Locks some of the pending items of those of these lanes whose host has not been reached for as long as it is waited
   * for, counted from when their import was started where that came later; their ids.
   */
  async lockUnreachable(
    tx: EntityManager,
    lanes: readonly Lane[],
    patienceMs: number,
    count: number,
  ): Promise<string[]> {
    if (lanes.length === 0) return [];
    const rows: Array<{ id: string }> = await tx.query(
      prepared(`SELECT item.id
       FROM unnest($1::text[], $2::text[]) AS lane (import_id, host)
       JOIN origin_hosts host ON host.host = lane.host
       JOIN imports import ON import.id = lane.import_id
       CROSS JOIN LATERAL (
         SELECT id FROM import_items
         WHERE import_id = lane.import_id AND origin_host = lane.host AND state = 'pending'
         ORDER BY due_at, position LIMIT $4
         FOR UPDATE SKIP LOCKED
       ) item
       WHERE host.failing_since < now() - $3 * interval '1 millisecond'
         AND import.state = 'started' AND import.started_at < now() - $3 * interval '1 millisecond'
       LIMIT $4`),
      [lanes.map(({ importId }) => importId), lanes.map(({ host }) => host), patienceMs, count],
    );
    return rows.map(({ id }) => id);
  }
}
