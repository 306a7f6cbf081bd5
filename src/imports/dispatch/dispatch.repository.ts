import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

export interface DispatchLimits {
  /** Items that may wait in Bull. */
  window: number;
  /** Items of one origin host that may wait or run. */
  hostConcurrency: number;
  /** How long an item may wait in Bull before somebody looks after it. */
  leaseMs: number;
}

/** Any number that nothing else uses; the second half of the lock is the kind. */
const DISPATCH_LOCK = 7_333_502;

@Injectable()
export class DispatchRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs a round while no other process of this installation runs one. */
  exclusively<T>(kind: string, round: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [DISPATCH_LOCK, kind]);
      return round(tx);
    });
  }

  /**
   * Marks the next items as queued and returns their ids in the order in which they are to run.
   *
   * Turns: the project with the fewest items under way comes first, within it the import with the fewest, within that
   * the order of the batch. A host that has its share under way is passed over.
   */
  async takeNext(
    tx: EntityManager,
    kind: string,
    { window, hostConcurrency, leaseMs }: DispatchLimits,
  ): Promise<string[]> {
    const rows: Array<{ ids: string[] | null }> = await tx.query(
      `WITH under_way AS MATERIALIZED (
         SELECT import.project_id, item.import_id, item.origin_host, item.state
         FROM import_items item JOIN imports import ON import.id = item.import_id
         WHERE item.state IN ('queued', 'running') AND import.kind = $1
       ),
       space AS (
         SELECT greatest(0, $2::integer - count(*) FILTER (WHERE state = 'queued'))::integer AS free FROM under_way
       ),
       candidate AS (
         SELECT item.id, item.origin_host, import.project_id, import.id AS import_id, import.sequence, item.position
         FROM imports import
         CROSS JOIN LATERAL (
           SELECT id, origin_host, position
           FROM import_items
           WHERE import_id = import.id AND state = 'pending' AND (next_try_at IS NULL OR next_try_at <= now())
           ORDER BY position
           LIMIT (SELECT free FROM space)
         ) item
         WHERE import.state = 'started' AND import.kind = $1
       ),
       of_import AS (SELECT import_id, count(*) AS busy FROM under_way GROUP BY import_id),
       of_project AS (SELECT project_id, count(*) AS busy FROM under_way GROUP BY project_id),
       of_host AS (SELECT origin_host, count(*) AS busy FROM under_way GROUP BY origin_host),
       in_import AS (
         SELECT candidate.*, coalesce(busy, 0) + row_number() OVER (PARTITION BY import_id ORDER BY position) AS import_turn
         FROM candidate LEFT JOIN of_import USING (import_id)
       ),
       in_project AS (
         SELECT in_import.*,
           coalesce(busy, 0) + row_number() OVER (PARTITION BY project_id ORDER BY import_turn, sequence) AS project_turn
         FROM in_import LEFT JOIN of_project USING (project_id)
       ),
       in_host AS (
         SELECT in_project.*,
           coalesce(busy, 0) + row_number() OVER (PARTITION BY origin_host ORDER BY project_turn, sequence) AS host_turn
         FROM in_project LEFT JOIN of_host USING (origin_host)
       ),
       next AS (
         SELECT id, project_turn, sequence FROM in_host
         WHERE host_turn <= $3
         ORDER BY project_turn, sequence
         LIMIT (SELECT free FROM space)
       ),
       queued AS (
         UPDATE import_items item
         SET state = 'queued', lease_until = now() + $4 * interval '1 millisecond'
         FROM next WHERE item.id = next.id AND item.state = 'pending'
         RETURNING item.id, next.project_turn, next.sequence
       )
       SELECT array_agg(id ORDER BY project_turn, sequence) AS ids FROM queued`,
      [kind, window, hostConcurrency, leaseMs],
    );
    return rows[0]?.ids ?? [];
  }
}
