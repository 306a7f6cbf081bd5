import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AdvisoryLock } from '../database/advisory-locks.js';
import { Import, type ImportState } from './import.entity.js';

/**
 * Serializes requests that change many items of one import, so that each sees the effect of the previous one. Locking
 * the import's row instead would break the lock order: items are always locked before imports.
 */
@Injectable()
export class ImportTurnsRepository {
  /** Waits for the lock and holds it until the transaction ends. @returns null if the project has no such import */
  async take(tx: EntityManager, projectId: number, importId: string): Promise<ImportState | null> {
    await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [AdvisoryLock.ImportTurn, importId]);
    const found = await tx.findOne(Import, {
      select: { id: true, state: true },
      where: { id: importId, projectId },
    });
    return found?.state ?? null;
  }
}
