import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DataSource } from 'typeorm';
import { Signals } from '../database/signals.js';
import { notFound } from '../http/api-error.js';
import { deadLetterCursor, deadLetterPosition } from './dead-letter-cursor.js';
import {
  toDeadLetterDto,
  type DeadLetterRetriedDto,
  type DeadLettersPageDto,
  type DeadLettersQueryDto,
} from './dead-letter.dto.js';
import { DeadLettersRepository } from './dead-letters.repository.js';

/** Lists and retries the dead letters of a project. */
@Injectable()
export class DeadLettersService {
  constructor(
    private readonly repository: DeadLettersRepository,
    private readonly dataSource: DataSource,
    private readonly signals: Signals,
  ) {}

  /** @throws ApiError 400 for an unknown cursor */
  async list(projectId: number, { limit, after }: DeadLettersQueryDto): Promise<DeadLettersPageDto> {
    const position = after === undefined ? undefined : deadLetterPosition(after);
    const rows = await this.repository.list(projectId, limit, position);
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      results: rows.map(toDeadLetterDto),
      ...(last !== undefined && { cursor: deadLetterCursor(last) }),
    };
  }

  /** Calls the listener again with the same delivery id. @throws ApiError 404 */
  async retry(projectId: number, id: string): Promise<DeadLetterRetriedDto> {
    const found =
      isUUID(id) &&
      (await this.dataSource.transaction(async (tx) => {
        await this.signals.send(tx, 'events_due');
        return this.repository.retry(tx, projectId, id);
      }));
    if (!found) throw notFound('No dead letter has this id');
    return { id };
  }
}
