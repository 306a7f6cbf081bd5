import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AdvisoryLock } from '../database/advisory-locks.js';
import type { ImportState } from './import.entity.js';

/**
 * Requests that change many items of an import at once take turns: each sees what the one before it has done. They could
 * not lock the import's row for that, because items are locked before imports everywhere.
 */
@Injectable()
export class ImportTurnsRepository {
  /** Waits for the turn, which lasts until the transaction ends. @returns null where the project has no such import */
  async take(tx: EntityManager, projectId: number, importId: string): Promise<ImportState | null> {
    await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [AdvisoryLock.ImportTurn, importId]);
    const rows: Array<{ state: ImportState }> = await tx.query(
      'SELECT state FROM imports WHERE id = $1 AND project_id = $2',
      [importId, projectId],
    );
    return rows[0]?.state ?? null;
  }
}
