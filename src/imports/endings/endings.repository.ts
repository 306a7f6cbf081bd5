import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../../database/preparing-client.js';
import type { ImportState } from '../import.entity.js';

/** What becomes of the row of an item. */
export interface ItemEnding {
  id: string;
  /** `pending`: it is tried again. */
  state: 'success' | 'skipped' | 'failed' | 'pending';
  code: string | null;
  reason: string | null;
  retryable: boolean | null;
  /** Whether this was a try of the item. */
  counts: boolean;
  /** When a pending item may be taken again, from now on. */
  dueInMs: number;
  result: object | null;
}

export interface ImportProgress {
  id: string;
  projectId: number;
  state: ImportState;
  webhook: string | null;
  /** JSON text. */
  context: string | null;
  total: number;
  success: number;
  skipped: number;
  failed: number;
  finishedAt: Date | null;
}

@Injectable()
export class EndingsRepository {
  /** Locks the imports of items in the order of their ids, so that two workers never wait for each other. */
  async lockImports(tx: EntityManager, itemIds: readonly string[]): Promise<void> {
    await tx.query(
      `SELECT 1 FROM imports
       WHERE id IN (SELECT import_id FROM import_items WHERE id = ANY($1::bigint[]))
       ORDER BY id FOR NO KEY UPDATE`,
      [itemIds],
    );
  }

  /** Writes the ends of items and counts them; the imports in which something was counted, as they are now. */
  async end(tx: EntityManager, endings: readonly ItemEnding[]): Promise<ImportProgress[]> {
    const rows: ImportProgress[] = await tx.query(
      prepared(`WITH ending AS (
         SELECT * FROM json_to_recordset($1::json) AS ending
           (id bigint, state text, code text, reason text, retryable boolean, counts boolean, "dueInMs" bigint,
            result jsonb)
       ),
       ended AS (
         UPDATE import_items item
         SET state = ending.state, code = ending.code, reason = ending.reason, retryable = ending.retryable,
           result = ending.result, lease_owner = NULL, lease_until = NULL,
           tries = item.tries + CASE WHEN ending.counts THEN 1 ELSE 0 END,
           due_at = now() + ending."dueInMs" * interval '1 millisecond',
           finished_at = CASE WHEN ending.state <> 'pending' THEN now() END
         FROM ending WHERE item.id = ending.id
         RETURNING item.import_id, item.state
       ),
       counted AS (
         SELECT import_id,
           count(*) FILTER (WHERE state = 'success') AS success,
           count(*) FILTER (WHERE state = 'skipped') AS skipped,
           count(*) FILTER (WHERE state = 'failed') AS failed,
           count(*) AS ended
         FROM ended WHERE state <> 'pending' GROUP BY import_id
       ),
       ${ACCOUNT}`),
      [JSON.stringify(endings)],
    );
    return rows;
  }

  /** Counts items of one import that this transaction has made `failed` by itself; the import as it is now. */
  async countFailed(tx: EntityManager, importId: string, count: number): Promise<ImportProgress[]> {
    const rows: ImportProgress[] = await tx.query(
      `WITH counted AS (
         SELECT $1::text AS import_id, 0 AS success, 0 AS skipped, $2::integer AS failed, $2::integer AS ended
       ),
       ${ACCOUNT}`,
      [importId, count],
    );
    return rows;
  }
}

const IS_LAST = '(import.success + import.skipped + import.failed + counted.ended = import.total)';

/**
 * Adds what `counted` has to the counters of its imports, and ends those that are complete. It counts from the row as it
 * is when its lock is had, not as it was when the statement began: two workers may end items of one import at once.
 */
const ACCOUNT = `account AS (
         UPDATE imports import
         SET success = import.success + counted.success, skipped = import.skipped + counted.skipped,
           failed = import.failed + counted.failed,
           finished_at = CASE WHEN ${IS_LAST} THEN now() END,
           state = CASE
             WHEN NOT ${IS_LAST} THEN 'started'
             WHEN import.success + counted.success + import.skipped + counted.skipped > 0 THEN 'success'
             ELSE 'failed' END
         FROM counted WHERE import.id = counted.import_id
         RETURNING import.id, import.project_id AS "projectId", import.state, import.webhook, import.context,
           import.total, import.success, import.skipped, import.failed, import.finished_at AS "finishedAt"
       )
       SELECT * FROM account`;
