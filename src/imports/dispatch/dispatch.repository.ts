import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AdvisoryLock } from '../../database/advisory-locks.js';
import { hotTransaction } from '../../database/hot-transaction.js';
import { statement } from '../../database/statement.js';
import type { InFlightCount } from '../item/lane.js';

/** A process suspended during a round loses its connection, which releases the lock. */
const IDLE_TIMEOUT_MS = 5_000;

const lock = statement<[lock: AdvisoryLock]>('dispatch.lock', 'SELECT pg_advisory_xact_lock($1, 0)');

const countInFlight = statement<[], InFlightCount>(
  'dispatch.count_in_flight',
  `WITH busy AS MATERIALIZED (
     SELECT import_id, origin_host AS host, count(*)::integer AS count,
       (count(*) FILTER (WHERE state = 'queued'))::integer AS queued
     FROM import_items WHERE state IN ('queued', 'running') GROUP BY 1, 2
   )
   SELECT import.project_id AS "projectId", busy.import_id AS "importId", busy.host, busy.count, busy.queued
   FROM busy JOIN imports import ON import.id = busy.import_id`,
);

@Injectable()
export class DispatchRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs a round under a lock that only one process of the installation holds. The commit does not wait for the disk:
   * if a database crash undoes it, items are pending although they have a job, and such a job does nothing.
   */
  exclusively<T>(round: (tx: EntityManager) => Promise<T>): Promise<T> {
    const options = { durable: false, idleTimeoutMs: IDLE_TIMEOUT_MS };
    return hotTransaction(
      this.dataSource,
      async (tx) => {
        await lock.count(tx, AdvisoryLock.Dispatch);
        return round(tx);
      },
      options,
    );
  }

  /** Counts in-flight items of all kinds by project, import and host. */
  countInFlight(tx: EntityManager): Promise<InFlightCount[]> {
    return countInFlight.rows(tx);
  }
}
