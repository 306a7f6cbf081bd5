import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { hotTransaction } from '../../database/hot-transaction.js';
import { Signals } from '../../database/signals.js';
import { conflict } from '../../http/api-error.js';
import { Outbox } from '../../webhooks/outbox.js';
import { importNotFound } from '../import-not-found.js';
import { isPlan } from '../import.entity.js';
import { ImportTurnsRepository } from '../import-turns.repository.js';
import { ItemRepository } from '../item/item.repository.js';
import { toSubset, type ItemSubsetDto } from '../subset/subset.dto.js';
import type { ImportRetriedDto } from './retry.dto.js';

/** Retries the failed items of an import, or a subset of them; its webhook is sent again when it finishes. */
@Injectable()
export class RetryService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly turns: ImportTurnsRepository,
    private readonly items: ItemRepository,
    private readonly signals: Signals,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @param fields.dryRun only counts the items
   * @throws ApiError 404 if the project has no such import, 409 while it is running
   */
  retry(
    projectId: number,
    importId: string,
    { dryRun = false, ...fields }: ItemSubsetDto = {},
  ): Promise<ImportRetriedDto> {
    const subset = toSubset(fields);
    return hotTransaction(this.dataSource, async (tx) => {
      const taken = await this.turns.take(tx, projectId, importId);
      if (taken === null) throw importNotFound();
      if (isPlan(taken)) throw conflict({ state: 'Import is a plan that was not applied; apply it instead' });
      if (taken.state === 'started')
        throw conflict({ state: 'Import is still running; wait until it has finished, or cancel it' });
      if (dryRun) return { id: importId, retried: await this.items.countFailed(tx, importId, subset) };
      const retried = await this.items.retry(tx, importId, subset);
      if (retried > 0) {
        await this.outbox.supersede(tx, projectId, importId);
        await this.signals.send(tx, 'items_pending');
      }
      return { id: importId, retried };
    });
  }
}
