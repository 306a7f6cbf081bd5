import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { statement } from '../../database/statement.js';
import type { Attempt } from './attempt.js';

/** The transaction that records an attempt follows its end within milliseconds, outages of the database aside. */
const insertAttempts = statement<[worker: string, attemptsJson: string]>(
  'attempts.record',
  `INSERT INTO import_attempts (item_id, claim, started_at, code, reason, retryable, http_status, bytes, worker)
   SELECT id, claim, now() - "durationMs" * interval '1 millisecond', code, reason, retryable, "httpStatus", bytes, $1
   FROM json_to_recordset($2::json) AS attempt (id bigint, claim integer, "durationMs" double precision, code text,
     reason text, retryable boolean, "httpStatus" integer, bytes bigint)`,
);

/** Keeps failed attempts. */
@Injectable()
export class AttemptsRepository {
  /** Writes the failed ones of these attempts: one statement, or none if all succeeded. */
  async record(tx: EntityManager, worker: string, attempts: readonly Attempt[]): Promise<void> {
    const failed = attempts.flatMap((attempt) => {
      if (!('failure' in attempt)) return [];
      const { item, durationMs, failure } = attempt;
      const { code, reason, retryable, httpStatus, bytes } = failure;
      return [{ id: item.id, claim: item.claim, durationMs, code, reason, retryable, httpStatus, bytes }];
    });
    if (failed.length > 0) await insertAttempts.count(tx, worker, JSON.stringify(failed));
  }
}
