import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AdvisoryLock } from '../database/advisory-locks.js';
import { Import, type ImportState } from './import.entity.js';

/**
 * Requests that change many items of an import at once take turns: each sees what the one before it has done. They could
 * not lock the import's row for that, because items are locked before imports everywhere.
 */
@Injectable()
export class ImportTurnsRepository {
  /** Waits for the turn, which lasts until the transaction ends. @returns null where the project has no such import */
  async take(tx: EntityManager, projectId: number, importId: string): Promise<ImportState | null> {
    await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [AdvisoryLock.ImportTurn, importId]);
    const found = await tx.findOne(Import, {
      select: { id: true, state: true },
      where: { id: importId, projectId },
    });
    return found?.state ?? null;
  }
}
