import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AdvisoryLock } from '../database/advisory-locks.js';
import { Import } from './import.entity.js';

/** An import that a request is about to change. */
export type TakenImport = Pick<
  Import,
  'id' | 'state' | 'mode' | 'appliedAt' | 'kind' | 'systemName' | 'total'
>;

/**
 * Serializes requests that change many items of one import, so that each sees the effect of the previous one. Locking
 * the import's row instead would break the lock order: items are always locked before imports.
 */
@Injectable()
export class ImportTurnsRepository {
  /** Waits for the lock and holds it until the transaction ends. @returns null if the project has no such import */
  async take(tx: EntityManager, projectId: number, importId: string): Promise<TakenImport | null> {
    await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [AdvisoryLock.ImportTurn, importId]);
    return tx.findOne(Import, {
      select: {
        id: true,
        state: true,
        mode: true,
        appliedAt: true,
        kind: true,
        systemName: true,
        total: true,
      },
      where: { id: importId, projectId },
    });
  }
}
