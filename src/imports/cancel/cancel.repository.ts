import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Failure } from '../failure.js';
import type { ItemState } from '../import-item.entity.js';

@Injectable()
export class CancelRepository {
  /** Makes those items of an import `failed` that are in one of these states; how many those are. */
  async fail(
    tx: EntityManager,
    importId: string,
    states: readonly ItemState[],
    { code, reason, retryable }: Failure,
  ): Promise<number> {
    const [, count]: [unknown[], number] = await tx.query(
      `UPDATE import_items
       SET state = 'failed', code = $3, reason = $4, retryable = $5, lease_owner = NULL, lease_until = NULL,
         finished_at = now()
       WHERE import_id = $1 AND state = ANY($2)`,
      [importId, states, code, reason, retryable],
    );
    return count;
  }

  /** Locks the items of an import that have not ended, in the order in which everybody locks them. */
  async lock(tx: EntityManager, importId: string, states: readonly ItemState[]): Promise<void> {
    await tx.query(
      `SELECT count(*) FROM (
         SELECT FROM import_items WHERE import_id = $1 AND state = ANY($2) ORDER BY id FOR UPDATE
       ) item`,
      [importId, states],
    );
  }
}
