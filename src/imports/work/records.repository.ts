import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ImportState } from '../import.entity.js';
import type { ClaimedItem } from '../import-kind.js';

/** What becomes of the row of an item. */
export interface ItemEnding {
  id: string;
  /** `pending`: it is tried again. */
  state: 'success' | 'skipped' | 'failed' | 'pending';
  code: string | null;
  reason: string | null;
  retryable: boolean | null;
  retryInMs: number | null;
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
export class RecordsRepository {
  /** Locks those items that are still the worker's; their ids. What is not among them has no say any more. */
  async lockOwn(
    tx: EntityManager,
    owner: string,
    items: ReadonlyArray<Pick<ClaimedItem, 'id' | 'tries'>>,
  ): Promise<Set<string>> {
    const rows: Array<{ id: string }> = await tx.query(
      `SELECT item.id
       FROM import_items item
       JOIN unnest($2::bigint[], $3::integer[]) AS own (id, tries) ON own.id = item.id AND own.tries = item.tries
       WHERE item.state = 'running' AND item.lease_owner = $1
       ORDER BY item.id
       FOR UPDATE OF item`,
      [owner, items.map(({ id }) => id), items.map(({ tries }) => tries)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Locks imports in the order of their ids, so that two workers never wait for each other. */
  async lockImports(tx: EntityManager, importIds: readonly string[]): Promise<void> {
    await tx.query('SELECT 1 FROM imports WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE', [importIds]);
  }

  /** Writes the ends of items and counts them; the imports in which something was counted, as they are now. */
  async end(tx: EntityManager, endings: readonly ItemEnding[]): Promise<ImportProgress[]> {
    const [rows]: [ImportProgress[], number] = await tx.query(
      `WITH ending AS (
         SELECT * FROM json_to_recordset($1::json) AS ending
           (id bigint, state text, code text, reason text, retryable boolean, "retryInMs" bigint, result jsonb)
       ),
       ended AS (
         UPDATE import_items item
         SET state = ending.state, code = ending.code, reason = ending.reason, retryable = ending.retryable,
           result = ending.result, lease_owner = NULL, lease_until = NULL,
           next_try_at = now() + ending."retryInMs" * interval '1 millisecond',
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
       progress AS (
         SELECT import.id, import.success + counted.success AS success, import.skipped + counted.skipped AS skipped,
           import.failed + counted.failed AS failed,
           import.success + import.skipped + import.failed + counted.ended = import.total AS finished
         FROM counted JOIN imports import ON import.id = counted.import_id
       )
       UPDATE imports import
       SET success = progress.success, skipped = progress.skipped, failed = progress.failed,
         finished_at = CASE WHEN finished THEN now() END,
         state = CASE WHEN NOT finished THEN 'started' WHEN progress.success + progress.skipped > 0 THEN 'success' ELSE 'failed' END
       FROM progress WHERE import.id = progress.id
       RETURNING import.id, import.project_id AS "projectId", import.state, import.webhook, import.context, import.total,
         import.success, import.skipped, import.failed, import.finished_at AS "finishedAt"`,
      [JSON.stringify(endings)],
    );
    return rows;
  }
}
