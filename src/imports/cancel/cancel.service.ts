import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { hotTransaction } from '../../database/hot-transaction.js';
import { Signals } from '../../database/signals.js';
import { conflict } from '../../http/api-error.js';
import { EngineFailure } from '../failure.js';
import { FinishedImports } from '../finish/finished-imports.js';
import { importNotFound } from '../import-not-found.js';
import { ImportTurnsRepository } from '../import-turns.repository.js';
import { ItemRepository } from '../item/item.repository.js';
import type { ImportCancelledDto } from './cancel.dto.js';

/** Cancels an import in the database; workers then abort the items that they no longer own. */
@Injectable()
export class CancelService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly turns: ImportTurnsRepository,
    private readonly items: ItemRepository,
    private readonly finished: FinishedImports,
    private readonly signals: Signals,
  ) {}

  /** @throws ApiError 404 if the project has no such import, 409 if it has finished */
  cancel(projectId: number, importId: string): Promise<ImportCancelledDto> {
    return hotTransaction(this.dataSource, async (tx) => {
      const taken = await this.turns.take(tx, projectId, importId);
      if (taken === null) throw importNotFound();
      const result = await this.items.cancel(tx, importId, EngineFailure.cancelled);
      // Also if the last item finished while this waited for its lock.
      if (result === null) throw conflict({ state: 'Import has already finished' });
      await this.finished.announce(tx, result.progress);
      await this.signals.send(tx, 'items_cancelled');
      return { id: importId, cancelled: result.cancelled };
    });
  }
}
