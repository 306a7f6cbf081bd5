import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Signals } from '../../database/signals.js';
import { conflict } from '../../http/api-error.js';
import { Endings } from '../endings/endings.js';
import { EngineFailure } from '../failure.js';
import type { ItemState } from '../import-item.entity.js';
import { importNotFound } from '../import-not-found.js';
import { ImportTurnsRepository } from '../import-turns.repository.js';
import type { ImportCancelledDto } from './cancel.dto.js';
import { CancelRepository } from './cancel.repository.js';

const UNFINISHED: readonly ItemState[] = ['pending', 'queued', 'running'];

/** Ends an import before its time: the rows decide, and workers drop what is not theirs any more. */
@Injectable()
export class CancelService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly turns: ImportTurnsRepository,
    private readonly repository: CancelRepository,
    private readonly endings: Endings,
    private readonly signals: Signals,
  ) {}

  /** @throws ApiError 404 where the project has no such import, 409 where it has ended */
  cancel(projectId: number, importId: string): Promise<ImportCancelledDto> {
    return this.dataSource.transaction(async (tx) => {
      const state = await this.turns.take(tx, projectId, importId);
      if (state === null) throw importNotFound();
      const { cancelled: failure } = EngineFailure;
      // All of them in the order in which everybody locks items, those that wait among them: an item that was taken while
      // a statement ran is locked by that statement as what it has become.
      await this.repository.lock(tx, importId, UNFINISHED);
      const cancelled = await this.repository.fail(tx, importId, UNFINISHED, failure);
      // Also where the last item ended while we waited for it.
      if (cancelled === 0) throw conflict({ state: 'The import has ended' });
      await this.endings.countFailed(tx, importId, cancelled);
      await this.signals.send(tx, 'items_cancelled');
      return { id: importId, cancelled };
    });
  }
}
