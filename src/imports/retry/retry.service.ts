import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Signals } from '../../database/signals.js';
import { conflict } from '../../http/api-error.js';
import { Outbox } from '../../webhooks/outbox.js';
import { importNotFound } from '../import-not-found.js';
import { ImportTurnsRepository } from '../import-turns.repository.js';
import type { ImportRetriedDto } from './retry.dto.js';
import { RetryRepository } from './retry.repository.js';

/** Runs what failed again, and only that, in the same import; when it ends, that is told anew. */
@Injectable()
export class RetryService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly turns: ImportTurnsRepository,
    private readonly repository: RetryRepository,
    private readonly signals: Signals,
    private readonly outbox: Outbox,
  ) {}

  /** @throws ApiError 404 where the project has no such import, 409 while it runs */
  retry(projectId: number, importId: string): Promise<ImportRetriedDto> {
    return this.dataSource.transaction(async (tx) => {
      const state = await this.turns.take(tx, projectId, importId);
      if (state === null) throw importNotFound();
      if (state === 'started') throw conflict({ state: 'The import still runs' });
      const retried = await this.repository.renewFailed(tx, importId);
      if (retried > 0) {
        await this.repository.startAgain(tx, importId, retried);
        await this.outbox.supersede(tx, projectId, importId);
        await this.signals.send(tx, 'items_pending');
      }
      return { id: importId, retried };
    });
  }
}
