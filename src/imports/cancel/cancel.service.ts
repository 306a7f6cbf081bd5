import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { hotTransaction } from '../../database/hot-transaction.js';
import { Signals } from '../../database/signals.js';
import { conflict, type ApiError } from '../../http/api-error.js';
import { EngineFailure } from '../failure.js';
import { FinishedImports } from '../finish/finished-imports.js';
import { importNotFound } from '../import-not-found.js';
import { ImportTurnsRepository } from '../import-turns.repository.js';
import { isEverything } from '../item/item-subset.js';
import { ItemRepository } from '../item/item.repository.js';
import { toSubset, type ItemSubsetDto } from '../subset/subset.dto.js';
import type { ImportCancelledDto } from './cancel.dto.js';

/** Cancels an import, or a subset of its items, in the database; workers then abort the items that they no longer own. */
@Injectable()
export class CancelService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly turns: ImportTurnsRepository,
    private readonly items: ItemRepository,
    private readonly finished: FinishedImports,
    private readonly signals: Signals,
  ) {}

  /**
   * @param fields.dryRun only counts the items
   * @throws ApiError 404 if the project has no such import, 409 if it has finished
   */
  cancel(
    projectId: number,
    importId: string,
    { dryRun = false, ...fields }: ItemSubsetDto = {},
  ): Promise<ImportCancelledDto> {
    const subset = toSubset(fields);
    return hotTransaction(this.dataSource, async (tx) => {
      const taken = await this.turns.take(tx, projectId, importId);
      if (taken === null) throw importNotFound();
      if (taken.state === 'success' || taken.state === 'failed') throw hasFinished();
      if (dryRun) return { id: importId, cancelled: await this.items.countUnfinished(tx, importId, subset) };
      const result = await this.items.cancel(tx, importId, EngineFailure.cancelled, subset);
      if (result === null) {
        if (!isEverything(subset)) return { id: importId, cancelled: 0 };
        // The last item finished while this waited for its lock.
        throw hasFinished();
      }
      await this.finished.announce(tx, result.progress);
      await this.signals.send(tx, 'items_cancelled');
      return { id: importId, cancelled: result.cancelled };
    });
  }
}

function hasFinished(): ApiError {
  return conflict({ state: 'Import has already finished' });
}
