import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

@Injectable()
export class RetryRepository {
  /** Makes the failed items of an import wait as if nothing had been tried; how many those are. */
  async renewFailed(tx: EntityManager, importId: string): Promise<number> {
    const [, count]: [unknown[], number] = await tx.query(
      `UPDATE import_items
       SET state = 'pending', tries = 0, lost = 0, code = NULL, reason = NULL, retryable = NULL, due_at = now(),
         finished_at = NULL
       WHERE import_id = $1 AND state = 'failed'`,
      [importId],
    );
    return count;
  }

  /** Starts an import again of whose failed items so many wait now. */
  async startAgain(tx: EntityManager, importId: string, count: number): Promise<void> {
    await tx.query(
      `UPDATE imports
       SET failed = failed - $2, state = 'started', started_at = now(), finished_at = NULL
       WHERE id = $1`,
      [importId, count],
    );
  }
}
