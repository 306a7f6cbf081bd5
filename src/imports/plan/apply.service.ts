import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { hotTransaction } from '../../database/hot-transaction.js';
import { Signals } from '../../database/signals.js';
import { Events } from '../../events/events.js';
import { conflict, unprocessable } from '../../http/api-error.js';
import { IdempotencyKeysRepository } from '../accept/idempotency-keys.repository.js';
import { isPlan } from '../import.entity.js';
import { importNotFound } from '../import-not-found.js';
import { ImportTurnsRepository, type TakenImport } from '../import-turns.repository.js';
import { ItemRepository } from '../item/item.repository.js';
import type { ImportAcceptedDto } from '../status/status.dto.js';

/** Runs a plan: its items keep their predictions, and the import counts as accepted now. */
@Injectable()
export class ApplyService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly turns: ImportTurnsRepository,
    private readonly items: ItemRepository,
    private readonly keys: IdempotencyKeysRepository,
    private readonly events: Events,
    private readonly signals: Signals,
  ) {}

  /**
   * @throws ApiError 404 if the project has no such import; 409 if it is no plan, or is still being planned, or was
   *   applied, cancelled or not applied in time; 422 for a key of another request
   */
  apply(projectId: number, importId: string, idempotencyKey?: string): Promise<ImportAcceptedDto> {
    return hotTransaction(this.dataSource, async (tx) => {
      const taken = await this.turns.take(tx, projectId, importId);
      if (taken === null) throw importNotFound();
      if (idempotencyKey !== undefined && !(await this.claimKey(tx, projectId, importId, idempotencyKey)))
        return { id: importId };
      assertApplicable(taken);
      const total = await this.items.apply(tx, importId);
      const { kind, systemName } = taken;
      await this.events.record(tx, [
        { type: 'import.accepted', projectId, importId, kind, systemName, total },
      ]);
      await this.signals.send(tx, 'items_pending');
      return { id: importId };
    });
  }

  /** @returns false if the key stands for an earlier application of this plan. @throws ApiError 422 */
  private async claimKey(
    tx: EntityManager,
    projectId: number,
    importId: string,
    key: string,
  ): Promise<boolean> {
    const bodySha256 = hash('sha256', `apply ${importId}`, 'buffer');
    if (await this.keys.claim(tx, projectId, key, { importId, bodySha256 })) return true;
    const owner = await this.keys.find(projectId, key, tx);
    if (owner?.bodySha256.equals(bodySha256) === true) return false;
    throw unprocessable({ 'Idempotency-Key': 'Idempotency key was already used with a different request' });
  }
}

function assertApplicable(taken: TakenImport): void {
  if (taken.state === 'planned') return;
  if (taken.mode === 'run') throw conflict({ state: 'Import is not a plan' });
  if (!isPlan(taken)) throw conflict({ state: 'Plan was already applied' });
  throw conflict({
    state:
      taken.state === 'started'
        ? 'Import is still being planned; wait until its status is finished'
        : 'Plan was cancelled or has expired; post the batch again',
  });
}
