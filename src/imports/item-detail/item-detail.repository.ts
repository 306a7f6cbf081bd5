import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import { ImportAttempt } from '../record/import-attempt.entity.js';

/** What an item may wait for; these times are null once they are over. */
export interface ItemPauses {
  id: string;
  payload: object;
  /** Null unless the item has finished. */
  finishedAt: Date | null;
  notBefore: Date | null;
  /** End of the backoff after a failure. */
  retryAt: Date | null;
  askedUntil: Date | null;
  blockedUntil: Date | null;
}

/** Attempts of an item that are shown. */
const ATTEMPTS = 100;

/** SQL of a time that is null once it is over. */
const future = (time: string): string => `CASE WHEN ${time} > now() THEN ${time} END`;

@Injectable()
export class ItemDetailRepository {
  constructor(
    private readonly dataSource: DataSource,
    @InjectRepository(ImportAttempt) private readonly attempts: Repository<ImportAttempt>,
  ) {}

  /** @returns null if the import has no item at this position */
  async pauses(importId: string, position: number): Promise<ItemPauses | null> {
    const [row]: ItemPauses[] = await this.dataSource.query(
      `SELECT item.id, item.payload, item.finished_at AS "finishedAt", ${future('import.not_before')} AS "notBefore",
         CASE WHEN item.code IS NOT NULL THEN ${future('item.due_at')} END AS "retryAt",
         ${future('host.asked_until')} AS "askedUntil", ${future('host.blocked_until')} AS "blockedUntil"
       FROM import_items item
       JOIN imports import ON import.id = item.import_id
       LEFT JOIN origin_hosts host ON host.host = item.origin_host
       WHERE item.import_id = $1 AND item.position = $2`,
      [importId, position],
    );
    return row ?? null;
  }

  /** Failed attempts, newest first. */
  attemptsOf(itemId: string): Promise<ImportAttempt[]> {
    return this.attempts.find({ where: { itemId }, order: { claim: 'DESC' }, take: ATTEMPTS });
  }
}
